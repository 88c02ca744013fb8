import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cancelled } from '../../contract/errors.ts'
import { float32 } from '../onnx/tensor.ts'
import { openPack, type Pack } from '../packs/pack.ts'
import type { Statistics } from '../packs/statistics.ts'
import { alignPack, type AlignOptions, type AlignProgress } from './align.ts'
import { direction } from './directions.ts'
import { invert } from './inversion.ts'
import { loadModels, type Models } from './models.ts'
import { sampleZ } from './samples.ts'
import { testDevice, writeTinyPack } from './testing.ts'
import { variation } from './variations.ts'

let parent: string
let pack: Pack
let models: Models
let statistics: Statistics
const reports: AlignProgress[] = []

const options = (workDir: string): AlignOptions => ({
  workDir: join(parent, workDir),
  samples: 600,
  seed: 5,
  threads: 1,
  trunk: { depth: 4, width: 64 },
  training: { steps: 150, batch: 64, lookEvery: 50, rate: { first: 3e-3, last: 1e-4 }, averaging: 0.9 },
})

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'bridge-'))
  const folder = join(parent, 'tiny')
  await alignPack(await writeTinyPack(folder), testDevice, { ...options('work'), progress: (at) => reports.push(at) })
  pack = await openPack(folder)
  models = loadModels(pack, testDevice, { threads: 1 })
  statistics = await pack.statistics()
})
afterAll(async () => {
  await models.release()
  await rm(parent, { recursive: true })
})

const values = (t: { data: unknown }) => t.data as Float32Array
const sample = async (seed: number, count = 1) => models.stylesOfW(await models.mapping(sampleZ(seed, 0, count, 16)))

describe('alignment', () => {
  it('explains held-out samples, and more of w and s than the mean does', () => {
    const { explainedVariance, heldOut, bridgeAtZero } = pack.manifest.alignment!
    expect(heldOut).toBe(12)
    expect(explainedVariance.s).toBeGreaterThan(0.1)
    expect(Object.keys(explainedVariance.layers)).toEqual(pack.manifest.styleLayout.map(({ layer }) => layer))
    expect(bridgeAtZero).toBeLessThan(1)
  })

  it('reports samples, then training with a falling loss', () => {
    expect(new Set(reports.map(({ stage }) => stage))).toEqual(new Set(['samples', 'training', 'effects', 'writing']))
    const losses = reports.flatMap(({ loss }) => loss ?? [])
    expect(losses.at(-1)).toBeLessThan(losses[0]!)
  })

  it('gives the same weights after it was cancelled twice as when it runs through', async () => {
    const folder = join(parent, 'again')
    const again = await writeTinyPack(folder)
    for (const stopAt of ['samples', 'training'] as const) {
      const abort = new AbortController()
      const progress = ({ stage, step, of }: AlignProgress) => {
        if (stage === stopAt && step > of / 2) abort.abort()
      }
      await expect(alignPack(again, testDevice, { ...options('again-work'), signal: abort.signal, progress })).rejects.toThrow(Cancelled)
    }
    await alignPack(again, testDevice, options('again-work'))
    const hashes = ({ files }: Pack['manifest']) => files.map(({ path, sha256 }) => [path, sha256])
    expect(hashes((await openPack(folder)).manifest)).toEqual(hashes(pack.manifest))
  })
})

describe('a direction', () => {
  it('is exactly empty when nothing is asked', async () => {
    const { deltaS, channelsUsed } = await direction(models, statistics, { target: 'a face', neutral: 'a face' })
    expect(deltaS.every((x) => x === 0)).toBe(true)
    expect(channelsUsed).toBe(0)
  })

  it('of two requests is the sum of their directions', async () => {
    const of = async (target: string) => (await direction(models, statistics, { target, focus: 0 })).deltaS
    const [smile, hair, both] = [await of('a smiling face'), await of('red hair'), await of('a smiling face, red hair')]
    both.forEach((x, j) => expect(x).toBeCloseTo(smile[j]! + hair[j]!, 4))
  })

  it('leaves ToRGB alone if asked to, and moves fewer channels with more focus', async () => {
    const wide = await direction(models, statistics, { target: 'red hair', focus: 0, toRgb: false })
    const narrow = await direction(models, statistics, { target: 'red hair', focus: 0.5, toRgb: false })
    const colour = await direction(models, statistics, { target: 'red hair', focus: 0 })
    expect(narrow.channelsUsed).toBeLessThan(wide.channelsUsed)
    expect(colour.channelsUsed).toBeGreaterThan(wide.channelsUsed)
    for (const { kind, offset, channels } of models.layout.layers)
      if (kind === 'toRgb') expect(wide.deltaS.subarray(offset, offset + channels).every((x) => x === 0)).toBe(true)
  })

  it('of a pack whose effects were never measured is gated by how far channels move', async () => {
    const { effects, ...older } = statistics
    expect(effects).toBeDefined()
    const wide = await direction(models, older, { target: 'red hair', focus: 0 })
    const narrow = await direction(models, older, { target: 'red hair', focus: 0.5 })
    expect(narrow.channelsUsed).toBeLessThan(wide.channelsUsed)
    expect(narrow.deltaS.every((x, j) => x === 0 || x === wide.deltaS[j])).toBe(true)
  })

  it('is the same in both forms where they must agree: from the pack’s own neutral text', async () => {
    const request = { target: 'red hair', focus: 0 } as const
    const a = await direction(models, statistics, { ...request, form: 'map-of-difference' })
    const b = await direction(models, statistics, { ...request, form: 'difference-of-maps' })
    a.deltaS.forEach((x, j) => expect(x).toBeCloseTo(b.deltaS[j]!, 4))
  })
})

describe('inversion', () => {
  it('by the bridge finds latents that are nearer to the true ones than the mean is', async () => {
    let [ofBridge, ofMean] = [0, 0]
    for (let seed = 100; seed < 110; seed++) {
      const truth = await sample(seed)
      const found = await invert(models, statistics, await models.synthesize(truth))
      expect(found.method).toBe('bridge')
      values(truth).forEach((x, j) => {
        ofBridge += ((x - values(found.s)[j]!) / statistics.sDeviation[j]!) ** 2
        ofMean += ((x - statistics.sCenter[j]!) / statistics.sDeviation[j]!) ** 2
      })
    }
    expect(ofBridge).toBeLessThan(ofMean)
  })

  it('of the mean picture itself is close', async () => {
    const mean = float32([1, statistics.sCenter.length], statistics.sCenter)
    const { closeness } = await invert(models, statistics, await models.synthesize(mean))
    expect(closeness.semantic).toBeGreaterThan(0.5)
  })
})

describe('a variation', () => {
  it('is a function of its seed, grows with its amount, and stays within an edit', async () => {
    const at = (seed: number, amount: number, within?: Float32Array) => variation(models, statistics, { seed, amount, within })
    const one = await at(1, 1)
    expect(await at(1, 1)).toEqual(one)
    expect(await at(2, 1)).not.toEqual(one)
    const half = await at(1, 0.5)
    one.forEach((x, j) => expect(half[j]).toBeCloseTo(x / 2, 5))
    const { deltaS } = await direction(models, statistics, { target: 'red hair', focus: 0.5 })
    const inside = await at(1, 1, deltaS)
    inside.forEach((x, j) => deltaS[j] === 0 && expect(Math.abs(x)).toBe(0))
  })
})
