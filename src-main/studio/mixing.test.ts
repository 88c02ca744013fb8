import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newEditLayer, type Donor, type MixLayer } from '../contract/document.ts'
import { layerWeights } from '../engine/bridge/mixing.ts'
import { testDevice } from '../engine/bridge/testing.ts'
import { float32, type TensorData } from '../engine/onnx/tensor.ts'
import { BlobStore } from './blobs.ts'
import { Directions } from './directions.ts'
import { Inversions } from './inversions.ts'
import { latentOfSeed, latentOfText } from './latents.ts'
import { Mixing } from './mixing.ts'
import { PackShelf, type OpenPack } from './packs.ts'
import { PhotoDesk } from './photos.ts'
import { testPicture, writeAlignedPack } from './testing.ts'

let folder: string
let shelf: PackShelf
let open: OpenPack
let mixing: Mixing
let photoId: string
let s: TensorData
let inversionOf: () => Promise<TensorData>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mixing-'))
  await writeAlignedPack(join(folder, 'packs'))
  shelf = new PackShelf({
    folders: [join(folder, 'packs')],
    cacheDir: folder,
    device: async () => testDevice,
    threads: 1,
    notice: () => undefined,
  })
  open = await shelf.open('tiny')
  const blobs = new BlobStore(join(folder, 'blobs'))
  const desk = new PhotoDesk(blobs)
  const inversions = new Inversions(join(folder, 'inversions'))
  mixing = new Mixing({ desk, inversions, directions: new Directions() })
  photoId = (await blobs.put(await testPicture('png'))).sha256
  const photo = () => desk.get(photoId)
  inversionOf = async () => (await inversions.get({ photoId, photo, crop, open, quality: 'instant' })).s
  s = await latentOfSeed(open, 1)
})
afterAll(async () => {
  await shelf.release()
  await rm(folder, { recursive: true })
})

const crop = { center: [32, 32] as [number, number], size: 60, angle: 0 }
const mix = (donor: Donor, changes: Partial<MixLayer> = {}): MixLayer => ({
  id: 'm',
  kind: 'mix',
  donor,
  alpha: 1,
  weights: open.models.layout.layers.map(() => 1),
  visible: true,
  ...changes,
})
const seed = (n: number): Donor => ({ kind: 'seed', seed: n })
const smile = () => newEditLayer('e', 'smiling', { strength: 2, focus: 0 })
const numbers = (t: TensorData | undefined) => t!.data as Float32Array

describe('style mixing', () => {
  it('is s_l ← (1 − α·w_l)·s_l + α·w_l·sDonor_l for every style layer', async () => {
    const { layers } = open.models.layout
    const weights = layers.map((_, l) => l / layers.length)
    const mixed = numbers(await mixing.applyLayers(open, s, [mix(seed(2), { alpha: 0.6, weights })]))
    const donor = numbers(await latentOfSeed(open, 2))
    layers.forEach(({ offset, channels }, l) => {
      const share = 0.6 * weights[l]!
      for (let j = offset; j < offset + channels; j++) expect(mixed[j]).toBeCloseTo((1 - share) * numbers(s)[j]! + share * donor[j]!, 5)
    })
  })

  it('applies the stack from the bottom up, so a full mix hides the edits under it and not those above', async () => {
    const donor = numbers(await latentOfSeed(open, 2))
    expect(numbers(await mixing.applyLayers(open, s, [mix(seed(2)), smile()]))).toStrictEqual(donor)
    const edited = numbers(await mixing.applyLayers(open, float32(s.shape, donor), [smile()]))
    expect(numbers(await mixing.applyLayers(open, s, [smile(), mix(seed(2))]))).toStrictEqual(edited)
  })

  it('leaves s alone where nothing takes part', async () => {
    const idle = [
      mix(seed(2), { alpha: 0 }),
      mix(seed(2), { visible: false }),
      mix(seed(2), { weights: [0, 0] }),
      { ...smile(), strength: 0 },
    ]
    expect(await mixing.applyLayers(open, s, idle)).toBeUndefined()
  })

  it('does not mix the style layers that a shorter list of weights leaves out', async () => {
    const mixed = numbers(await mixing.applyLayers(open, s, [mix(seed(2), { weights: [1] })]))
    const { channels } = open.models.layout.layers[0]!
    expect(mixed.subarray(channels)).toStrictEqual(numbers(s).subarray(channels))
  })

  it('takes its donor from a text, a photo, or the result of edits and mixes on a photo', async () => {
    const photo = { id: photoId, name: 'holiday.png' }
    expect(await mixing.donor(open, { kind: 'text', text: 'red hair' })).toStrictEqual(numbers(await latentOfText(open, 'red hair')))
    expect(await mixing.donor(open, { kind: 'photo', photo, crop })).toStrictEqual(numbers(await inversionOf()))
    const inner = { ...mix(seed(3), { alpha: 0.5 }), donor: { kind: 'seed' as const, seed: 3 } }
    const result = await mixing.donor(open, { kind: 'result', photo, crop, layers: [smile(), inner] })
    expect(result).toStrictEqual(numbers(await mixing.applyLayers(open, await inversionOf(), [smile(), inner])))
  })
})

describe('adaptive weights', () => {
  it('are one for each style layer, the largest 1', async () => {
    const recipe = {
      format: 1 as const,
      pack: { id: 'tiny', hash: open.pack.hash },
      photo: { id: photoId, name: 'a' },
      crop,
      quality: 'instant' as const,
      layers: [mix(seed(2))],
      composite: { feather: 0.06, residual: 1, colourMatch: true },
    }
    const weights = await mixing.adaptive(open, s, recipe, 'm')
    expect(weights).toHaveLength(open.models.layout.layers.length)
    expect(Math.max(...weights)).toBe(1)
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(0)
    await expect(mixing.adaptive(open, s, recipe, 'gone')).rejects.toMatchObject({ code: 'mix.no-layer' })
  })

  it('are the means of the signals over each layer', () => {
    const { layers, total } = open.models.layout
    const m = new Float32Array(total)
    layers.forEach(({ offset, channels }, l) => m.fill(0.1 * (l + 1), offset, offset + channels))
    layerWeights(open.models.layout, m).forEach((weight, l) => expect(weight).toBeCloseTo((l + 1) / layers.length, 5))
    expect(layerWeights(open.models.layout, undefined)).toStrictEqual(layers.map(() => 1))
  })
})
