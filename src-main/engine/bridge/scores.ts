import type { Effects, Statistics } from '../packs/statistics.ts'
import { times, dot } from './vectors.ts'

/**
 * A text's difference δ as a score of pictures, qᵀf, with variance 1 over the generator's own: q = δ ÷ √(δᵀΣδ). Along `covariance`, Σq,
 * pictures move whose score grows by one deviation (regression of f on the score).
 */
export interface Score {
  readonly q: Float32Array
  readonly covariance: Float32Array
}

/** Undefined where no picture differs in it. */
export function scoreOf(difference: Float32Array, { fCovariance }: Pick<Statistics, 'fCovariance'>): Score | undefined {
  const moved = times(fCovariance, difference)
  const deviation = Math.sqrt(Math.max(0, dot(difference, moved)))
  if (!(deviation > 0)) return undefined
  return { q: difference.map((x) => x / deviation), covariance: moved.map((x) => x / deviation) }
}

/** Correlation of two scores over the generator's pictures. */
export const correlation = (a: Score, b: Score): number => dot(a.q, b.covariance)

/** The scores of what an edit should keep. */
export function keptScores(statistics: Statistics, { fKept }: Effects): Score[] {
  const width = Math.sqrt(statistics.fCovariance.length)
  return Array.from({ length: fKept.length / width }, (_, i) => scoreOf(fKept.subarray(i * width, (i + 1) * width), statistics)).filter(
    (score) => score !== undefined,
  )
}

/**
 * Scores that correlate more than this with the asked one say the same, or its opposite ("smiling" and "sad", "a man" and "a beard"), and are free to
 * move. Measured on the built-in pack between .5 and .9: higher, and what was asked is kept, too.
 */
const sameThing = 0.6
/** Ridge of the regression on kept scores: among 27 of them some are nearly sums of others, and a text's noise is in each. */
const ridge = 0.3

export const keptBeside = (asked: Score, kept: readonly Score[]): Score[] => kept.filter((k) => Math.abs(correlation(k, asked)) < sameThing)

/**
 * The asked score less what kept scores tell of it, q − Σ β_k q_k, β its regression on them: "blond hair" without the pale skin that goes
 * with it. A text's embedding is near the mean of the pictures it fits, and these have all that goes with it; this takes it out.
 */
export function partial(asked: Score, kept: readonly Score[]): Float32Array {
  const a = kept.map((x, i) => kept.map((y, j) => correlation(x, y) + (i === j ? ridge : 0)))
  const beta = solve(
    a,
    kept.map((k) => correlation(k, asked)),
  )
  const q = asked.q.slice()
  kept.forEach((k, i) => {
    for (let j = 0; j < q.length; j++) q[j]! -= beta[i]! * k.q[j]!
  })
  return q
}

/** x of A·x = b, A symmetric and positive definite, by elimination; A and b are not kept. */
function solve(a: number[][], b: number[]): number[] {
  const n = b.length
  for (let i = 0; i < n; i++)
    for (let k = i + 1; k < n; k++) {
      const factor = a[k]![i]! / a[i]![i]!
      for (let j = i; j < n; j++) a[k]![j]! -= factor * a[i]![j]!
      b[k]! -= factor * b[i]!
    }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) b[i]! -= a[i]![j]! * b[j]!
    b[i]! /= a[i]![i]!
  }
  return b
}
