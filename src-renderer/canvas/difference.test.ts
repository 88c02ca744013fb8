import { expect, it } from 'vitest'
import { heatOf } from './difference.ts'

it('is clear where nothing differs, hotter where more does', () => {
  const photo = new Uint8ClampedArray([10, 20, 30, 255, 10, 20, 30, 255, 10, 20, 30, 255, 10, 20, 30, 255])
  const result = new Uint8ClampedArray([10, 20, 30, 255, 11, 20, 30, 255, 10, 60, 30, 255, 10, 20, 250, 255])
  const { heat, most, seen } = heatOf(photo, result)
  expect([heat[3], heat[7]]).toStrictEqual([0, 0])
  const lightness = (at: number) => heat[at]! + heat[at + 1]! + heat[at + 2]!
  expect(lightness(12)).toBeGreaterThan(lightness(8))
  expect(heat[15]).toBeGreaterThan(heat[11]!)
  expect(most).toBeCloseTo(220 / 255)
  expect(seen).toBe(2)
})
