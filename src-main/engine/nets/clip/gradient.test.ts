import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseSafetensors } from '../../checkpoints/safetensors.ts'
import { gradients } from '../../gradient/gradients.ts'
import { Graph } from '../../onnx/graph.ts'
import { float32 } from '../../onnx/tensor.ts'
import { cpu } from '../../runtime/devices.ts'
import { createSession } from '../../runtime/session.ts'
import { parametersFrom } from '../parameters.ts'
import { picture, uniform, weight } from '../testdata/seeded.ts'
import { clipImage } from './image.ts'
import { inferClip } from './infer.ts'

const { metadata } = parseSafetensors(readFileSync(new URL('testdata/goldens.safetensors', import.meta.url)))

/** Long enough to drown rounding, short beside a picture's own length of about 60. */
const STEP = 0.05

/** y = f · c for a fixed c, and its gradient by the picture, as one graph. */
async function scored(name: string, side: number) {
  const shapes = JSON.parse(metadata[name]!) as Record<string, number[]>
  const p = parametersFrom(Object.fromEntries(Object.entries(shapes).map(([k, shape]) => [k, weight(`${name}.${k}`, shape)])))
  const a = inferClip(p)
  const g = new Graph(name)
  const x = g.input('x', [1, 3, side, side])
  const c = g.constant([...uniform('direction', a.embed)])
  const y = g.reduceSum(g.mul(clipImage(g, a, p, x), c))
  g.output('y', y)
  g.output('dx', gradients(g, y, [x])[0]!)
  return createSession(g, cpu(1))
}

test.each([
  ['vit16', 64],
  ['vit16', 96],
  ['rn1', 64],
])('%s has a gradient by the picture, from %i pixels', async (name, side) => {
  const session = await scored(name, side)
  const x = picture('gradient.picture', 1, side)
  const dx = (await session.run({ x })).dx!.data as Float32Array
  const length = Math.sqrt(dx.reduce((sum, d) => sum + d * d, 0))
  /** y a step of length t uphill of x. */
  const uphill = async (t: number) => {
    const moved = float32(
      x.shape,
      dx.map((d, i) => Number(x.data[i]) + (t / length) * d),
    )
    return Number((await session.run({ x: moved }, ['y'])).y!.data[0])
  }
  const measured = ((await uphill(STEP)) - (await uphill(-STEP))) / (2 * STEP)
  await session.release()
  expect(Math.abs(measured / length - 1)).toBeLessThan(0.02) // float32, and ReLU's kinks
})
