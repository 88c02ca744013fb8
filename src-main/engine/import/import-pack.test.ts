import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gzipSync } from 'node:zlib'
import { dictionary, tensor, torchZip } from '../checkpoints/testing.ts'
import { listPacks } from '../packs/list.ts'
import { openPack } from '../packs/pack.ts'
import { clipTokenizer } from './clip-tokenizer.ts'
import { importPack } from './import-pack.ts'
import { missingPiece, openPieces } from './pieces.ts'
import { readTokenizer, tokenizerPart } from './tokenizer.ts'

const testdata = (name: string) => join(import.meta.dirname, 'testdata', name)
let folder: string
const at = (...names: string[]) => join(folder, ...names)
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-'))
  writeFileSync(at('tokenizer.json'), JSON.stringify(tinyTokenizer(120)))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A vocabulary of so many tokens: letters, letters at the end of a word, fillers, and the marks last. */
function tinyTokenizer(count: number) {
  const letters = [...'abcdefghijklmnopqrstuvwxyz']
  const tokens = [...letters, ...letters.map((x) => `${x}</w>`)]
  while (tokens.length < count - 2) tokens.push(`filler${tokens.length}`)
  tokens.push('<|startoftext|>', '<|endoftext|>')
  return clipTokenizer(Object.fromEntries(tokens.map((token, i) => [token, i])), [['a', 'b</w>']])
}

describe('a pack from published files', () => {
  const files = () => [at('tokenizer.json'), testdata('openai-vit.pt'), testdata('nvidia-stylegan3-repo.pkl')]

  it('holds both networks, the tokenizer, and where they come from', async () => {
    const seen = new Set<string>()
    const { manifest, found, ignored } = await importPack(files(), {
      folder: at('packs', 'my-cats'),
      noun: 'cat',
      progress: ({ stage, step, of }) => (seen.add(stage), expect(step).toBeLessThanOrEqual(of)),
    })
    expect(manifest).toMatchObject({ id: 'my-cats', title: 'My cats', noun: 'cat', imageSize: 16, crop: 'square' })
    expect(manifest.neutralTexts).toContain('a photo of a cat')
    expect(manifest.provenance.map(({ source }) => source)).toEqual(['nvidia-stylegan3-repo.pkl', 'openai-vit.pt', 'tokenizer.json'])
    expect(found).toContain('nvidia-stylegan3-repo.pkl: NVIDIA’s StyleGAN2 (PyTorch), 16 × 16 pixels')
    expect(ignored).toContain('the temperature of training, 1 tensor')
    expect([...seen]).toEqual(['reading', 'writing'])
    const pack = await openPack(at('packs', 'my-cats'))
    expect((await pack.parameters('clip')).tensor('text_projection').shape).toEqual([32, 32])
    expect((await pack.tokenizer()).encode('x', 4)).toEqual(BigInt64Array.of(118n, 49n, 119n, 0n))
  })

  it('is the same, byte for byte, from the same files in another order', async () => {
    await importPack(files().reverse(), { folder: at('again', 'my-cats'), noun: 'cat' })
    for (const name of ['pack.json', 'tokenizer.json', 'weights/clip.safetensors', 'weights/generator.safetensors'])
      expect(readFileSync(at('again', 'my-cats', name)).equals(readFileSync(at('packs', 'my-cats', name)))).toBe(true)
  })

  it('gets the face detector of another pack if it makes faces', async () => {
    const facesFrom = join(import.meta.dirname, '../../../models/portraits')
    const { manifest } = await importPack(files(), { folder: at('packs', 'faces'), noun: 'face', title: 'People', facesFrom })
    expect(manifest).toMatchObject({ crop: 'ffhq', title: 'People' })
    expect((await openPack(at('packs', 'faces'))).has('faces')).toBe(true)
  })

  it('that is cancelled or fails leaves nothing behind', async () => {
    const stop = new AbortController()
    const options = { folder: at('packs', 'stopped'), noun: 'cat', signal: stop.signal }
    await expect(importPack(files(), { ...options, progress: ({ stage }) => stage === 'writing' && stop.abort() })).rejects.toThrow(
      'cancelled',
    )
    expect(readdirSync(at('packs')).sort()).toEqual(['faces', 'my-cats'])
    expect(await listPacks([at('packs')])).toHaveLength(2)
  })

  it('takes the tokenizer of the folder that a CLIP lies in', async () => {
    cpSync(testdata('huggingface'), at('hugging'), { recursive: true })
    const tokens = tinyTokenizer(80) as { model: { vocab: object; merges: string[] } }
    writeFileSync(at('hugging', 'vocab.json'), JSON.stringify(tokens.model.vocab))
    writeFileSync(at('hugging', 'merges.txt'), `#version: 0.2\n${tokens.model.merges.join('\n')}\n`)
    const { manifest } = await importPack([at('hugging'), testdata('rosinality.pt')], { folder: at('packs', 'more'), noun: 'car' })
    expect(manifest.clip.image).toMatchObject({ heads: 3 })
    expect(manifest.provenance).toHaveLength(5)
  })
})

