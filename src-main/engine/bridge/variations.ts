import { float32 } from '../onnx/tensor.ts'
import type { Statistics } from '../packs/statistics.ts'
import { minus } from './centers.ts'
import type { Models } from './models.ts'
import { sampleZ } from './samples.ts'

/**
 * A variation of an edit [S] (METHOD 2.8, diversity): what a random sample has beyond what CLIP sees of it,
 *
 *     η · (s_k − s̄ − B(f_k − c_I)),
 *
 * so that the prompt's meaning stays and only what it leaves open changes. It is added to the edited s. With `within`, an edit's
 * direction, each channel varies by the share to which that edit moves it, so that the rest of a photo stays as it is.
 * `seed` names the sample, `amount` is η in [0,1]; ToRGB styles stay still, or the whole picture would change colour.
 */
export async function variation(
  models: Models,
  statistics: Statistics,
  { seed, amount, within }: { seed: number; amount: number; within?: Float32Array },
): Promise<Float32Array> {
  const { sCenter, sDeviation, fCenterImage } = statistics
  const z = sampleZ(seed, 0, 1, models.pack.manifest.generator.zDim)
  const s = await models.stylesOfW(await models.mapping(z))
  const f = await models.embedImage(await models.synthesize(s))
  const { deltaS } = await models.bridge(float32(f.shape, minus(f.data as Float32Array, fCenterImage)))
  const share = within ? shares(within, sDeviation) : undefined
  const remainder = (s.data as Float32Array).map(
    (x, j) => amount * (share ? share[j]! : 1) * (x - sCenter[j]! - (deltaS.data as Float32Array)[j]!),
  )
  for (const { kind, offset, channels } of models.layout.layers) if (kind === 'toRgb') remainder.fill(0, offset, offset + channels)
  return remainder
}

/** √(|Δs_j| ÷ σ_j ÷ max): the root, or all but the few strongest channels would hardly vary. */
function shares(within: Float32Array, deviation: Float32Array): Float32Array {
  const moved = within.map((x, j) => Math.abs(x) / deviation[j]!)
  const most = moved.reduce((a, b) => Math.max(a, b), 0)
  return most === 0 ? new Float32Array(moved.length) : moved.map((x) => Math.sqrt(x / most))
}
