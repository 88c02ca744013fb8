import type { PackManifest } from '../packs/manifest.ts'

/**
 * The point that training takes differences of f from (METHOD 2.4; the paper's "temporal relative consistency" and what it may be
 * compared with). w and s are always taken from their means, but for `pair`, which takes all three from the previous sample.
 */
export type Center = NonNullable<PackManifest['alignment']>['center']

/** A training batch as differences: deltaF [N,D], deltaW [N,W]. Δs follows from Δw, since s is affine in w. */
export interface Residuals {
  readonly deltaF: Float32Array
  readonly deltaW: Float32Array
}

export interface CenterSources {
  /** μ_f [D], mean of f over the bank. */
  readonly bank: Float32Array
  /** w̄ [W]. */
  readonly wCenter: Float32Array
  /** E_I(G(s̄)) [D], the mean latent's own image. */
  readonly image: Float32Array
  /** E_T(neutral text) [D]. */
  readonly text: Float32Array
}

/** β of the moving center. */
const emaRate = 0.999

/** Turns batches of samples into residuals; `ema` remembers what it saw, so the batches must come in order. */
export class Centering {
  readonly #center: Center
  readonly #sources: CenterSources
  readonly #moving: Float64Array
  #seen = 0

  constructor(center: Center, sources: CenterSources) {
    this.#center = center
    this.#sources = sources
    this.#moving = new Float64Array(sources.bank.length)
  }

  /** f [N,D] and w [N,W] of one batch. */
  residuals(f: Float32Array, w: Float32Array): Residuals {
    const { bank, wCenter } = this.#sources
    if (this.#center === 'pair') return { deltaF: successive(f, bank.length), deltaW: successive(w, wCenter.length) }
    return { deltaF: minus(f, this.#centerOf(f)), deltaW: minus(w, wCenter) }
  }

  #centerOf(f: Float32Array): Float32Array {
    switch (this.#center) {
      case 'bank':
      case 'image':
      case 'text':
        return this.#sources[this.#center]
      case 'batch':
        return meanOfRows(f, this.#sources.bank.length)
      case 'ema': {
        // c_t = β c_{t−1} + (1 − β)·mean, divided by 1 − β^t so that the first steps are not drawn towards zero.
        const mean = meanOfRows(f, this.#sources.bank.length)
        this.#seen++
        const bias = 1 - emaRate ** this.#seen
        return mean.map((x, j) => (this.#moving[j] = emaRate * this.#moving[j]! + (1 - emaRate) * x) / bias)
      }
      case 'pair':
        throw new Error('pairs have no center')
    }
  }
}

/** Mean over N of rows [N,D], summed in doubles. */
export function meanOfRows(rows: Float32Array, width: number): Float32Array {
  const sums = new Float64Array(width)
  for (let i = 0; i < rows.length; i++) sums[i % width]! += rows[i]!
  return Float32Array.from(sums, (sum) => sum / (rows.length / width))
}

/** Standard deviation over N of each column of rows [N,D]. */
export function deviationOfRows(rows: Float32Array, width: number, mean: Float32Array): Float32Array {
  const sums = new Float64Array(width)
  for (let i = 0; i < rows.length; i++) sums[i % width]! += (rows[i]! - mean[i % width]!) ** 2
  return Float32Array.from(sums, (sum) => Math.sqrt(sum / (rows.length / width)))
}

/** Root mean square length of rows [N,D]. */
export function spreadOfRows(rows: Float32Array, width: number): number {
  let sum = 0
  for (const x of rows) sum += x * x
  return Math.sqrt(sum / (rows.length / width))
}

/** Each row minus the same vector. */
export function minus(rows: Float32Array, center: Float32Array): Float32Array {
  return rows.map((x, i) => x - center[i % center.length]!)
}

/** Each row minus the row before it, the first minus the last: within a shuffled batch every pair is as good as another. */
function successive(rows: Float32Array, width: number): Float32Array {
  return rows.map((x, i) => x - rows[(i - width + rows.length) % rows.length]!)
}
