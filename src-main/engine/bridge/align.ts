import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bridge, Mixing } from '../nets/bridge.ts'
import { trunkDefaults } from '../nets/bridge.ts'
import { float32, floatToHalf, type TensorData } from '../onnx/tensor.ts'
import type { Alignment, PackManifest } from '../packs/manifest.ts'
import { openPack, partPath, statisticsPath, type Pack } from '../packs/pack.ts'
import { statisticsTensors, type Statistics } from '../packs/statistics.ts'
import { writePack, type FileSource } from '../packs/write.ts'
import type { Device } from '../runtime/devices.ts'
import { Random } from '../runtime/random.ts'
import { meanOfRows, minus, spreadOfRows } from './centers.ts'
import { measureEffects } from './effects.ts'
import { affineMatrix, initialBridge } from './initial.ts'
import { momentsOf } from './least-squares.ts'
import { bestLinearMap } from './linear-start.ts'
import { linearTrunk } from './linear-trunk.ts'
import { loadModels, type Models } from './models.ts'
import { collectBank, type Bank } from './samples.ts'
import { latentStatistics } from './spaces.ts'
import { measureTexts, textFilterOf } from './texts.ts'
import { train, trainingDefaults, type TrainingOptions } from './training.ts'
import { byLayer } from './variance.ts'

export interface AlignOptions {
  /** Folder for what a killed job goes on from; a sub-folder is made for this pack, seed and settings. */
  readonly workDir: string
  /** 20,000 suits a CPU, 200,000 a GPU. */
  readonly samples: number
  readonly seed: number
  readonly mixing?: Mixing
  /** Depth and width of the trunk; 8 × 512 if absent. */
  readonly trunk?: { readonly depth: number; readonly width: number }
  readonly training?: Partial<TrainingOptions>
  readonly batch?: number
  readonly threads?: number
  readonly cacheDir?: string
  readonly signal?: AbortSignal
  readonly progress?: (at: AlignProgress) => void
}

export interface AlignProgress {
  readonly stage: 'samples' | 'training' | 'effects' | 'writing'
  readonly step: number
  readonly of: number
  readonly secondsLeft: number
  readonly loss?: number
  /** Mean share of the variance of s that is explained on held-out samples. */
  readonly explainedVariance?: number
}

/** Samples of the bank on which the channels' effects are measured. */
const effectSamples = 16

/** Share of the bank that training never sees. */
const heldOutShare = 0.02

/**
 * Aligns a pack: bank → statistics → training → bridge.safetensors, statistics.safetensors and the alignment record, written with the
 * rest of the pack in one piece. Data-free: every sample is the generator's own. The same pack, seed and settings give the same
 * weights, also over a kill. Errors: Cancelled, pack.no-part.
 */
export async function alignPack(pack: Pack, device: Device, options: AlignOptions): Promise<PackManifest> {
  const started = performance.now()
  const clock = new Clock()
  const folder = join(options.workDir, jobName(pack, options.seed))
  await mkdir(folder, { recursive: true })
  const bank = await collectBank(pack, device, {
    ...options,
    count: options.samples,
    folder: join(folder, 'bank'),
    progress: (step, of) => options.progress?.({ stage: 'samples', step, of, secondsLeft: clock.left('samples', step, of) }),
  })
  return alignToBank(pack, device, bank, folder, options, started)
}

