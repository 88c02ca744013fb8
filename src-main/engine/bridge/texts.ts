import { minus, spreadOfRows } from './centers.ts'
import { ensemble } from './directions.ts'
import type { Models } from './models.ts'
import { phrasings } from './prompts.ts'

/** Where texts lie in the embedding space. */
export interface TextStatistics {
  /** c_T [D]: unit mean of the pack's neutral texts. */
  readonly fCenterText: Float32Array
  /** rms‖f_T − c_T‖ over the pack's suggestions. */
  readonly fSpreadText: number
}

/** Centers texts on the neutral texts and measures how far the pack's suggestions lie from there. */
export async function measureTexts(models: Models): Promise<TextStatistics> {
  const { neutralTexts, suggestions, noun, clip } = models.pack.manifest
  const fCenterText = await ensemble(models, neutralTexts)
  const rows = new Float32Array(suggestions.length * clip.embed)
  for (const [i, { text }] of suggestions.entries()) rows.set(await ensemble(models, phrasings(text, noun)), i * clip.embed)
  return { fCenterText, fSpreadText: suggestions.length > 0 ? spreadOfRows(minus(rows, fCenterText), clip.embed) : 1 }
}
