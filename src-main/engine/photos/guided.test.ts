import { expect, it } from 'vitest'
import { blur, newField } from './field.ts'
import { guided } from './guided.ts'

const SIDE = 48
/** A dark left half and a bright right half. */
const photo = newField(SIDE, SIDE, 3)
for (let i = 0; i < SIDE * SIDE; i++) photo.data.fill(i % SIDE < SIDE / 2 ? 0.2 : 0.7, i * 3, i * 3 + 3)
const at = (data: Float32Array, x: number) => data[(SIDE / 2) * SIDE + x]!

it('an edge that lies a little beside the photo’s moves onto it', () => {
  const change = newField(SIDE, SIDE, 1)
  for (let i = 0; i < SIDE * SIDE; i++) change.data[i] = i % SIDE < SIDE / 2 + 3 ? 0.5 : 0
  const soft = blur(change, 2)
  const snapped = guided(soft, photo, 5).data
  // Two points inside the bright half the change had half of its size; now it has hardly any.
  expect(at(soft.data, SIDE / 2 + 2)).toBeGreaterThan(0.25)
  expect(at(snapped, SIDE / 2 + 2)).toBeLessThan(0.25)
  expect(at(snapped, SIDE / 2 - 3)).toBeGreaterThan(0.35)
})

it('where the photo is flat it is a blur, and a constant stays', () => {
  const constant = { ...newField(SIDE, SIDE, 1), data: new Float32Array(SIDE * SIDE).fill(0.3) }
  guided(constant, photo, 5).data.forEach((x) => expect(x).toBeCloseTo(0.3, 4))
})
