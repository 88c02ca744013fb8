import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initializeCanvas, readPsd } from 'ag-psd'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenedPhoto, PackSummary } from '../contract/calls.ts'
import type { Client } from '../contract/channel.ts'
import { newEditLayer, type ImageLayer, type Layer, type Mask, type MixLayer, type Recipe } from '../contract/document.ts'
import { Random } from '../engine/runtime/random.ts'
import type { Studio } from './studio.ts'
import { startTestStudio, testPicture, writeAlignedPack } from './testing.ts'

let folder: string
let studio: Studio
let client: Client
let photo: OpenedPhoto
let pack: PackSummary
let mask: Mask

/** A studio with a cache of its own, as on another machine. */
const start = (cache: string) => startTestStudio(folder, { cache: join(folder, cache) })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exports-'))
  await writeAlignedPack(join(folder, 'packs'))
  ;({ studio, client } = start('cache'))
  pack = (await client.call('packs.list', {}))[0]!
  const { sha256 } = await studio.blobs.put(await testPicture('png'))
  photo = await client.call('photo.open', { source: { blob: sha256, name: 'holiday.png' }, pack: 'tiny' })
  const half = await sharp({ create: { width: 48, height: 64, channels: 3, background: 'white' } })
    .extend({ right: 48, background: 'black' })
    .toColourspace('b-w')
    .png()
    .toBuffer()
  const { sha256: bitmap } = await studio.blobs.put(half)
  mask = { bitmap, width: 96, height: 64, feather: 0, grow: 0, edges: 0, inverted: false, enabled: true }
})
afterAll(async () => {
  await studio.release()
  await rm(folder, { recursive: true })
})

const recipe = (...layers: Layer[]): Recipe => ({
  format: 1,
  pack: { id: 'tiny', hash: pack.hash },
  photo: { id: photo.id, name: photo.name },
  crop: photo.crop,
  quality: 'instant',
  layers,
  groups: [{ id: 'g', name: 'Mine', visible: true }],
  composite: { feather: 0.06, residual: 1, colourMatch: true },
})
const options = { format: 'png', quality: 90, metadata: 'all', profile: 'same', embedRecipe: true, aiLabel: true } as const
const smile = () => newEditLayer('a', 'smiling', { strength: 3, focus: 0 })
const old = () => newEditLayer('b', 'old', { strength: -2, focus: 0, mask, group: 'g', name: 'Age' })
const mix = (): MixLayer => ({
  id: 'm',
  kind: 'mix',
  donor: { kind: 'seed', seed: 5 },
  alpha: 0.6,
  weights: pack.styleLayers.map(() => 0.8),
  visible: true,
})
async function picture(): Promise<ImageLayer> {
  const bytes = await sharp({ create: { width: 10, height: 8, channels: 4, background: { r: 200, g: 30, b: 30, alpha: 0.5 } } })
    .png()
    .toBuffer()
  const { sha256: id } = await studio.blobs.put(bytes)
  const shown = { center: [20, 20], scale: 1.5, angle: 0.3, opacity: 0.7, blend: 'multiply', visible: true } as const
  return { id: 'p', kind: 'image', picture: { id, name: 'stamp.png', width: 10, height: 8 }, ...shown, center: [20, 20] }
}

const samplesOf = async (of: Studio, sha256: string) =>
  sharp(await of.blobs.read(sha256))
    .raw()
    .toBuffer()

