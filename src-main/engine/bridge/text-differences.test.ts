import { expect, it } from 'vitest'
import type { Statistics } from '../packs/statistics.ts'
import { asPictures, reach } from './text-differences.ts'
import { textFilterOf } from './texts.ts'

/** Pictures vary by 2 deviations along the first axis of f, by 1 along the second and hardly along the third. */
const variances = [4, 1, 1e-6]
const xx = Float64Array.from({ length: 9 }, (_, i) => (i % 4 === 0 ? 100 * variances[i / 4]! : 0))
const statistics = { ...textFilterOf(xx, 100, 3), fSpreadText: 1 } as Statistics

it('the filter is Σ (Σ + λ)⁻¹ with λ half the mean variance', () => {
  const lambda = (0.5 * (4 + 1 + 1e-6)) / 3
  variances.forEach((v, i) => expect(statistics.textFilter[i * 3 + i]).toBeCloseTo(v / (v + lambda), 5))
  variances.forEach((v, i) => expect(statistics.fCovariance[i * 3 + i]).toBeCloseTo(v, 5))
})

it('a difference becomes as long as pictures vary that way, however long the text makes it', () => {
  for (const length of [0.5, 1, 10]) {
    const moved = asPictures(Float32Array.of(length, 0, 0), statistics)
    expect(moved[0]).toBeCloseTo(reach * 2, 5)
    expect(moved[1]).toBe(0)
  }
})

it('what pictures do not vary in is left out', () => {
  const moved = asPictures(Float32Array.of(0, 1, 1), statistics)
  expect(Math.abs(moved[2]!)).toBeLessThan(1e-4 * moved[1]!)
})

it('a small difference asks for less, none for exactly nothing', () => {
  expect(asPictures(Float32Array.of(0.1, 0, 0), statistics)[0]).toBeCloseTo((reach * 2 * 0.1) / 0.4, 5)
  expect([...asPictures(new Float32Array(3), statistics)]).toEqual([0, 0, 0])
})
