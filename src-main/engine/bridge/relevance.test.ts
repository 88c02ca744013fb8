import { expect, it } from 'vitest'
import type { Effects, Statistics } from '../packs/statistics.ts'
import { keepRelevant, slopesOf } from './relevance.ts'

const statistics = { sDeviation: Float32Array.of(1, 1, 2, 1) } as Statistics

it('slopes of a score are those of the directions it is made of, per deviation of a channel', () => {
  const effects = { fDirections: Float32Array.of(1, 0, 0, 1), fSlopes: Float32Array.of(1, 0, 0, 0, 0, 3, 1, 0) } as Effects
  const slopes = slopesOf({ q: Float32Array.of(2, 1), covariance: new Float32Array(2) }, effects, statistics)
  expect([...slopes]).toEqual([2, 3, 2, 0])
})

it('channels that do not do what was asked stay still, and those that also do something else count less', () => {
  const asked = Float32Array.of(1, 1, 1, 0)
  const kept = [Float32Array.of(0, 10, 0, 0)]
  const deltaS = Float32Array.of(2, 2, -2, 5)
  keepRelevant(deltaS, asked, kept, statistics, 0.1)
  expect(deltaS[0]).toBeGreaterThanOrEqual(2)
  expect([...deltaS.subarray(1)]).toEqual([0, 0, 0])
})

it('where slopes foresee nothing of what was asked, what moves most stays', () => {
  const deltaS = Float32Array.of(3, -0.1, 0.2, 4)
  keepRelevant(deltaS, new Float32Array(4), [], statistics, 0.1)
  expect([...deltaS]).toEqual([3, 0, 0, 4])
})

it('without a threshold nothing changes', () => {
  const deltaS = Float32Array.of(1, -1, 1, 1)
  keepRelevant(deltaS, Float32Array.of(1, 1, 1, 1), [], statistics, 0)
  expect([...deltaS]).toEqual([1, -1, 1, 1])
})

it('what is left out is given back in length, within limits', () => {
  const deltaS = Float32Array.of(1, 0.9, 0, 0)
  keepRelevant(deltaS, Float32Array.of(1, 1, 0, 0), [], statistics, 0.95)
  expect(deltaS[1]).toBe(0)
  expect(deltaS[0]).toBeCloseTo(0.8 * 1.9, 5)
})
