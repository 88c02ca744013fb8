import { float32, type TensorData } from '../onnx/tensor.ts'
import type { Statistics } from '../packs/statistics.ts'
import { bridged } from './directions.ts'
import type { Models } from './models.ts'
import { partsOf } from './prompts.ts'
import { asPictures, embedRequest } from './text-differences.ts'

/**
 * s [1,S] of a text (METHOD 2.8, text to image): s = s̄ + Σ_parts (B(asPictures(E_T(part) − c_T)) − B(0)). Requests joined by commas
 * add up, as they do in edits; the neutral text gives the mean picture.
 */
export async function textToImage(models: Models, statistics: Statistics, text: string): Promise<TensorData> {
  const s = statistics.sCenter.slice()
  for (const part of partsOf(text)) {
    const f = await embedRequest(models, part)
    const moved = await bridged(
      models,
      asPictures(
        f.map((x, j) => x - statistics.fCenterText[j]!),
        statistics,
      ),
    )
    for (let j = 0; j < s.length; j++) s[j]! += moved[j]!
  }
  return float32([1, s.length], s)
}
