import { float32, type TensorData } from '../onnx/tensor.ts'
import type { Statistics } from '../packs/statistics.ts'
import { minus } from './centers.ts'
import type { Models } from './models.ts'
import { sampleZ } from './samples.ts'

/**
 * A variation [S] of a result, from a random sample k; it is added to s. `seed` names the sample, `amount` is η in [0,1].
 *
 * Alone it is what the sample has beyond what CLIP sees of it (METHOD 2.8, diversity), so that a prompt's meaning stays; ToRGB styles stay still,
 * or the whole picture would change colour:
 *
 *     η · (s_k − s̄ − B(f_k − c_I))
 *
 * Of a photo's edit that would change the person and hardly the edit (the bridge explains most of s, what is left is faint). `within`, the
 * edit's direction Δs, asks for another smile or another red instead: all that the sample is, but the edit's own direction, each channel
 * by the share to which the edit moves it:
 *
 *     η · share ⊙ (s_k − s̄ − projection on Δs),   share_j = √(|Δs_j| ÷ σ_j ÷ max)
 */
export async function variation(
  models: Models,
  statistics: Statistics,
  { seed, amount, within }: { seed: number; amount: number; within?: Float32Array },
): Promise<Float32Array> {
  const z = sampleZ(seed, 0, 1, models.pack.manifest.generator.zDim)
  const s = await models.stylesOfW(await models.mapping(z))
  const deltaS = (s.data as Float32Array).map((x, j) => x - statistics.sCenter[j]!)
  const varied = within ? inside(deltaS, within, statistics.sDeviation) : await beyondMeaning(models, statistics, s, deltaS)
  return varied.map((x) => amount * x)
}

/** deltaS less what the bridge makes of the sample's picture. */
async function beyondMeaning(models: Models, { fCenterImage }: Statistics, s: TensorData, deltaS: Float32Array): Promise<Float32Array> {
  const f = await models.embedImage(await models.synthesize(s))
  const seen = (await models.bridge(float32(f.shape, minus(f.data as Float32Array, fCenterImage)))).deltaS.data as Float32Array
  const beyond = deltaS.map((x, j) => x - seen[j]!)
  for (const { kind, offset, channels } of models.layout.layers) if (kind === 'toRgb') beyond.fill(0, offset, offset + channels)
  return beyond
}

/** deltaS less its part along the edit, channel by channel as much as the edit moves it; lengths are in deviations. */
function inside(deltaS: Float32Array, edit: Float32Array, deviation: Float32Array): Float32Array {
  const moved = edit.map((x, j) => x / deviation[j]!)
  const most = moved.reduce((a, x) => Math.max(a, Math.abs(x)), 0)
  if (most === 0) return new Float32Array(deltaS.length)
  const square = moved.reduce((sum, x) => sum + x * x, 0)
  const along = deltaS.reduce((sum, x, j) => sum + (x / deviation[j]!) * moved[j]!, 0) / square
  // The root, or all but the few strongest channels would hardly vary.
  return deltaS.map((x, j) => Math.sqrt(Math.abs(moved[j]!) / most) * (x - along * edit[j]!))
}
