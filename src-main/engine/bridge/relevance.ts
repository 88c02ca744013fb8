import type { Effects, Statistics } from '../packs/statistics.ts'
import type { Score } from './scores.ts'
import { dot } from './vectors.ts'

/** By how many deviations a score moves when each style channel moves by one of its own, [S]. */
export function slopesOf({ q }: Score, { fDirections, fSlopes }: Effects, { sDeviation }: Statistics): Float32Array {
  const [width, total] = [q.length, sDeviation.length]
  const slopes = new Float32Array(total)
  for (let k = 0; k < fDirections.length / width; k++) {
    const share = dot(q, fDirections.subarray(k * width, (k + 1) * width))
    for (let j = 0; j < total; j++) slopes[j]! += share * fSlopes[k * total + j]!
  }
  return slopes.map((x, j) => x * sDeviation[j]!)
}

/** A channel counts by its effect² ÷ (effect² + this · the mean effect² on what is kept). */
const purity = 1
/** What the gate takes away is given back in length up to this factor, less a fifth. */
const longest = 1.6
/**
 * Deviations of the asked score that the slopes must foresee of the whole Δs to be trusted alone. What comes all at once, like a hat, has next
 * to no slope in most pictures; then how far a channel moves counts for its worth instead.
 */
const trusted = 1
const givenBack = 0.8

/**
 * The channels that do what was asked: the others are set to zero, in place, and the rest is lengthened so that by the slopes the asked
 * score moves about as far as before. A channel's worth is what its own move does to the asked score, less where it moves kept scores as well;
 * it stays from threshold · the largest worth on. threshold 0 keeps every channel.
 */
export function keepRelevant(
  deltaS: Float32Array,
  asked: Float32Array,
  kept: readonly Float32Array[],
  { sDeviation }: Statistics,
  threshold: number,
): void {
  if (threshold === 0) return
  const moved = deltaS.map((x, j) => x / sDeviation[j]!)
  const effect = moved.map((x, j) => x * asked[j]!)
  const pure = effect.map((x, j) => {
    const other = kept.reduce((sum, slopes) => sum + slopes[j]! ** 2, 0) / Math.max(1, kept.length)
    const own = asked[j]! ** 2
    return own > 0 ? (x * own) / (own + purity * other) : 0
  })
  const trust = Math.min(1, Math.max(0, total(effect)) / trusted)
  const [mostPure, mostMoved] = [largest(pure), largest(moved.map(Math.abs))]
  let [before, after] = [0, 0]
  effect.forEach((x, j) => {
    const worth = (mostPure > 0 ? (trust * pure[j]!) / mostPure : 0) + (1 - trust) * (moved[j]! / mostMoved) ** 2
    before += Math.max(0, x)
    if (worth >= threshold) after += x
    else deltaS[j] = 0
  })
  if (after <= 0) return
  const factor = Math.min(longest, Math.max(1, (givenBack * before) / after))
  for (let j = 0; j < deltaS.length; j++) deltaS[j]! *= factor
}

const total = (x: Float32Array): number => x.reduce((sum, value) => sum + value, 0)
const largest = (x: Float32Array): number => x.reduce((a, b) => Math.max(a, b), 0)