describe('what is missing is asked for, what is wrong is named', () => {
  it('piece by piece', async () => {
    const ask = (...paths: string[]) => {
      const pieces = openPieces(paths)
      pieces.close()
      return missingPiece(pieces)?.message
    }
    expect(ask()).toMatch('Now drop a generator')
    expect(ask(testdata('tensorflow.pkl'))).toMatch('a CLIP is missing. Now drop a CLIP model, such as OpenAI’s ViT-B-32.pt.')
    expect(ask(testdata('tensorflow.pkl'), testdata('openai-vit.pt'))).toMatch('Now drop the CLIP’s tokenizer')
    await expect(importPack([testdata('openai-vit.pt')], { folder: at('packs', 'half'), noun: 'x' })).rejects.toMatchObject({
      code: 'import.missing-piece',
    })
    expect(existsSync(at('packs', 'half'))).toBe(false)
  })

  const stored = (names: readonly string[]) =>
    torchZip(dictionary(Object.fromEntries(names.map((name) => [name, tensor({ count: 1, shape: [1], strides: [1] })]))), {
      0: new Uint8Array(4),
    })
  it.each([
    ['a Stable Diffusion LoRA', ['lora_unet_down_blocks_0.lora_down.weight']],
    ['a Stable Diffusion checkpoint', ['model.diffusion_model.input_blocks.0.0.weight']],
    ['only a discriminator', ['D.b64.fromrgb.weight', 'D.b4.out.weight']],
    ['only CLIP’s text encoder', ['text_model.embeddings.token_embedding.weight']],
    ['lucidrains’ stylegan2-pytorch', ['GAN.G.initial_block', 'GAN.G.blocks.0.conv1.weight']],
    ['a Vision Transformer by itself', ['blocks.0.attn.qkv.weight']],
    ['a language model', ['model.layers.0.self_attn.q_proj.weight']],
    ['a StyleGAN3 generator', ['synthesis.input.freqs']],
    ['neither a StyleGAN2 generator nor a CLIP', ['some.thing', 'other.thing']],
    ['no tensors at all', []],
  ])('%s', (what, names) => {
    writeFileSync(at('wrong.pt'), stored(names))
    expect(() => openPieces([at('wrong.pt')])).toThrow(
      expect.objectContaining({ code: 'import.wrong-file', what: expect.stringContaining(what) }),
    )
  })

  it('a StyleGAN3 generator, a SigLIP, and two of a kind', () => {
    writeFileSync(at('three.pt'), stored(['G_ema.mapping.fc0.weight', 'G_ema.synthesis.input.freqs']))
    expect(() => openPieces([at('three.pt')])).toThrow(expect.objectContaining({ code: 'generator.stylegan3' }))
    writeFileSync(at('siglip.pt'), stored(['logit_bias', 'visual.conv1.weight']))
    expect(() => openPieces([at('siglip.pt')])).toThrow(
      expect.objectContaining({ code: 'clip.unsupported', what: expect.stringContaining('SigLIP') }),
    )
    const twice = [testdata('tensorflow.pkl'), testdata('rosinality.pt')]
    expect(() => openPieces(twice)).toThrow(expect.objectContaining({ code: 'import.piece-twice', where: 'rosinality.pt' }))
  })

  it('a conditional generator without a class, with a wrong one, and a class for one that has none', () => {
    const ada = testdata('nvidia-ada.pkl')
    expect(() => openPieces([ada])).toThrow(
      expect.objectContaining({ code: 'import.needs-class', todo: expect.stringContaining('from 0 to 2') }),
    )
    expect(() => openPieces([ada], { label: 3 })).toThrow(expect.objectContaining({ code: 'import.no-such-class' }))
    expect(() => openPieces([testdata('tensorflow.pkl')], { label: 0 })).toThrow(expect.objectContaining({ code: 'import.no-such-class' }))
  })

  it('a tokenizer of another CLIP, half a tokenizer, and a folder’s name that is none', async () => {
    const files = [testdata('openai-resnet.pt'), testdata('tensorflow.pkl')]
    const options = { folder: at('packs', 'other'), noun: 'cat' }
    await expect(importPack([...files, at('tokenizer.json')], options)).rejects.toMatchObject({ code: 'import.tokenizer-mismatch' })
    await expect(importPack([...files, at('hugging', 'vocab.json')], options)).rejects.toMatchObject({ code: 'import.half-tokenizer' })
    await expect(importPack(files, { ...options, noun: ' ' })).rejects.toMatchObject({ code: 'import.bad-name', where: 'noun' })
    await expect(importPack(files, { ...options, title: 'x'.repeat(81) })).rejects.toMatchObject({
      code: 'import.bad-name',
      where: 'title',
    })
    await expect(importPack(files, { ...options, folder: at('packs', 'Ünïcode Näme') })).rejects.toMatchObject({
      code: 'import.bad-name',
      todo: expect.stringContaining('unicode-name'),
    })
  })
})

it('OpenAI’s list of merges gives OpenAI’s ids', () => {
  // The first merges of the list, in its form; the ids of bytes and merges follow from their order.
  const lines = ['"bpe_simple_vocab_16e6.txt#version: 0.2', 'i n', 't h', 'a n', 'th e</w>']
  writeFileSync(at('bpe.gz'), gzipSync(lines.join('\n')))
  expect(tokenizerPart(at('bpe.gz'))).toBe('bpe.txt.gz')
  const { vocab } = (readTokenizer(new Map([['bpe.txt.gz', at('bpe.gz')]])) as { model: { vocab: Record<string, number> } }).model
  expect([vocab['!'], vocab['a'], vocab['Ā'], vocab['!</w>'], vocab['in'], vocab['the</w>'], vocab['<|endoftext|>']]).toEqual([
    0, 64, 188, 256, 512, 515, 517,
  ])
})
