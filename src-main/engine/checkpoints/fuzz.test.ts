import { expect, it } from 'vitest'
import { fuzz, readWhole, seeds } from './fuzz.ts'

it('the seeds themselves: sound files are read, exhibits refused', () => {
  const codes = seeds().map((bytes) => readWhole(bytes).code)
  expect(codes.slice(0, 13)).toEqual(Array(13).fill('read'))
  expect(new Set(codes).size).toBeGreaterThan(30)
})

it('5,000 changed files are read or refused, and no tensor takes more than its file allows', () => {
  const codes = new Map<string, number>()
  fuzz(1, 5000, ({ code, bytes, largest }) => {
    codes.set(code, (codes.get(code) ?? 0) + 1)
    expect(largest).toBeLessThanOrEqual(3 * bytes + 65_536)
  })
  expect(codes.get('read')).toBeGreaterThan(100)
  expect(codes.size).toBeGreaterThan(30)
})
