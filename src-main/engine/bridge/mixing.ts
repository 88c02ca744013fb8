import type { StyleLayout } from '../nets/stylegan2/layout.ts'
import { float32, type TensorData } from '../onnx/tensor.ts'
import { minus } from './centers.ts'
import type { Models } from './models.ts'

/**
 * Weights in [0,1] for mixing towards a donor, one for each style layer, from the method's adaptive style mixing (METHOD 2.5), which says for
 * every style channel how much of a difference to let through:
 *
 *     Δf = E_I(G(sDonor)) − E_I(G(s)),   m = 1 + tanh(Γ(Δŵ)) ∈ (0, 2)^S,   weight_l = mean_{j in l} m_j ÷ max_l' mean_{j in l'} m_j
 *
 * The module's answer is the proportion between the layers; its level falls with the length of Δf (0.25 … 0.5 between two people of the
 * built-in pack), and how far to go altogether is what α is for. So the layer that is let through most gets 1.
 * @param s, sDonor latents [1,S]
 */
export async function adaptiveWeights(models: Models, s: TensorData, sDonor: TensorData): Promise<number[]> {
  const [f, fDonor] = [await embedded(models, s), await embedded(models, sDonor)]
  const m = await models.modulation(float32([1, f.length], minus(fDonor, f)))
  return layerWeights(models.layout, m?.data as Float32Array | undefined)
}

/** Each layer's mean of m [S], the largest being 1; all 1 where a pack was aligned without the module. */
export function layerWeights({ layers }: StyleLayout, m: Float32Array | undefined): number[] {
  if (m === undefined) return layers.map(() => 1)
  // m of `film` has no bounds; a layer that it turns around is not mixed.
  const means = layers.map(({ offset, channels }) =>
    Math.max(0, m.subarray(offset, offset + channels).reduce((sum, x) => sum + x, 0) / channels),
  )
  const most = Math.max(...means)
  return means.map((mean) => (most === 0 ? 1 : mean / most))
}

async function embedded(models: Models, s: TensorData): Promise<Float32Array> {
  return (await models.embedImage(await models.synthesize(s))).data as Float32Array
}