/** The second half of `alignPack`: everything that follows from a bank. `folder` keeps the state of the training. */
export async function alignToBank(
  pack: Pack,
  device: Device,
  bank: Bank,
  folder: string,
  options: AlignOptions,
  started = performance.now(),
): Promise<PackManifest> {
  const { seed, mixing = 'gate' } = options
  const samples = bank.count
  const training = { ...trainingDefaults, ...options.training, seed }
  const { generator, clip } = pack.manifest
  const clock = new Clock()
  const heldOutCount = Math.max(1, Math.round(samples * heldOutShare))
  const [trained, heldOut] = split(bank, samples - heldOutCount, clip.embed, generator.wDim)

  const models = loadModels(pack, device, options)
  try {
    const fCenterImage = meanOfRows(trained.f, clip.embed)
    const latents = await latentStatistics(models, trained)
    const deltaF = minus(trained.f, fCenterImage)
    const fSpreadImage = spreadOfRows(deltaF, clip.embed)
    const texts = await measureTexts(models)
    const a: Bridge = { embed: clip.embed, wDim: generator.wDim, styles: models.layout.total, ...trunkDefaults, ...options.trunk, mixing }
    const fixed = {
      inputGain: float32([1], [Math.sqrt(clip.embed) / fSpreadImage]),
      wDeviation: float32([a.wDim], latents.wDeviation),
      sDeviation: float32([a.styles], latents.sDeviation),
      affines: affineMatrix(generator, await models.parameters('generator')),
    }
    const sources = {
      bank: fCenterImage,
      wCenter: latents.wCenter,
      image: await imageOfCenter(models, latents.sCenter),
      text: texts.fCenterText,
    }
    const random = new Random(seed).fork('bridge')
    const map = await bestLinearMap({ trained, heldOut, sources, fixed }, device, options.threads)
    const initial = { ...initialBridge(a, fixed.affines, random), ...linearTrunk(a, map, random) }
    const result = await train({ a, fixed, sources, initial, trained, heldOut }, device, training, {
      stateFile: join(folder, `training-${samples}-${hash({ training, a })}.safetensors`),
      threads: options.threads,
      signal: options.signal,
      progress: ({ step, loss, explained }) =>
        options.progress?.({
          stage: 'training',
          step,
          of: training.steps,
          secondsLeft: clock.left('training', step, training.steps),
          loss,
          ...(explained ? { explainedVariance: explained.s } : {}),
        }),
    })

    const { xx } = await momentsOf(deltaF, deltaF, clip.embed, clip.embed, device, options.threads)
    const spread = textFilterOf(xx, trained.count, clip.embed)
    const few = Math.min(effectSamples, trained.count)
    const { data: seen } = await models.stylesOfW(float32([few, generator.wDim], trained.w.slice(0, few * generator.wDim)))
    const effects = await measureEffects(models, spread.fCovariance, seen as Float32Array, {
      ...{ seed, threads: options.threads, cacheDir: options.cacheDir, signal: options.signal },
      progress: (step, of) => options.progress?.({ stage: 'effects', step, of, secondsLeft: clock.left('effects', step, of) }),
    })
    options.progress?.({ stage: 'writing', step: 0, of: 1, secondsLeft: 0 })
    const statistics: Statistics = { ...latents, ...texts, ...spread, fCenterImage, fSpreadImage, effects }
    const weights = {
      ...result.parameters,
      inputGain: fixed.inputGain,
      wDeviation: fixed.wDeviation,
      ...(mixing === 'mix' ? { 'affines.weight': fixed.affines } : {}),
    }
    const alignment: Alignment = {
      samples,
      heldOut: heldOutCount,
      seed,
      steps: result.step,
      batch: training.batch,
      center: training.center,
      mixing,
      loss: result.loss,
      explainedVariance: { w: result.explained.w, s: result.explained.s, layers: byLayer(result.explained, models.layout) },
      bridgeAtZero: result.atZero,
      seconds: Math.round((performance.now() - started) / 1000),
    }
    return await rewrite(pack, alignment, halved(weights), statistics)
  } finally {
    await models.release()
  }
}

/** The weights that a bank depends on, by their sha256 in the manifest. */
function jobName(pack: Pack, seed: number): string {
  const weights = pack.manifest.files.filter(({ path }) => path === partPath('generator') || path === partPath('clip'))
  return `align-${hash({ weights, seed })}`
}

const hash = (x: unknown): string => createHash('sha256').update(JSON.stringify(x)).digest('hex').slice(0, 16)

function split(bank: Bank, first: number, embed: number, wDim: number): [Bank, Bank] {
  const part = (from: number, to: number): Bank => ({
    count: to - from,
    f: bank.f.subarray(from * embed, to * embed),
    w: bank.w.subarray(from * wDim, to * wDim),
  })
  return [part(0, first), part(first, bank.count)]
}

/** E_I(G(s̄)). */
async function imageOfCenter(models: Models, sCenter: Float32Array): Promise<Float32Array> {
  const image = await models.synthesize(float32([1, sCenter.length], sCenter))
  return (await models.embedImage(image)).data as Float32Array
}

/** float16, the precision that packs keep weights in. */
function halved(weights: Record<string, TensorData>): Record<string, TensorData> {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, data }]) => [
      name,
      { dtype: 'float16' as const, shape, data: floatToHalf(data as Float32Array) },
    ]),
  )
}

async function rewrite(
  pack: Pack,
  alignment: Alignment,
  bridge: Record<string, TensorData>,
  statistics: Statistics,
): Promise<PackManifest> {
  const { files, ...draft } = pack.manifest
  const sources: Record<string, FileSource> = Object.fromEntries(files.map(({ path }) => [path, { copyOf: join(pack.folder, path) }]))
  sources[partPath('bridge')] = { tensors: bridge }
  sources[statisticsPath] = { tensors: statisticsTensors(statistics) }
  await writePack(pack.folder, { ...draft, alignment }, sources)
  return (await openPack(pack.folder)).manifest
}

/** Seconds left of a stage at the pace since its first report in this run (what an earlier run did is not counted). */
class Clock {
  #stage = ''
  #from = { step: 0, at: 0 }

  left(stage: string, step: number, of: number): number {
    const now = performance.now()
    if (stage !== this.#stage) {
      this.#stage = stage
      this.#from = { step, at: now }
    }
    const done = step - this.#from.step
    return done > 0 ? Math.round(((of - step) * (now - this.#from.at)) / done / 1000) : NaN
  }
}