describe('the recipe in a file', () => {
  it.each(['jpeg', 'png', 'webp', 'avif', 'tiff'] as const)(
    'of a %s gives back the document, whose export is the identical picture',
    async (format) => {
      const made = recipe(await picture(), smile(), old(), mix())
      const first = await client.call('export.render', { ...options, format, recipe: made })
      expect(first.warnings).toEqual([])
      const { recipe: restored } = await client.call('photo.open', { source: { blob: first.blob.sha256, name: 'dropped' }, pack: 'tiny' })
      expect(restored).toEqual(made)
      const second = await client.call('export.render', { ...options, format, recipe: restored! })
      expect(second.blob.sha256).toBe(first.blob.sha256)
    },
  )

  it('brings its masks to another machine, where the photo is opened by its owner', async () => {
    const made = recipe(smile(), old())
    const { blob } = await client.call('export.render', { ...options, recipe: made })
    const other = start('elsewhere')
    await other.studio.blobs.put(await testPicture('png'))
    const { sha256 } = await other.studio.blobs.put(await studio.blobs.read(blob.sha256))
    const { recipe: restored } = await other.client.call('photo.open', { source: { blob: sha256, name: 'mail.png' }, pack: 'tiny' })
    const again = await other.client.call('export.render', { ...options, recipe: restored! })
    expect(await samplesOf(other.studio, again.blob.sha256)).toEqual(await samplesOf(studio, blob.sha256))
    await other.studio.release()
  })

  it('says which masks were too large, and does without them where they are missing', async () => {
    const noise = await sharp(Buffer.from(new Random(9).normals(300 * 200).map((x) => 128 + 60 * x)), {
      raw: { width: 300, height: 200, channels: 1 },
    })
      .png()
      .toBuffer()
    const { sha256: bitmap } = await studio.blobs.put(noise)
    const large = { ...old(), mask: { ...mask, bitmap, width: 300, height: 200 } }
    const { blob, warnings } = await client.call('export.render', { ...options, recipe: recipe(large) })
    expect(warnings).toEqual([expect.stringMatching(/^1 of 1 masks are too large/)])
    const other = start('nowhere')
    const { sha256 } = await other.studio.blobs.put(await studio.blobs.read(blob.sha256))
    const opened = await other.client.call('photo.open', { source: { blob: sha256, name: 'mail.png' }, pack: 'tiny' })
    expect(opened.recipe?.layers[0]?.mask?.enabled).toBe(false)
    await other.studio.release()
  })
})

describe('a PSD', () => {
  it('holds the photo and every layer, which together are the result', async () => {
    initializeCanvas(
      () => {
        throw new Error('no canvas')
      },
      (width, height) => ({ width, height, data: new Uint8ClampedArray(width * height * 4) }) as never,
    )
    const made = recipe(await picture(), { ...smile(), visible: false }, old(), mix())
    const { blob, name } = await client.call('export.render', { ...options, format: 'psd', recipe: made })
    expect(name).toBe('holiday-edited.psd')
    const psd = readPsd(await studio.blobs.read(blob.sha256), { useImageData: true })
    const [base, mixed, group, hidden, stamp] = psd.children!
    expect([base!.name, mixed!.name, group!.name, hidden!.name, stamp!.name]).toEqual([
      'holiday.png',
      'Mix: seed 5',
      'Mine',
      'smiling 3.00',
      'stamp.png',
    ])
    expect(group!.children).toMatchObject([{ name: 'Age', mask: { defaultColor: 0 } }])
    expect(hidden!.hidden).toBe(true)
    const flat = await client.call('export.render', { ...options, recipe: made })
    const result = await samplesOf(studio, flat.blob.sha256)
    const merged = psd.imageData!.data
    let worst = 0
    const channels = result.length / (96 * 64)
    for (let i = 0; i < 96 * 64; i++)
      for (let c = 0; c < 3; c++) worst = Math.max(worst, Math.abs(merged[i * 4 + c]! - result[i * channels + c]!))
    expect(worst).toBe(0)
    expect(psd.imageResources?.xmpMetadata).toContain('compositeWithTrainedAlgorithmicMedia')
  })
})

it('estimates what an export will weigh', async () => {
  const request = { ...options, format: 'jpeg', recipe: recipe(smile()), maxSide: 48 } as const
  const { bytes, width, height } = await client.call('export.estimate', request)
  const { blob } = await client.call('export.render', request)
  expect([width, height]).toEqual([48, 32])
  expect(Math.abs(bytes / blob.bytes - 1)).toBeLessThan(0.2)
})
