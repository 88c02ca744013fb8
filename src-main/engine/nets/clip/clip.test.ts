import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { StudioError } from '../../../contract/errors.ts'
import { parseSafetensors } from '../../checkpoints/safetensors.ts'
import { Graph, type Value } from '../../onnx/graph.ts'
import type { TensorData } from '../../onnx/tensor.ts'
import { cpu } from '../../runtime/devices.ts'
import { createSession } from '../../runtime/session.ts'
import { parametersFrom } from '../parameters.ts'
import { picture, weight } from '../testdata/seeded.ts'
import { clipSchema } from './architecture.ts'
import { clipImage } from './image.ts'
import { inferClip } from './infer.ts'
import { clipParameters } from './inventory.ts'
import { clipText } from './text.ts'

const goldens = parseSafetensors(readFileSync(new URL('testdata/goldens.safetensors', import.meta.url)))
const golden = (name: string) => goldens.tensors.get(name)!
const unused = /logit_scale$/

/** OpenAI's parameter names and shapes, filled with the same seeded weights. */
function seeded(name: string) {
  const shapes = JSON.parse(goldens.metadata[name]!) as Record<string, number[]>
  return parametersFrom(Object.fromEntries(Object.entries(shapes).map(([k, shape]) => [k, weight(`${name}.${k}`, shape)])))
}

async function run(x: TensorData, build: (g: Graph, input: Value) => Value): Promise<TensorData> {
  const g = new Graph('test')
  g.output('y', build(g, g.input('x', ['N', ...x.shape.slice(1)], x.dtype)))
  const session = await createSession(g, cpu(1))
  const { y } = await session.run({ x })
  await session.release()
  return y!
}

function difference(a: TensorData, b: TensorData): number {
  expect(a.shape).toEqual(b.shape)
  const [left, right] = [a.data as Float32Array, b.data as Float32Array]
  return left.reduce((worst, x, i) => Math.max(worst, Math.abs(x - right[i]!)), 0)
}

describe.each(['vit16', 'vit32', 'rn1', 'rn2'])('%s, as OpenAI’s code computes it', (name) => {
  const p = seeded(name)
  const a = inferClip(p)

  test('the architecture, and every parameter of it', () => {
    const shapes = JSON.parse(goldens.metadata[name]!) as Record<string, number[]>
    const needed = Object.fromEntries(clipParameters(a).map(({ name, shape }) => [name, shape]))
    expect(needed).toEqual(Object.fromEntries(Object.entries(shapes).filter(([k]) => !unused.test(k))))
    expect(clipSchema.parse(JSON.parse(JSON.stringify(a)))).toEqual(a)
  })

  test('image embeddings', async () => {
    const f = await run(picture(`${name}.picture`, 2, a.image.size), (g, x) => clipImage(g, a, p, x))
    expect(difference(f, golden(`${name}.fImage`))).toBeLessThan(1e-5)
  })

  test('text embeddings', async () => {
    const f = await run(golden(`${name}.tokens`), (g, x) => clipText(g, a, p, x))
    expect(difference(f, golden(`${name}.fText`))).toBeLessThan(1e-5)
  })
})

test('a shorter context gives the same embedding', async () => {
  const p = seeded('vit16')
  const a = inferClip(p)
  const tokens = golden('vit16.tokens')
  const shortest = { ...tokens, shape: [1, 8], data: (tokens.data as BigInt64Array).slice(2 * 16, 2 * 16 + 8) }
  const f = await run(shortest, (g, x) => clipText(g, a, p, x))
  const whole = golden('vit16.fText')
  expect(difference(f, { ...whole, shape: [1, 64], data: (whole.data as Float32Array).slice(128) })).toBeLessThan(1e-5)
})

test('what is no CLIP is refused, and so are tokens and pictures that do not fit', () => {
  expect(() => inferClip(parametersFrom({}))).toThrow(StudioError)
  const p = seeded('vit16')
  const a = inferClip(p)
  const g = new Graph('test')
  expect(() => clipText(g, a, p, g.input('long', ['N', 17], 'int64'))).toThrow(/at most 16/)
  expect(() => clipImage(g, a, p, g.input('oblong', ['N', 3, 64, 65]))).toThrow(/square/)
  const cut = {
    has: (n: string) => n !== 'visual.ln_post.bias' && p.has(n),
    tensor: (n: string) => (n === 'visual.ln_post.bias' ? parametersFrom({}).tensor(n) : p.tensor(n)),
  }
  expect(() => inferClip(cut)).toThrow(/visual.ln_post.bias/)
})
