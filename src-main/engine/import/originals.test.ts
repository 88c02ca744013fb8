import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openCheckpoint } from '../checkpoints/open.ts'
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
