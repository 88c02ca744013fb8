import { float32 } from '../onnx/tensor.ts'
import { deviationOfRows, meanOfRows } from './centers.ts'
import type { Models } from './models.ts'
import type { Bank } from './samples.ts'

/** Means and standard deviations of w and s over a bank. */
export interface LatentStatistics {
  readonly wCenter: Float32Array
  readonly sCenter: Float32Array
  readonly wDeviation: Float32Array
  readonly sDeviation: Float32Array
}

/** A channel that (almost) never moves would divide by zero: it counts as moving at least this share of the mean channel. */
const leastDeviation = 1e-3

/** w̄, σ_w, s̄ = A(w̄) and σ_s; s is recomputed from w in batches. */
export async function latentStatistics(models: Models, bank: Bank): Promise<LatentStatistics> {
  const wDim = bank.w.length / bank.count
  const wCenter = meanOfRows(bank.w, wDim)
  const sCenter = (await models.stylesOfW(float32([1, wDim], wCenter))).data as Float32Array
  const squares = new Float64Array(sCenter.length)
  for (let from = 0; from < bank.count; from += 256) {
    const w = bank.w.subarray(from * wDim, Math.min(from + 256, bank.count) * wDim)
    const s = (await models.stylesOfW(float32([w.length / wDim, wDim], w))).data as Float32Array
    for (let i = 0; i < s.length; i++) squares[i % squares.length]! += (s[i]! - sCenter[i % squares.length]!) ** 2
  }
  return {
    wCenter,
    sCenter,
    wDeviation: atLeast(deviationOfRows(bank.w, wDim, wCenter)),
    sDeviation: atLeast(Float32Array.from(squares, (sum) => Math.sqrt(sum / bank.count))),
  }
}

function atLeast(deviation: Float32Array): Float32Array {
  const mean = deviation.reduce((sum, x) => sum + x, 0) / deviation.length
  return deviation.map((x) => Math.max(x, leastDeviation * mean))
}
