import { describe, expect, it } from 'vitest'
import { parseTyped, tidy, valueAfterKey } from './slider-value.ts'

const range = { min: -3, max: 3, step: 0.05 }
const key = (name: string, held: { shiftKey?: boolean; altKey?: boolean } = {}) => ({ key: name, shiftKey: false, altKey: false, ...held })

describe('slider values', () => {
  it('step with the arrows, tenfold with Shift, by a tenth with Alt', () => {
    expect(valueAfterKey(1, range, key('ArrowRight'))).toBe(1.05)
    expect(valueAfterKey(1, range, key('ArrowLeft', { shiftKey: true }))).toBe(0.5)
    expect(valueAfterKey(1, range, key('ArrowUp', { altKey: true }))).toBe(1.005)
    expect(valueAfterKey(1, range, key('End'))).toBe(3)
    expect(valueAfterKey(1, range, key('a'))).toBeUndefined()
  })

  it('stay inside their range and free of binary dust', () => {
    expect(valueAfterKey(2.99, range, key('ArrowRight'))).toBe(3)
    expect(tidy(0.1 + 0.2, range)).toBe(0.3)
  })

  it('are read as people type them', () => {
    expect(parseTyped('−1,25')).toBe(-1.25)
    expect(parseTyped(' 40 %')).toBe(40)
    expect(parseTyped('')).toBeUndefined()
    expect(parseTyped('red')).toBeUndefined()
  })
})
