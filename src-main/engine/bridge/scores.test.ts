import { expect, it } from 'vitest'
import type { Effects, Statistics } from '../packs/statistics.ts'
import { correlation, keptBeside, keptScores, partial, scoreOf } from './scores.ts'
import { dot, times } from './vectors.ts'

/** Pictures whose first two directions of f go together (correlation .5), the third by itself. */
const fCovariance = Float32Array.of(1, 0.5, 0, 0.5, 1, 0, 0, 0, 4)
const statistics = { fCovariance } as Statistics
const axis = (i: number) => Float32Array.of(Number(i === 0), Number(i === 1), Number(i === 2))

it('a score has variance 1 over the pictures, whatever the text’s length', () => {
  for (const length of [0.1, 3]) {
    const { q, covariance } = scoreOf(Float32Array.of(0, 0, length), statistics)!
    expect(dot(q, times(fCovariance, q))).toBeCloseTo(1, 6)
    expect(covariance[2]).toBeCloseTo(2, 6)
  }
  expect(scoreOf(new Float32Array(3), statistics)).toBeUndefined()
})

it('what is kept does not go along with what is asked', () => {
  const asked = scoreOf(axis(0), statistics)!
  const kept = keptScores(statistics, { fKept: Float32Array.of(0, 1, 0, 0, 0, 1) } as Effects)
  expect(correlation(asked, kept[0]!)).toBeCloseTo(0.5, 6)
  const whole = times(fCovariance, asked.q)
  const alone = times(fCovariance, partial(asked, kept))
  expect(dot(whole, kept[0]!.q)).toBeCloseTo(0.5, 6)
  expect(Math.abs(dot(alone, kept[0]!.q))).toBeLessThan(0.15)
  expect(alone[0]).toBeGreaterThan(0.5)
})

it('what says the same as what is asked is not kept', () => {
  const asked = scoreOf(axis(0), statistics)!
  const same = scoreOf(Float32Array.of(-1, 0.1, 0), statistics)!
  expect(keptBeside(asked, [same, scoreOf(axis(2), statistics)!])).toHaveLength(1)
})
