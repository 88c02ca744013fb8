import type { StyleLayout } from '../nets/stylegan2/layout.ts'

/** Shares of variance that predictions explain, 1 = all: means over channels; `channels` [S] of each style channel. */
export interface ExplainedVariance {
  readonly w: number
  readonly s: number
  readonly channels: Float32Array
}

/** The same latents' residuals, N rows: deltaW [N,W] and deltaS [N,S]. */
export interface LatentRows {
  readonly deltaW: Float32Array
  readonly deltaS: Float32Array
}

/** 1 − Σ(predicted − true)² ÷ Σ(true − mean)² of every channel over N samples, then the mean over channels. `widths`: W and S. */
export function explainedVariance(predicted: LatentRows, truth: LatentRows, widths: { w: number; s: number }): ExplainedVariance {
  const channels = shares(predicted.deltaS, truth.deltaS, widths.s)
  return { w: mean(shares(predicted.deltaW, truth.deltaW, widths.w)), s: mean(channels), channels }
}

/** Mean share of each style layer. */
export function byLayer(explained: ExplainedVariance, layout: StyleLayout): Record<string, number> {
  return Object.fromEntries(
    layout.layers.map(({ name, offset, channels }) => [name, mean(explained.channels.subarray(offset, offset + channels))]),
  )
}

function shares(predicted: Float32Array, truth: Float32Array, width: number): Float32Array {
  const count = truth.length / width
  const result = new Float32Array(width)
  for (let j = 0; j < width; j++) {
    let [sum, squares, errors] = [0, 0, 0]
    for (let i = j; i < truth.length; i += width) {
      sum += truth[i]!
      squares += truth[i]! ** 2
      errors += (predicted[i]! - truth[i]!) ** 2
    }
    const variance = squares - sum ** 2 / count
    // A channel that never moves has nothing to explain.
    result[j] = variance > 1e-12 * squares ? 1 - errors / variance : 1
  }
  return result
}

const mean = (values: Float32Array): number => values.reduce((sum, x) => sum + x, 0) / values.length
