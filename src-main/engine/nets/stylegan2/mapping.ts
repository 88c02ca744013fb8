import type { Graph, Value } from '../../onnx/graph.ts'
import type { Parameters } from '../parameters.ts'
import type { StyleGan2 } from './architecture.ts'

/**
 * The mapping network w [N,W] = F(z [N,Z]) (StyleGAN, arXiv 1812.04948, section 2; StyleGAN2's weights and rates).
 * z is brought to unit second moment; every layer is LeakyReLU 0.2 with gain √2. Weights are NVIDIA's, unscaled: the equalised
 * learning rate (rate / √inputs) is the factor of the matrix product, so that they can stay in the pack's own file.
 */
export function mapping(g: Graph, a: StyleGan2, p: Parameters, z: Value): Value {
  let x = g.mul(z, g.rsqrt(g.add(g.reduceMean(g.square(z), [1]), 1e-8))) // [N,Z]
  for (let i = 0; i < a.mappingLayers; i++) {
    const inputs = i === 0 ? a.zDim : a.wDim
    const weight = g.initializer(`mapping.fc${i}.weight`, p.tensor(`mapping.fc${i}.weight`)) // [W,inputs]
    const bias = g.initializer(`mapping.fc${i}.bias`, p.tensor(`mapping.fc${i}.bias`)) // [W]
    const alpha = (Math.SQRT2 * a.mappingRate) / Math.sqrt(inputs)
    x = g.leakyRelu(g.gemm(x, weight, bias, { transB: true, alpha, beta: Math.SQRT2 * a.mappingRate }), 0.2) // √2 folded: LeakyReLU is homogeneous
  }
  return x
}
