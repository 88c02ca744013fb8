import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { float32, type TensorData } from '../onnx/tensor.ts'
import { statisticsOfSamples } from './testing.ts'
import { loadModels, type Models } from './models.ts'
import { refine, type RefineProgress } from './refine.ts'
import { sampleZ } from './samples.ts'
import type { Statistics } from '../packs/statistics.ts'
import { testDevice, writeTinyPack } from './testing.ts'

let parent: string
let models: Models
let statistics: Statistics
let photo: TensorData
let start: { s: TensorData }

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'refine-'))
  models = loadModels(await writeTinyPack(join(parent, 'tiny')), testDevice, { threads: 1 })
  statistics = await statisticsOfSamples(models)
  photo = await models.synthesize(await models.stylesOfW(await models.mapping(sampleZ(3, 0, 1, 16))))
  start = { s: float32([1, statistics.sCenter.length], statistics.sCenter) }
})
afterAll(async () => {
  await models.release()
  await rm(parent, { recursive: true })
})

const values = (t: TensorData) => t.data as Float32Array

it('comes nearer to the photo, reports pictures on the way, and says how near they are', async () => {
  const seen: RefineProgress[] = []
  const refined = await refine(models, statistics, photo, { start, steps: 40, onStep: (p) => void seen.push(p) })
  expect(refined.method).toBe('refined')
  expect(refined.steps).toBe(40)
  expect(seen[0]!.step).toBe(1)
  expect(seen.at(-1)!.step).toBe(40)
  expect(refined.closeness.psnr).toBeGreaterThan(seen[0]!.closeness.psnr + 1)
  const again = await models.synthesize(refined.s)
  values(refined.image).forEach((x, i) => expect(x).toBeCloseTo(values(again)[i]!, 4))
})

it('stopped and resumed it is what it is in one go', async () => {
  const whole = await refine(models, statistics, photo, { start, steps: 12 })
  const abort = new AbortController()
  const onStep = ({ step }: RefineProgress) => void (step === 1 && abort.abort())
  const half = await refine(models, statistics, photo, { start, steps: 12, signal: abort.signal, onStep })
  expect(half.steps).toBeLessThan(12)
  const resumed = await refine(models, statistics, photo, { start, steps: 12, resume: half.state })
  expect(values(resumed.s)).toEqual(values(whole.s))
  expect(resumed.closeness).toEqual(whole.closeness)
})

it('stopped before it starts it keeps the start', async () => {
  const { s, steps } = await refine(models, statistics, photo, { start, steps: 12, signal: AbortSignal.abort() })
  expect(steps).toBe(0)
  values(s).forEach((x, i) => expect(x).toBeCloseTo(values(start.s)[i]!, 5))
})
