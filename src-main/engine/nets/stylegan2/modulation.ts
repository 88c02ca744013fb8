import type { Graph, Value } from '../../onnx/graph.ts'
import { float32, type TensorData } from '../../onnx/tensor.ts'

/** Styles or factors [N,C] as [N,C,1,1], to act on the channels of a picture. */
export const perChannel = (g: Graph, x: Value): Value => g.unsqueeze(x, [2, 3])

/**
 * Demodulation d [N,O] of a modulated convolution (StyleGAN2, arXiv 1912.04958, eq. 3), LeakyReLU's gain √2 folded in.
 * style [N,I], weight [O,I,3,3]. Exact for any batch, since activations are modulated and weights shared.
 */
export function demodulation(g: Graph, name: string, weight: TensorData, style: Value): Value {
  const energy = g.initializer(`${name}.energy`, kernelEnergy(weight)) // [O,I]
  return g.mul(Math.SQRT2, g.rsqrt(g.add(g.gemm(g.square(style), energy, undefined, { transB: true }), 1e-8)))
}

/** Σk W² of every kernel, [O,I]. */
export function kernelEnergy(weight: TensorData): TensorData {
  const [outputs, inputs, height, width] = weight.shape as [number, number, number, number]
  const w = weight.data as Float32Array
  const area = height * width
  const out = new Float32Array(outputs * inputs)
  for (let k = 0; k < out.length; k++) {
    let sum = 0
    for (let i = k * area; i < (k + 1) * area; i++) sum += w[i]! * w[i]!
    out[k] = sum
  }
  return float32([outputs, inputs], out)
}

/** A tensor times a number, in a new shape. */
export function scaled(t: TensorData, factor: number, shape: readonly number[] = t.shape): TensorData {
  return float32(
    shape,
    (t.data as Float32Array).map((x) => x * factor),
  )
}
