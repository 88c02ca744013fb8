import { mkdtemp, readdir, rm, writeFile, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenedPhoto, RenderRequest } from '../contract/calls.ts'
import type { Client } from '../contract/channel.ts'
import { isEdit, newEditLayer, type EditLayer, type Recipe } from '../contract/document.ts'
import { Cancelled } from '../contract/errors.ts'
import type { Studio } from './studio.ts'
import { startTestStudio, testPicture, writeAlignedPack } from './testing.ts'

let folder: string
let studio: Studio
let client: Client
let photo: OpenedPhoto
let packHash: string
const notices: string[] = []

const start = () => startTestStudio(folder, { notice: ({ text }) => notices.push(text) })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'studio-'))
  await writeAlignedPack(join(folder, 'packs'))
  await mkdir(join(folder, 'packs/broken'))
  await writeFile(join(folder, 'packs/broken/pack.json'), '{')
  await mkdir(join(folder, 'samples'))
  await writeFile(join(folder, 'samples/red-scarf.jpg'), await testPicture('jpeg', { seed: 2 }))
  ;({ studio, client } = start())
  packHash = (await client.call('packs.list', {}))[0]!.hash
  const { sha256 } = await studio.blobs.put(await testPicture('png'))
  photo = await client.call('photo.open', { source: { blob: sha256, name: 'holiday.png' }, pack: 'tiny' })
})
afterAll(async () => {
  await studio.release()
  await rm(folder, { recursive: true })
})

const recipe = (...layers: EditLayer[]): Recipe => ({
  format: 1,
  pack: { id: 'tiny', hash: packHash },
  photo: { id: photo.id, name: photo.name },
  crop: photo.crop,
  quality: 'instant',
  layers,
  composite: { feather: 0.06, residual: 1, colourMatch: true },
})
const request = (...layers: EditLayer[]): RenderRequest => ({ ...recipe(...layers), maxSize: 64, draft: false })
const smile = (changes: Partial<EditLayer> = {}) => newEditLayer('a', 'smiling', { strength: 3, focus: 0, ...changes })
const exportOf = (...layers: EditLayer[]) => ({
  recipe: recipe(...layers),
  format: 'png' as const,
  quality: 90,
  metadata: 'all' as const,
  profile: 'same' as const,
  embedRecipe: true,
  aiLabel: true,
})

describe('packs and samples', () => {
  it('lists what can be used and announces, once, what cannot', async () => {
    const [pack, ...others] = await client.call('packs.list', {})
    expect(others).toEqual([])
    expect(pack).toMatchObject({ id: 'tiny', noun: 'face', imageSize: 16 })
    expect(pack!.styleLayers.length).toBeGreaterThan(3)
    expect(notices).toEqual([expect.stringMatching(/^A pack cannot be used\. broken: /)])
  })

  it('shows samples by thumbnails and opens one', async () => {
    const { samples } = await client.call('app.info', {})
    expect(samples).toMatchObject([{ name: 'red-scarf.jpg', title: 'Red scarf', thumbnail: { type: 'image/webp' } }])
    const opened = await client.call('photo.open', { source: { sample: 'red-scarf.jpg' }, pack: 'tiny' })
    expect(opened).toMatchObject({ name: 'red-scarf.jpg', width: 96, height: 64 })
    await expect(client.call('photo.open', { source: { sample: '../secret.jpg' }, pack: 'tiny' })).rejects.toMatchObject({
      code: 'sample.unknown',
    })
  })
})

