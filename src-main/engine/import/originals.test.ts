import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openCheckpoint, type Checkpoint } from '../checkpoints/open.ts'
import { parseSafetensors } from '../checkpoints/safetensors.ts'
import { clipImage } from '../nets/clip/image.ts'
import { clipText } from '../nets/clip/text.ts'
import { mapping } from '../nets/stylegan2/mapping.ts'
import { stylesOfW } from '../nets/stylegan2/styles.ts'
import { synthesis } from '../nets/stylegan2/synthesis.ts'
import { Graph, type Value } from '../onnx/graph.ts'
import type { TensorData } from '../onnx/tensor.ts'
import { cpu } from '../runtime/devices.ts'
import { createSession } from '../runtime/session.ts'
import { importClip } from './clip.ts'
import { importGenerator } from './generator.ts'
import { parametersOf } from './weights.ts'

// Files that the originals' own code wrote, and what that code makes of them (testdata/ORIGIN.md).
const at = (name: string) => join(import.meta.dirname, 'testdata', name)
const goldens = (name: string) => {
  const { tensors } = parseSafetensors(readFileSync(at(name)))
  return (key: string): TensorData => tensors.get(key)!
}

async function run(x: TensorData, build: (g: Graph, x: Value) => Record<string, Value>): Promise<Record<string, TensorData>> {
  const g = new Graph('test')
  for (const [name, value] of Object.entries(build(g, g.input('x', ['N', ...x.shape.slice(1)], x.dtype)))) g.output(name, value)
  const session = await createSession(g, cpu(1))
  try {
    return await session.run({ x })
  } finally {
    await session.release()
  }
}

function distance(a: TensorData, b: TensorData): number {
  const count = Math.min(a.data.length, b.data.length)
  expect(a.shape.slice(1)).toEqual(b.shape.slice(1))
  let most = 0
  for (let i = 0; i < count; i++) most = Math.max(most, Math.abs(Number(a.data[i]) - Number(b.data[i])))
  return most
}

describe('generators: the picture of the original from the file of the original', () => {
  const golden = goldens('generators.safetensors')
  it.each([
    ['nvidia-ada.pkl', 'nvidia-ada', 'nvidia-ada.0', 0, { imageSize: 64, zDim: 16, wDim: 24, mappingLayers: 3, clamp: 256 }],
    ['nvidia-ada.pkl', 'nvidia-ada', 'nvidia-ada.2', 2, { channels: { 4: 16, 8: 16, 16: 16, 32: 16, 64: 8 } }],
    ['nvidia-stylegan3-repo.pkl', 'nvidia-stylegan3-repo', 'nvidia-stylegan3-repo', undefined, { imageSize: 16, mappingLayers: 2 }],
    ['tensorflow.pkl', 'tensorflow', 'tensorflow', undefined, { imageSize: 32, zDim: 20, mappingLayers: 2, fir: [1, 3, 3, 1] }],
    ['rosinality.pt', 'rosinality', 'rosinality', undefined, { imageSize: 64, wDim: 20, mappingLayers: 3, fir: [1, 3, 3, 1] }],
    ['rosinality-legacy.pt', 'rosinality', 'rosinality', undefined, { imageSize: 64 }],
  ])('%s (%s, %s)', async (file, latent, result, label, expected) => {
    const opened = openCheckpoint(at(file))
    const { architecture: a, weights, ignored } = importGenerator(opened, label === undefined ? {} : { label })!
    expect(a).toMatchObject(expected)
    const p = parametersOf(weights)
    const { w, image } = await run(golden(`${latent}.z`), (g, z) => {
      const w = mapping(g, a, p, z)
      return { w, image: synthesis(g, a, p, stylesOfW(g, a, p, w)).image }
    })
    opened.close()
    expect(distance(w!, golden(`${result}.w`))).toBeLessThan(1e-4)
    expect(distance(image!, golden(`${result}.image`))).toBeLessThan(1e-4)
    expect({ file, ignored }).toMatchSnapshot()
  })
})

describe('CLIP: the embeddings of the original from the file of the original', () => {
  const golden = goldens('clips.safetensors')
  it.each([
    [
      'openai-vit.pt',
      'openai-vit',
      1e-4,
      'OpenAI’s CLIP',
      { image: { kind: 'vit', patch: 16, layers: 1 }, text: { context: 12, vocabulary: 120 } },
    ],
    ['openai-resnet.pt', 'openai-resnet', 1e-4, 'OpenAI’s CLIP', { image: { kind: 'resnet', layers: [1, 2, 1, 1] }, embed: 24 }],
    ['openclip-folder', 'openclip', 1e-4, 'OpenCLIP', { activation: 'gelu', embed: 40 }],
    ['huggingface', 'huggingface', 1e-4, 'Hugging Face’s CLIPModel', { image: { heads: 3 }, text: { heads: 2, layers: 2 } }],
  ])('%s', async (file, name, tolerance, family, expected) => {
    const opened = openCheckpoint(at(file))
    const found = importClip(opened)!
    const { architecture: a, weights } = found
    expect(found.family).toBe(family)
    expect(a).toMatchObject(expected)
    const p = parametersOf(weights)
    const { f: fImage } = await run(golden(`${name}.picture`), (g, x) => ({ f: clipImage(g, a, p, x) }))
    const { f: fText } = await run(golden(`${name}.tokens`), (g, x) => ({ f: clipText(g, a, p, x) }))
    opened.close()
    expect(distance(fImage!, golden(`${name}.fImage`))).toBeLessThan(tolerance)
    expect(distance(fText!, golden(`${name}.fText`))).toBeLessThan(tolerance)
    expect({ file, ignored: found.ignored, notes: found.notes }).toMatchSnapshot()
  })
})

