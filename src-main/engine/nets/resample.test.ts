import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseSafetensors } from '../checkpoints/safetensors.ts'
import { Graph } from '../onnx/graph.ts'
import { cpu } from '../runtime/devices.ts'
import { createSession } from '../runtime/session.ts'
import { resample, resampleMatrix } from './resample.ts'
import { picture } from './testdata/seeded.ts'

const goldens = parseSafetensors(readFileSync(new URL('clip/testdata/goldens.safetensors', import.meta.url)))

test.each([
  [256, 64],
  [96, 64],
  [64, 96],
  [128, 224],
])('from %i to %i pixels as Pillow does it', async (from, to) => {
  const g = new Graph('resample')
  g.output('y', resample(g, g.input('x', ['N', 3, from, from]), to))
  const session = await createSession(g, cpu(1))
  const { y } = await session.run({ x: picture(`resize.${from}`, 1, from) })
  await session.release()
  expect(y!.shape).toEqual([1, 3, to, to])
  const expected = goldens.tensors.get(`resize.${from}.${to}`)!.data as Float32Array
  const worst = expected.reduce((most, e, i) => Math.max(most, Math.abs(e - Number(y!.data[i]))), 0) // the first of three channels
  expect(worst).toBeLessThan(1e-5)
})

test('a picture of the right size passes untouched', () => {
  const g = new Graph('resample')
  const x = g.input('x', ['N', 3, 64, 64])
  expect(resample(g, x, 64)).toBe(x)
})

test('every row of the matrix adds up to one', () => {
  const { data } = resampleMatrix(100, 37)
  for (let i = 0; i < 37; i++) {
    const row = Array.from((data as Float32Array).subarray(i * 100, (i + 1) * 100))
    expect(row.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 6)
  }
})