describe('opening', () => {
  it('tells what the photo is and starts with the centred square where no face is looked for', () => {
    expect(photo).toMatchObject({ name: 'holiday.png', width: 96, height: 64, format: 'png', depth: 8, faces: [], warnings: [] })
    expect(photo.crop).toEqual({ center: [48, 32], size: 64, angle: 0 })
    expect(photo.preview).toMatchObject({ type: 'image/jpeg', width: 96, height: 64 })
  })

  it('reports its stages', async () => {
    const stages: string[] = []
    const source = { blob: photo.id, name: 'again.png' }
    await client.call(
      'photo.open',
      { source, pack: 'tiny' },
      { onProgress: ({ stage, step, of }) => stages.push(`${stage} ${step}/${of}`) },
    )
    expect(stages).toEqual(['decode 0/3', 'preview 1/3', 'faces 2/3', 'faces 3/3'])
  })

  it('says in a sentence why not', async () => {
    const text = await studio.blobs.put(Buffer.from('Dear diary'))
    const open = (blob: string, pack = 'tiny') => client.call('photo.open', { source: { blob, name: 'holiday.jpg' }, pack })
    await expect(open(text.sha256)).rejects.toMatchObject({ code: 'photo.not-an-image', where: 'holiday.jpg' })
    await expect(open('0'.repeat(64))).rejects.toMatchObject({ code: 'blob.missing' })
    await expect(open(photo.id, 'cats')).rejects.toMatchObject({ code: 'pack.unknown', todo: 'Choose one of these: "tiny".' })
  })

  it('opens a photo that is too small to edit, and says so when it is to be edited', async () => {
    const tiny = await studio.blobs.put(await testPicture('png', { width: 1, height: 1 }))
    const opened = await client.call('photo.open', { source: { blob: tiny.sha256, name: 'dot.png' }, pack: 'tiny' })
    expect(opened.warnings).toEqual([expect.stringContaining('too few to edit')])
    const { id, crop } = opened
    const inverting = client.call('photo.invert', { photo: id, crop, pack: 'tiny', quality: 'instant' })
    await expect(inverting).rejects.toMatchObject({ code: 'photo.too-small' })
    await expect(client.call('photo.crop', { photo: id, crop, pack: 'tiny' })).rejects.toMatchObject({ code: 'photo.too-small' })
  })
})

describe('inverting', () => {
  it('shows the aligned photo and its inversion, and keeps the inversion for the next process', async () => {
    const { id, crop } = photo
    const first = await client.call('photo.invert', { photo: id, crop, pack: 'tiny', quality: 'instant' })
    expect(first).toMatchObject({ method: 'bridge', aligned: { type: 'image/webp' }, inverted: { type: 'image/webp' } })
    expect((await client.call('photo.crop', { photo: id, crop, pack: 'tiny' })).aligned).toEqual(first.aligned)
    expect(await readdir(join(folder, 'cache/inversions'))).toHaveLength(1)
    const other = start()
    expect(await other.client.call('photo.invert', { photo: id, crop, pack: 'tiny', quality: 'instant' })).toEqual(first)
    await other.studio.release()
  })

  it('makes an inversion anew when the kept one is damaged', async () => {
    const { id, crop } = photo
    const first = await client.call('photo.invert', { photo: id, crop, pack: 'tiny', quality: 'instant' })
    const [file] = await readdir(join(folder, 'cache/inversions'))
    await writeFile(join(folder, 'cache/inversions', file!), 'damaged')
    const other = start()
    expect(await other.client.call('photo.invert', { photo: id, crop, pack: 'tiny', quality: 'instant' })).toEqual(first)
    await other.studio.release()
  })
})

describe('rendering', () => {
  it('gives a patch with its place, timings and the reach of each layer', async () => {
    const { patch, timings, channels, unknownWords } = await client.call('edit.render', request(smile()))
    expect(patch).toMatchObject({ type: 'image/png', box: { x: 16, y: 0, width: 64, height: 64 } })
    expect(Object.keys(timings)).toEqual(['pack', 'decode', 'invert', 'masks', 'direction', 'synthesize', 'composite', 'encode'])
    expect(channels.a!.used).toBeGreaterThan(0)
    const narrow = await client.call('edit.render', request(smile({ focus: 0.9 })))
    expect(narrow.channels.a!.used).toBeLessThan(channels.a!.used)
    expect(channels.a!.used).toBeLessThanOrEqual(channels.a!.of)
    expect(unknownWords).toEqual(['smiling'])
  })

  it.each<[string, EditLayer[]]>([
    ['no layer', []],
    ['a hidden layer', [smile({ visible: false })]],
    ['strength 0, varied or not', [smile({ strength: 0, variation: { seed: 1, amount: 1 } })]],
    ['no range', [smile({ ranges: { coarse: 0, middle: 0, fine: 0 } })]],
    ['a text that is the neutral text', [smile({ text: 'a face', neutral: 'a face' })]],
  ])('has no patch for %s', async (_, layers) => {
    expect((await client.call('edit.render', request(...layers))).patch).toBeUndefined()
  })

  it('is the same for the same request, and differs by strength, range and variation', async () => {
    const shaOf = async (changes: Partial<EditLayer>) => (await client.call('edit.render', request(smile(changes)))).patch?.sha256
    const plain = await shaOf({})
    expect(await shaOf({})).toBe(plain)
    const others = [
      await shaOf({ strength: 2 }),
      await shaOf({ ranges: { coarse: 1, middle: 0, fine: 1 } }),
      await shaOf({ variation: { seed: 4, amount: 1 } }),
    ]
    expect(new Set([plain, ...others]).size).toBe(4)
  })

  it('drops a picture that a newer one of the same photo overtakes', async () => {
    const renders = [1, 2, 3].map((strength) => client.call('edit.render', request(smile({ strength }))))
    const results = await Promise.allSettled(renders)
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect((results[1] as PromiseRejectedResult).reason).toBeInstanceOf(Cancelled)
  })

  it('keeps only the latest drafts on disk', async () => {
    const drafts: string[] = []
    for (let n = 0; n < 36; n++) {
      const { patch } = await client.call('edit.render', { ...request(smile({ strength: 1 + n / 20 })), draft: true })
      drafts.push(patch!.sha256)
    }
    expect(await studio.blobs.serve(drafts[0]!)).toBeUndefined()
    expect(await studio.blobs.serve(drafts.at(-1)!)).toBeDefined()
  })

  it('splits a prompt as the layers that the studio makes of it', async () => {
    const split = await client.call('edit.split', { pack: 'tiny', text: 'smiling, with red hair' })
    expect(split.parts).toEqual(['smiling', 'with red hair'])
  })
})

