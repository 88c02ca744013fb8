import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseSafetensors } from '../checkpoints/safetensors.ts'
import { Graph } from '../onnx/graph.ts'
import { cpu } from '../runtime/devices.ts'
import { createSession } from '../runtime/session.ts'
import { convNet } from './convnet.ts'
import { parametersFrom } from './parameters.ts'
import { picture, weight } from './testdata/seeded.ts'

const golden = parseSafetensors(readFileSync(new URL('testdata/convnet.safetensors', import.meta.url)))
const shapes = JSON.parse(golden.metadata.convnet!) as Record<string, number[]>
const p = parametersFrom(Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, weight(`convnet.${name}`, shape)])))

test('the same outputs as the recipe’s net in PyTorch', async () => {
  const g = new Graph('convnet')
  g.output('y', convNet(g, p, g.input('x', ['N', 3, 128, 128]), 20))
  const session = await createSession(g, cpu(1))
  const { y } = await session.run({ x: picture('convnet.picture', 3, 128) })
  await session.release()
  const expected = golden.tensors.get('output')!
  expect(y!.shape).toEqual(expected.shape)
  const worst = (expected.data as Float32Array).reduce((most, e, i) => Math.max(most, Math.abs(e - Number(y!.data[i]))), 0)
  expect(worst).toBeLessThan(2e-5) // outputs reach 2, float32 sums of 4096
})

test('pictures of another size are resized', () => {
  const g = new Graph('convnet')
  expect(convNet(g, p, g.input('x', ['N', 3, 256, 256]), 20).shape).toEqual(['N', 20])
})

test('weights for another number of outputs are refused', () => {
  const g = new Graph('convnet')
  expect(() => convNet(g, p, g.input('x', ['N', 3, 128, 128]), 6144)).toThrow(
    /output.weight: its shape is \[20, 512\], the architecture wants \[6144, 512\]/,
  )
})
