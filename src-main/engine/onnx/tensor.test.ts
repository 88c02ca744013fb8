import { expect, test } from 'vitest'
import { float32, floatToHalf, halfToFloat, int64, tensor, toFloat32, valuesOver } from './tensor.ts'

test('halves: values of IEEE 754 binary16', () => {
  const bits = [0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x3555, 0x8000, 0x7c00, 0xfc00]
  const values = [1, -2, 65504, 2 ** -14, 2 ** -24, 0.333251953125, -0, Infinity, -Infinity]
  expect(Array.from(halfToFloat(Uint16Array.from(bits)))).toEqual(values)
  expect(Array.from(floatToHalf(Float32Array.from(values)))).toEqual(bits)
})

test('every half survives the way to float32 and back', () => {
  const bits = Uint16Array.from({ length: 65536 }, (_, i) => i)
  const back = floatToHalf(halfToFloat(bits))
  const isNaNHalf = (h: number) => (h & 0x7c00) === 0x7c00 && (h & 1023) !== 0
  expect(bits.filter((h, i) => (isNaNHalf(h) ? !isNaNHalf(back[i]!) : back[i] !== h))).toHaveLength(0)
})

test('rounding goes to the nearest, ties to even, overflow to infinity', () => {
  const x = [1 + 2 ** -11, 1 + 3 * 2 ** -11, 1 + 2 ** -11 + 2 ** -20, 65519.99, 65520, 2 ** -25, 2 ** -25 * 1.001, 3 * 2 ** -25, -1e9]
  expect(Array.from(floatToHalf(Float32Array.from(x)))).toEqual([0x3c00, 0x3c02, 0x3c01, 0x7bff, 0x7c00, 0, 1, 2, 0xfc00])
})

test('a tensor that its values do not fill is refused', () => {
  expect(() => float32([2, 3], [1])).toThrow(RangeError)
  expect(float32([2, 2]).data).toEqual(new Float32Array(4))
  expect(int64([2], [1, 2n]).data).toEqual(BigInt64Array.of(1n, 2n))
})

test('values over unaligned bytes are copied, over aligned ones seen', () => {
  const bytes = new Uint8Array(12)
  bytes.set(new Uint8Array(Float32Array.of(1.5).buffer), 5)
  expect(valuesOver('float32', bytes.subarray(5, 9))).toEqual(Float32Array.of(1.5))
  const seen = valuesOver('float32', bytes.subarray(4, 8))
  expect(seen.buffer).toBe(bytes.buffer)
})

test('anything becomes float32', () => {
  expect(toFloat32(tensor('float16', [1], Uint16Array.of(0x3800))).data).toEqual(Float32Array.of(0.5))
  expect(toFloat32(int64([2], [3, -4])).data).toEqual(Float32Array.of(3, -4))
})
