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
 * λ of the text filter as a share of the mean variance of f. With the true change of f known (the recipe's attributes), 1 gave the
 * directions nearest to the true ones: cosine .65 in w over 18 edits, against .39 unfiltered.
 */
const filterShare = 1

/** Σ [D,D] of pictures' deltaF [N,D], and the filter Σ (Σ + λ)⁻¹ [D,D]. */
export function textFilterOf(xx: Float64Array, count: number, embed: number): { fCovariance: Float32Array; textFilter: Float32Array } {
  const covariance = xx.map((x) => x / count)
  // (Σ + λ)⁻¹ Σ is the least-squares map of f onto itself; its transpose is the filter.
  const map = leastSquares({ xx: covariance, xy: covariance, inputs: embed, outputs: embed }, filterShare)
  const textFilter = new Float32Array(embed * embed)
  for (let i = 0; i < embed; i++) for (let j = 0; j < embed; j++) textFilter[j * embed + i] = map[i * embed + j]!
  return { fCovariance: Float32Array.from(covariance), textFilter }
}
