import { expect, it } from 'vitest'
import { float32, int64 } from '../onnx/tensor.ts'
import { checkShape, floats, parametersFrom, within } from './parameters.ts'

const record = { 'G.b4.const': float32([2], [1, 2]), count: int64([1], [3]) }

it('finds tensors under a prefix', () => {
  const p = parametersFrom(record, 'G.')
  expect(p.has('b4.const')).toBe(true)
  expect(p.has('count')).toBe(false)
  expect([...floats(within(p, 'b4.'), 'const')]).toEqual([1, 2])
})

it('names what is missing, and knows no inherited names', () => {
  const p = parametersFrom(record)
  expect(p.has('toString')).toBe(false)
  expect(() => p.tensor('toString')).toThrow(expect.objectContaining({ code: 'parameters.missing', where: 'toString' }))
  expect(() => floats(p, 'count')).toThrow(expect.objectContaining({ code: 'parameters.wrong-type' }))
  expect(() => checkShape(p, 'count', [2])).toThrow(expect.objectContaining({ code: 'parameters.wrong-shape' }))
})
