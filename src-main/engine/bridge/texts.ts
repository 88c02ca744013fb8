import { minus, spreadOfRows } from './centers.ts'
import { leastSquares } from './least-squares.ts'
import type { Models } from './models.ts'
import { embedRequest, ensemble } from './text-differences.ts'

/** Where texts lie in the embedding space. */
export interface TextStatistics {
  /** c_T [D]: unit mean of the pack's neutral texts. */
  readonly fCenterText: Float32Array
  /** rms‖f_T − c_T‖ over the pack's suggestions. */
  readonly fSpreadText: number
}

/** Centers texts on the neutral texts and measures how far the pack's suggestions lie from there. */
export async function measureTexts(models: Models): Promise<TextStatistics> {
  const { neutralTexts, suggestions, clip } = models.pack.manifest
  const fCenterText = await ensemble(models, neutralTexts)
  const rows = new Float32Array(suggestions.length * clip.embed)
  for (const [i, { text }] of suggestions.entries()) rows.set(await embedRequest(models, text), i * clip.embed)
  return { fCenterText, fSpreadText: suggestions.length > 0 ? spreadOfRows(minus(rows, fCenterText), clip.embed) : 1 }
}

/**
 * λ of the text filter as a share of the mean variance of f. Against the recipe's true attribute changes a large one is best while the
 * text encoder is poor (cosine in w over 18 edits .65 at 1, .61 at 0.3, .39 unfiltered). With the trained pack the judge sees the asked
 * change equally often from 0.1 to 1 (91 %), and fewer side effects the smaller it is.
 */
const filterShare = 0.5

/** Σ [D,D] of pictures' deltaF [N,D], and the filter Σ (Σ + λ)⁻¹ [D,D]. */
export function textFilterOf(xx: Float64Array, count: number, embed: number): { fCovariance: Float32Array; textFilter: Float32Array } {
  const covariance = xx.map((x) => x / count)
  // (Σ + λ)⁻¹ Σ is the least-squares map of f onto itself; its transpose is the filter.
  const map = leastSquares({ xx: covariance, xy: covariance, inputs: embed, outputs: embed }, filterShare)
  const textFilter = new Float32Array(embed * embed)
  for (let i = 0; i < embed; i++) for (let j = 0; j < embed; j++) textFilter[j * embed + i] = map[i * embed + j]!
  return { fCovariance: Float32Array.from(covariance), textFilter }
}