describe('variations', () => {
  it('come one by one, each with its own seed, and the same for the same seed', async () => {
    const wanted = { recipe: recipe(smile(), newEditLayer('b', 'old')), vary: ['a'], count: 3, seed: 7, size: 64 }
    const streamed: number[] = []
    const { variations } = await client.call('edit.variations', wanted, { onProgress: ({ index }) => streamed.push(index) })
    expect(streamed).toEqual([0, 1, 2])
    expect(variations.map(({ layers }) => layers.filter(isEdit).map(({ variation }) => variation?.seed))).toEqual(
      [7, 8, 9].map((seed) => [seed, undefined]),
    )
    expect(new Set(variations.map(({ thumbnail }) => thumbnail.sha256)).size).toBe(3)
    expect((await client.call('edit.variations', wanted)).variations).toEqual(variations)
  })

  it('end when the person gives up', async () => {
    const controller = new AbortController()
    const wanted = { recipe: recipe(smile()), vary: ['a'], count: 16, seed: 1, size: 64 }
    const running = client.call('edit.variations', wanted, { signal: controller.signal, onProgress: () => controller.abort() })
    await expect(running).rejects.toBeInstanceOf(Cancelled)
  })
})

describe('exporting', () => {
  it('changes nothing outside the square and carries the recipe, which opening finds', async () => {
    const { blob, name, width, height, warnings } = await client.call('export.render', exportOf(smile()))
    expect({ name, width, height, warnings }).toEqual({ name: 'holiday-edited.png', width: 96, height: 64, warnings: [] })
    const [before, after] = await Promise.all(
      [photo.id, blob.sha256].map(async (id) =>
        sharp(await studio.blobs.read(id))
          .removeAlpha()
          .raw()
          .toBuffer(),
      ),
    )
    let [changedInside, changedOutside] = [0, 0]
    for (let i = 0; i < before!.length; i++) {
      const x = Math.floor(i / 3) % 96
      if (before![i] !== after![i]) {
        if (x >= 16 && x < 80) changedInside++
        else changedOutside++
      }
    }
    expect(changedInside).toBeGreaterThan(100)
    expect(changedOutside).toBe(0)
    const opened = await client.call('photo.open', { source: { blob: blob.sha256, name }, pack: 'tiny' })
    expect(opened.recipe).toEqual(recipe(smile()))
  })

  it('says so when the recipe was made with another version of the pack', async () => {
    const old = exportOf(smile())
    const { warnings } = await client.call('export.render', { ...old, recipe: { ...old.recipe, pack: { id: 'tiny', hash: 'old' } } })
    expect(warnings).toEqual([expect.stringContaining('another version of this pack')])
  })

  it('gives the photo back where nothing is edited', async () => {
    const { blob } = await client.call('export.render', { ...exportOf(), embedRecipe: false })
    const [before, after] = await Promise.all(
      [photo.id, blob.sha256].map(async (id) =>
        sharp(await studio.blobs.read(id))
          .raw()
          .toBuffer(),
      ),
    )
    expect(after).toEqual(before)
  })
})
