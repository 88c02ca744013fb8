import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenedPhoto } from '../contract/calls.ts'
import type { Client } from '../contract/channel.ts'
import { newEditLayer, type EditLayer, type Mask, type Recipe } from '../contract/document.ts'
import { newField } from '../engine/photos/field.ts'
import { writeMask } from '../engine/photos/masks/bitmap.ts'
import { inlineMasks, restoreMasks } from './masks.ts'
import { BlobStore } from './blobs.ts'
import type { Studio } from './studio.ts'
import { startTestStudio, testPicture, writeAlignedPack } from './testing.ts'

let folder: string
let studio: Studio
let client: Client
let photo: OpenedPhoto
const masks: Record<string, Mask> = {}

async function mask(value: (x: number, y: number) => number): Promise<Mask> {
  const field = newField(96, 64, 1)
  for (let i = 0; i < field.data.length; i++) field.data[i] = value(i % 96, Math.floor(i / 96))
  const { sha256 } = await studio.blobs.put(await writeMask(field))
  return { bitmap: sha256, width: 96, height: 64, feather: 0, grow: 0, edges: 0, inverted: false, enabled: true }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'masks-'))
  await writeAlignedPack(join(folder, 'packs'))
  ;({ studio, client } = startTestStudio(folder))
  const { sha256 } = await studio.blobs.put(await testPicture('png'))
  photo = await client.call('photo.open', { source: { blob: sha256, name: 'holiday.png' }, pack: 'tiny' })
  masks.white = await mask(() => 1)
  masks.black = await mask(() => 0)
  masks.left = await mask((x) => (x < 48 ? 1 : 0))
  masks.right = await mask((x) => (x < 48 ? 0 : 1))
})
afterAll(async () => {
  await studio.release()
  await rm(folder, { recursive: true })
})

const recipe = (...layers: EditLayer[]): Recipe => ({
  format: 1,
  pack: { id: 'tiny', hash: '' },
  photo: { id: photo.id, name: photo.name },
  crop: photo.crop,
  quality: 'instant',
  layers,
  composite: { feather: 0.06, residual: 1, colourMatch: true },
})
const smile = (changes: Partial<EditLayer> = {}) => newEditLayer('a', 'smiling', { strength: 3, focus: 0, ...changes })

async function exported(...layers: EditLayer[]): Promise<Buffer> {
  const { blob } = await client.call('export.render', {
    recipe: recipe(...layers),
    format: 'png',
    quality: 90,
    metadata: 'none',
    profile: 'same',
    embedRecipe: false,
    aiLabel: false,
  })
  return sharp(await studio.blobs.read(blob.sha256))
    .raw()
    .toBuffer()
}
const grey = async (sha256: string) =>
  sharp(await studio.blobs.read(sha256))
    .extractChannel(0)
    .raw()
    .toBuffer()
const original = async () =>
  sharp(await studio.blobs.read(photo.id))
    .raw()
    .toBuffer()
const differing = (a: Buffer, b: Buffer, where: (x: number) => boolean) => {
  let count = 0
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i] && where(Math.floor(i / 3) % 96)) count++
  return count
}

