import { float32, type TensorData } from '../../../onnx/tensor.ts'
import type { Form } from './form.ts'
import { interleave } from './interleave.ts'

/**
 * Winograd's minimal filtering F(4×4, 3×3) (Lavin and Gray, arXiv 1509.09308): tiles of 6×6 input pixels give 4×4 outputs with 36 products a
 * channel pair where the convolution needs 144. Y = Aᵀ[(G w Gᵀ) ⊙ (Bᵀ d B)]A; the sum over channels is one matrix product for
 * each of the 36 positions. Worth it where channels are many and pixels few.
 */
export const winograd: Form = (g, { name, weight, inputSize }, x) => {
  const [outputs, inputs] = weight.shape as [number, number]
  const side = inputSize / 4
  const tiles = side * side
  const u = g.initializer(`${name}.winograd`, transformedKernel(weight)) // [36,O,I]
  const d = g.conv(g.reshape(x, [-1, 1, inputSize, inputSize]), g.constant(INPUT), undefined, { strides: 4, pads: 1 }) // [N·I,36,side,side]
  const v = g.transpose(g.reshape(d, [-1, inputs, 36, tiles]), [0, 2, 1, 3]) // [N,36,I,tiles]
  const m = g.reshape(g.matmul(u, v), [0, 36, outputs * tiles])
  return interleave(g, g.matmul(g.constant(OUTPUT), m), 4, outputs, side)
}

const B = [
  [4, 0, -5, 0, 1, 0],
  [0, -4, -4, 1, 1, 0],
  [0, 4, -4, -1, 1, 0],
  [0, -2, -1, 2, 1, 0],
  [0, 2, -1, -2, 1, 0],
  [0, 4, 0, -5, 0, 1],
]
const G = [
  [1 / 4, 0, 0],
  [-1 / 6, -1 / 6, -1 / 6],
  [-1 / 6, 1 / 6, -1 / 6],
  [1 / 24, 1 / 12, 1 / 6],
  [1 / 24, -1 / 12, 1 / 6],
  [0, 0, 1],
]
const A = [
  [1, 1, 1, 1, 1, 0],
  [0, 1, -1, 2, -2, 0],
  [0, 1, 1, 4, 4, 0],
  [0, 1, -1, 8, -8, 1],
]

/** Both axes at once: M ⊗ M, [rows², columns²]. */
function kronecker(m: readonly (readonly number[])[]): number[] {
  return m.flatMap((a) => m.flatMap((b) => a.flatMap((x) => b.map((y) => x * y))))
}

/** Bᵀ d B of every 6×6 tile as a convolution with stride 4. */
const INPUT = float32([36, 1, 6, 6], kronecker(B))
/** Aᵀ m A as a matrix product over the 36 positions. */
const OUTPUT = float32([16, 36], kronecker(A))

/** G w Gᵀ of every kernel, positions first: [36,O,I]. */
function transformedKernel(weight: TensorData): TensorData {
  const [outputs, inputs] = weight.shape as [number, number]
  const pairs = outputs * inputs
  const w = weight.data as Float32Array
  const both = kronecker(G)
  const out = new Float32Array(36 * pairs)
  for (let position = 0; position < 36; position++)
    for (let k = 0; k < pairs; k++) {
      let sum = 0
      for (let tap = 0; tap < 9; tap++) sum += both[position * 9 + tap]! * w[k * 9 + tap]!
      out[position * pairs + k] = sum
    }
  return float32([36, outputs, inputs], out)
}
