import { expect, it } from 'vitest'
import type { JudgeOutput } from './judge.ts'
import { drifting, fulfilment, sideEffects } from './wishes.ts'

const outputs: JudgeOutput[] = [
  { name: 'smile', kind: 'number', mean: 0, deviation: 1 },
  { name: 'age', kind: 'number', mean: 40, deviation: 10 },
  ...['red', 'black', 'blond'].map((option): JudgeOutput => ({ name: 'hair', kind: 'option', option })),
  ...['none', 'round'].map((option): JudgeOutput => ({ name: 'glasses', kind: 'option', option })),
]
const verdict = (...x: number[]) => Float32Array.from(x)

it('a number counts in deviations, a choice as log-odds', () => {
  const seen = verdict(0.5, -1, Math.log(1), Math.log(2), Math.log(3), 0, 0)
  expect(fulfilment(outputs, seen, { number: 'smile', grows: true })).toBeCloseTo(0.5, 6)
  expect(fulfilment(outputs, seen, { number: 'age', grows: false })).toBeCloseTo(1, 6)
  expect(fulfilment(outputs, seen, { choice: 'hair', options: ['red', 'black'], likelier: true })).toBeCloseTo(0, 6) // 3 : 3
  expect(fulfilment(outputs, seen, { choice: 'hair', options: ['blond'], likelier: false })).toBeCloseTo(0, 6)
})

it('an attribute that the judge does not know is an error', () => {
  const seen = verdict(0, 0, 0, 0, 0, 0, 0)
  expect(() => fulfilment(outputs, seen, { number: 'height', grows: true })).toThrow(RangeError)
  expect(() => fulfilment(outputs, seen, { choice: 'hair', options: ['green'], likelier: true })).toThrow(RangeError)
})

it('side effects leave out what was asked', () => {
  const before = verdict(0, 0, 1, 0, 0, 1, 0)
  const after = verdict(3, 0.5, 0, 1, 0, 0, 1)
  expect(sideEffects(outputs, before, after, new Set(['smile', 'hair']))).toEqual({ numbers: 0.5, choices: 1 })
  expect(sideEffects(outputs, before, before, new Set())).toEqual({ numbers: 0, choices: 0 })
})

it('a drift is a number that moves for everybody, not one that wavers', () => {
  const before = [verdict(0, 0, 0, 0, 0, 0, 0), verdict(0, 0, 0, 0, 0, 0, 0)]
  const after = [verdict(0.5, -0.9, 0, 0, 0, 0, 0), verdict(-0.5, -0.7, 0, 0, 0, 0, 0)]
  const found = drifting(outputs, before, after, new Set(), 0.25)
  expect(found).toHaveLength(1)
  expect(found[0]!.name).toBe('age')
  expect(found[0]!.by).toBeCloseTo(-0.8, 6)
  expect(drifting(outputs, before, after, new Set(['age']), 0.25)).toEqual([])
})
