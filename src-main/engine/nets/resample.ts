import type { Graph, Value } from '../onnx/graph.ts'
import { float32, type TensorData } from '../onnx/tensor.ts'
import { StudioError } from '../../contract/errors.ts'

/**
 * Resizes square pictures x [N,C,H,H] to [N,C,size,size] with Pillow's antialiased bicubic filter (a = −0.5), the one that CLIP was trained with.
 * The filter is linear and separable, y = R x Rᵀ, so it is two matrix products: exact, differentiable, and the same on every device
 * (an antialiased Resize exists on the processor only). Values may overshoot the input's range; nothing is done if the size fits already.
 * @throws StudioError `nets.picture-shape` unless H and W are known and equal
 */
export function resample(g: Graph, x: Value, size: number): Value {
  const [height, width] = [x.shape[2], x.shape[3]]
  if (x.shape.length !== 4 || typeof height !== 'number' || height !== width) {
    const what = `its shape is [${x.shape.join(', ')}]`
    throw new StudioError('nets.picture-shape', {
      where: `picture "${x.name}"`,
      what,
      todo: 'Give square pictures [N,C,H,H] of a known size.',
    })
  }
  if (height === size) return x
  const rows = resampleMatrix(height, size) // [size,H]
  const columns = transposed(rows) // [H,size]
  return g.matmul(g.matmul(g.constant(rows), x), g.constant(columns))
}

/** The matrix [to, from] that resizes a line of pixels as Pillow's BICUBIC does. */
export function resampleMatrix(from: number, to: number): TensorData {
  const scale = from / to
  const stretch = Math.max(scale, 1) // a smaller picture sees through a wider filter
  const matrix = new Float32Array(to * from)
  for (let i = 0; i < to; i++) {
    const center = (i + 0.5) * scale
    const first = Math.max(0, Math.trunc(center - 2 * stretch + 0.5))
    const end = Math.min(from, Math.trunc(center + 2 * stretch + 0.5))
    const weights = Array.from({ length: end - first }, (_, k) => cubic((first + k + 0.5 - center) / stretch))
    const total = weights.reduce((sum, w) => sum + w, 0) // what falls outside is left out, the rest adds up to one
    weights.forEach((w, k) => (matrix[i * from + first + k] = w / total))
  }
  return float32([to, from], matrix)
}

/** Keys' cubic kernel with a = −0.5. */
function cubic(x: number): number {
  const a = -0.5
  const d = Math.abs(x)
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1
  return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0
}

function transposed({ shape, data }: TensorData): TensorData {
  const [rows, columns] = shape as [number, number]
  return float32(
    [columns, rows],
    Float32Array.from({ length: data.length }, (_, i) => Number(data[(i % rows) * columns + Math.floor(i / rows)])),
  )
}