describe('the same weights in another place or form', () => {
  /** A checkpoint whose tensors have other names, as other programs save them. */
  function renamed(file: string, rename: (name: string) => string | undefined, format?: Checkpoint['format']): Checkpoint {
    const opened = openCheckpoint(at(file))
    const tensors = new Map([...opened.tensors].flatMap(([name, t]) => (rename(name) === undefined ? [] : [[rename(name)!, t] as const])))
    return { ...opened, tensors, root: null, ...(format ? { format } : {}) }
  }

  it('a generator inside an encoder’s checkpoint (pSp, e4e)', () => {
    const inEncoder = renamed('rosinality.pt', (name) =>
      name.startsWith('g_ema.') ? name.replace('g_ema.', 'state_dict.decoder.') : undefined,
    )
    const { architecture, ignored } = importGenerator(inEncoder)!
    expect(architecture.imageSize).toBe(64)
    expect(ignored).toEqual(['the resampling filter, repeated, 7 tensors'])
  })

  it('a state dict under NVIDIA’s names, without the object that tells the rest', () => {
    const { architecture } = importGenerator(renamed('nvidia-stylegan3-repo.pkl', (name) => name.slice('G_ema.'.length)))!
    expect(architecture).toMatchObject({ mappingRate: 0.01, imageSize: 16 })
  })

  it('OpenCLIP with the text encoder under "text.", and halves without a word', () => {
    const nested = renamed('openclip-folder', (name) =>
      name.replace('state_dict.module.', '').replace(/^(?=transformer|token|posi|ln_final|text_p)/, 'text.'),
    )
    expect(importClip(nested)?.architecture).toMatchObject({ embed: 40, activation: 'gelu' })
    const halves = importClip({ ...renamed('openai-resnet.pt', (name) => name), path: at('openai-resnet.pt') })!
    expect(halves.notes[0]).toMatch('--activation gelu')
  })

  it('OpenCLIP without its config says what it took, and takes what it is told', () => {
    const alone = { ...renamed('openclip-folder', (name) => name), path: at('openai-vit.pt') }
    expect(importClip(alone)).toMatchObject({
      architecture: { activation: 'gelu' },
      notes: [expect.stringContaining('--activation quickGelu')],
    })
    const told = importClip(alone, { activation: 'quickGelu' })!
    expect(told.architecture.activation).toBeUndefined()
    expect(told.notes).toEqual([])
  })

  it.each([
    [
      'with residual blocks',
      (name: string) => [name, ...(name === 'synthesis.b8.conv0.weight' ? ['synthesis.b8.skip.weight'] : [])],
      'residual',
    ],
    ['without skip images', (name: string) => (/b(4|8)\.torgb/.test(name) ? [] : [name]), 'skip images'],
  ])('a generator %s is refused in one sentence', (_, names, words) => {
    const plain = renamed('nvidia-stylegan3-repo.pkl', (name) => name.slice('G_ema.'.length))
    const tensors = new Map([...plain.tensors].flatMap(([name, t]) => names(name).map((n) => [n, t] as const)))
    expect(() => importGenerator({ ...plain, tensors })).toThrow(
      expect.objectContaining({ code: 'generator.unsupported', where: 'nvidia-stylegan3-repo.pkl', what: expect.stringContaining(words) }),
    )
  })

  it('a tensor too many or too few is named', () => {
    const more = renamed('nvidia-stylegan3-repo.pkl', (name) => (name.endsWith('w_avg') ? 'something.else' : name))
    expect(() => importGenerator(more)).toThrow(
      expect.objectContaining({ code: 'import.unknown-tensor', what: expect.stringContaining('something.else') }),
    )
    const less = renamed('nvidia-stylegan3-repo.pkl', (name) => (name.endsWith('b16.conv1.bias') ? undefined : name))
    expect(() => importGenerator(less)).toThrow(
      expect.objectContaining({
        code: 'parameters.missing',
        where: 'nvidia-stylegan3-repo.pkl',
        what: expect.stringContaining('synthesis.b16.conv1.bias'),
      }),
    )
    const half = renamed('huggingface', (name) => (name === 'text_model.final_layer_norm.bias' ? undefined : name))
    expect(() => importClip(half)).toThrow(expect.objectContaining({ code: 'import.missing-tensor' }))
  })
})