describe('masks of layers', () => {
  it('white are none, switched off are none, black leave the photo', async () => {
    const plain = await exported(smile())
    expect(differing(plain, await original(), () => true)).toBeGreaterThan(100)
    expect(await exported(smile({ mask: masks.white! }))).toEqual(plain)
    expect(await exported(smile({ mask: { ...masks.black!, enabled: false } }))).toEqual(plain)
    expect(await exported(smile({ mask: masks.black! }))).toEqual(await original())
    expect(await exported(smile({ mask: { ...masks.black!, inverted: true } }))).toEqual(plain)
    const { patch } = await client.call('edit.render', { ...recipe(smile({ mask: masks.black! })), maxSize: 64, draft: false })
    expect(patch).toBeUndefined()
  })

  it('let a layer through on their white side only, in export, preview and thumbnails', async () => {
    const left = await exported(smile({ mask: masks.left! }))
    expect(differing(left, await original(), (x) => x >= 48)).toBe(0)
    expect(differing(left, await original(), (x) => x < 46)).toBeGreaterThan(50)
    const turned = await exported(smile({ mask: { ...masks.left!, inverted: true } }))
    expect(differing(turned, await original(), (x) => x < 48)).toBe(0)
    const { patch } = await client.call('edit.render', { ...recipe(smile({ mask: masks.left! })), maxSize: 96, draft: false })
    const alpha = await sharp(await studio.blobs.read(patch!.sha256))
      .extractChannel(3)
      .raw()
      .toBuffer({ resolveWithObject: true })
    const shown = [...alpha.data].flatMap((a, i) =>
      a > 0 ? [patch!.box.x + (i % alpha.info.width) * (patch!.box.width / alpha.info.width)] : [],
    )
    expect(Math.max(...shown)).toBeLessThan(50)
    const request = { vary: ['a'], count: 1, seed: 1, size: 64 }
    const { variations } = await client.call('edit.variations', { recipe: recipe(smile({ mask: masks.left! })), ...request })
    expect(variations[0]!.layers[0]!.mask).toEqual(masks.left)
  })

  it('keep two layers apart, each on its own side', async () => {
    const other = newEditLayer('b', 'with red hair', { strength: 3, focus: 0 })
    const both = await exported(smile({ mask: masks.left! }), { ...other, mask: masks.right! })
    const [first, second] = [await exported(smile({ mask: masks.left! })), await exported({ ...other, mask: masks.right! })]
    expect(differing(both, first, (x) => x < 48)).toBe(0)
    expect(differing(both, second, (x) => x >= 48)).toBe(0)
  })

  it('are told when they are lost or no picture', async () => {
    const lost = smile({ mask: { ...masks.left!, bitmap: '0'.repeat(64) } })
    await expect(exported(lost)).rejects.toMatchObject({ code: 'blob.missing' })
    const { sha256 } = await studio.blobs.put(Buffer.from('Dear diary'))
    await expect(exported(smile({ mask: { ...masks.left!, bitmap: sha256 } }))).rejects.toMatchObject({ code: 'mask.damaged' })
  })
})

describe('masks that the studio makes', () => {
  it('shows a mask as it acts', async () => {
    const { blob, width, height } = await client.call('mask.shape', {
      photo: photo.id,
      mask: { ...masks.left!, inverted: true, grow: 0.1 },
      maxSize: 48,
    })
    expect([width, height]).toEqual([48, 32])
    const data = await grey(blob.sha256)
    expect([data[16 * 48 + 10], data[16 * 48 + 21], data[16 * 48 + 40]]).toEqual([0, 255, 255])
  })

  it('finds what a layer changes, and says so when it changes nothing', async () => {
    const { blob, width } = await client.call('mask.changed', { recipe: recipe(smile({ mask: masks.black! })), layer: 'a' })
    expect(width).toBe(96)
    const data = await grey(blob.sha256)
    expect(Math.max(...data)).toBe(255)
    expect(data[0]).toBe(0)
    const nothing = client.call('mask.changed', { recipe: recipe(smile({ strength: 0 })), layer: 'a' })
    await expect(nothing).rejects.toMatchObject({ code: 'mask.empty' })
  })

  it('finds parts where the crop says the face is, when none was detected', async () => {
    const at = { photo: photo.id, pack: 'tiny', crop: photo.crop }
    const { blob, width, height } = await client.call('mask.region', { ...at, region: 'mouth' })
    expect([width, height]).toEqual([96, 64])
    const data = await grey(blob.sha256)
    // The mouth of a face that FFHQ's crop frames lies three quarters down.
    expect(data[49 * 96 + 48]).toBe(255)
    expect(data[20 * 96 + 48]).toBe(0)
  })
})

describe('masks inside a recipe', () => {
  it('travel as far as they fit, the smallest first, and come back', async () => {
    const all = recipe(smile({ mask: masks.left! }), { ...smile({ mask: await mask((x, y) => ((x * 7 + y * 13) % 17) / 16) }), id: 'b' })
    const { masks: inline, left } = await inlineMasks(studio.blobs, all, 100_000)
    expect([Object.keys(inline).length, left]).toEqual([2, []])
    const room = inline[masks.left!.bitmap]!.length
    expect(await inlineMasks(studio.blobs, all, room)).toEqual({
      masks: { [masks.left!.bitmap]: inline[masks.left!.bitmap] },
      left: [all.layers[1]!.mask!.bitmap],
    })

    const elsewhere = new BlobStore(join(folder, 'elsewhere'))
    expect(await restoreMasks(elsewhere, all, { ...inline, [masks.left!.bitmap]: Buffer.from('no mask').toString('base64') })).toEqual([
      masks.left!.bitmap,
    ])
    expect(await restoreMasks(elsewhere, all, inline)).toEqual([])
    expect(await elsewhere.read(masks.left!.bitmap)).toEqual(await studio.blobs.read(masks.left!.bitmap))
  })
})
