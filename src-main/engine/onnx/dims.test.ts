import { expect, test } from 'vitest'
import { broadcast, over, plus, times, windows } from './dims.ts'

test('products have one form, and divide', () => {
  expect(times(2, 'N', 3)).toBe('6*N')
  expect(times('M', 'N')).toBe(times('N', 'M'))
  expect(times('(H+1)', 2)).toBe('2*(H+1)')
  expect(over('12*N', 4)).toBe('3*N')
  expect(over('12*N', '2*N')).toBe(6)
  expect(over('3*N', 2)).toBeUndefined()
  expect(over('N', 'M')).toBeUndefined()
})

test('sums collect like terms', () => {
  expect(plus('N', '2*N')).toBe('3*N')
  expect(plus('N', 2)).toBe('(N+2)')
  expect(plus('N', -2)).toBe('(N-2)')
  expect(plus('N', 0)).toBe('N')
})

test('windows keep tidy names where a layer keeps or halves the size', () => {
  expect(windows(9, -3, 2)).toBe(4)
  expect(windows('H', -1, 1)).toBe('H')
  expect(windows('2*H', -2, 2)).toBe('H')
})

test('names broadcast with themselves, with 1 and with numbers', () => {
  expect(broadcast(['N', 3, 1], [1, 5])).toEqual(['N', 3, 5])
  expect(broadcast(['N'], ['N'])).toEqual(['N'])
  expect(broadcast(['N'], [4])).toEqual([4])
  expect(broadcast(['?a', 2], ['M', 1])).toEqual(['M', 2])
  expect(broadcast(['N'], ['M'])).toBeUndefined()
  expect(broadcast([2], [3])).toBeUndefined()
})
