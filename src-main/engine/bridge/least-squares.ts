import { Graph } from '../onnx/graph.ts'
import { float32 } from '../onnx/tensor.ts'
import type { Device } from '../runtime/devices.ts'
import { createSession } from '../runtime/session.ts'

/** Sums over samples of x xᵀ [D,D] and x yᵀ [D,W]. */
export interface Moments {
  readonly xx: Float64Array
  readonly xy: Float64Array
  readonly inputs: number
  readonly outputs: number
}

/** Rows in one product: float32 sums stay exact enough, what comes back is added up in doubles. */
const chunk = 1024

/** Moments of residuals x [N,D], y [N,W]; the products run on the device. */
export async function momentsOf(
  x: Float32Array,
  y: Float32Array,
  inputs: number,
  outputs: number,
  device: Device,
  threads?: number,
): Promise<Moments> {
  const g = new Graph('moments')
  const [a, b] = [g.input('x', ['N', inputs]), g.input('y', ['N', outputs])]
  g.output('xx', g.gemm(a, a, undefined, { transA: true }))
  g.output('xy', g.gemm(a, b, undefined, { transA: true }))
  const session = await createSession(g, device, { threads })
  const [xx, xy] = [new Float64Array(inputs * inputs), new Float64Array(inputs * outputs)]
  const add = (sums: Float64Array, part: Float32Array) => part.forEach((value, i) => (sums[i]! += value))
  try {
    const count = x.length / inputs
    for (let from = 0; from < count; from += chunk) {
      const to = Math.min(from + chunk, count)
      const rows = (all: Float32Array, width: number) => float32([to - from, width], all.subarray(from * width, to * width))
      const part = await session.run({ x: rows(x, inputs), y: rows(y, outputs) })
      add(xx, part['xx']!.data as Float32Array)
      add(xy, part['xy']!.data as Float32Array)
    }
  } finally {
    await session.release()
  }
  return { xx, xy, inputs, outputs }
}

/**
 * The linear map M [D,W] (x ↦ xᵀM) with least Σ|y − xᵀM|² + λ·|M|², λ = ridge · trace(xx) ÷ D, by Cholesky's decomposition in doubles.
 */
export function leastSquares({ xx, xy, inputs: d, outputs }: Moments, ridge: number): Float64Array {
  let trace = 0
  for (let i = 0; i < d; i++) trace += xx[i * d + i]!
  const lower = cholesky(xx, d, (ridge * trace) / d)
  const m = xy.slice()
  for (let i = 0; i < d; i++) {
    for (let k = 0; k < i; k++) addRow(m, outputs, i, k, -lower[i * d + k]!)
    scaleRow(m, outputs, i, 1 / lower[i * d + i]!)
  }
  for (let i = d - 1; i >= 0; i--) {
    for (let k = i + 1; k < d; k++) addRow(m, outputs, i, k, -lower[k * d + i]!)
    scaleRow(m, outputs, i, 1 / lower[i * d + i]!)
  }
  return m
}

/** L with L Lᵀ = a + λ·1. */
function cholesky(a: Float64Array, d: number, lambda: number): Float64Array {
  const lower = new Float64Array(d * d)
  for (let i = 0; i < d; i++)
    for (let j = 0; j <= i; j++) {
      let sum = a[i * d + j]! + (i === j ? lambda : 0)
      for (let k = 0; k < j; k++) sum -= lower[i * d + k]! * lower[j * d + k]!
      // A direction that no sample moves in has no variance but rounding's: the ridge keeps it from dividing by nothing.
      lower[i * d + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / lower[j * d + j]!
    }
  return lower
}

function addRow(m: Float64Array, width: number, to: number, from: number, factor: number): void {
  for (let j = 0; j < width; j++) m[to * width + j]! += factor * m[from * width + j]!
}

function scaleRow(m: Float64Array, width: number, row: number, factor: number): void {
  for (let j = 0; j < width; j++) m[row * width + j]! *= factor
}
