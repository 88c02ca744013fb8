import { join } from 'node:path'
import type { InversionQuality } from '../contract/document.ts'
import type { Crop } from '../contract/geometry.ts'
import { StudioError } from '../contract/errors.ts'
import { invert } from '../engine/bridge/inversion.ts'
import { refine, refineStepMs, refineSteps, type RefineProgress } from '../engine/bridge/refine.ts'
import type { TensorData } from '../engine/onnx/tensor.ts'
import { cropToSquare } from '../engine/photos/crop.ts'
import { requireEditable, type Photo } from '../engine/photos/photo.ts'
import { transformOfCrop } from './crops.ts'
import { inversionName, readInversion, readState, writeInversion, writeState, type StudioInversion } from './inversion-files.ts'
import { Memo } from './memo.ts'
import type { OpenPack } from './packs.ts'
import { checkpoint } from './photos.ts'

export type { StudioInversion } from './inversion-files.ts'

const KEPT_IN_MEMORY = 6

export interface InversionRequest {
  readonly photoId: string
  readonly photo: () => Promise<Photo>
  readonly crop: Crop
  readonly open: OpenPack
  readonly quality: InversionQuality
  /** Of a refined inversion: after how many steps it was stopped. */
  readonly steps?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface Refining {
  /** Stop and keep: what was reached is the result. */
  readonly stop: AbortSignal
  readonly onStep: (progress: RefineProgress) => void | Promise<void>
  /** Waited for before every step, so that pictures for a hand go first. */
  readonly turn: () => Promise<void>
}

/** Inversions, made once for each photo, crop, pack, quality and number of steps, and kept on disk over restarts. */
export class Inversions {
  private readonly folder: string
  private readonly recent = new Memo<StudioInversion>(KEPT_IN_MEMORY)
  private readonly previews = new WeakMap<StudioInversion, Promise<TensorData>>()
  private readonly stepMs = new Map<string, number>()

  constructor(folder: string) {
    this.folder = folder
  }

  /** Errors: Cancelled, those of decoding and of the networks. A refined one that is no longer in the cache is made again, step for step. */
  get(request: InversionRequest, refining?: Pick<Refining, 'onStep'>): Promise<StudioInversion> {
    return this.recent.get(this.nameOf(request), async () => {
      const kept = await readInversion(this.file(request))
      if (kept !== undefined) return kept
      const made = request.quality === 'instant' ? await instant(request) : await this.again(request, refining)
      await writeInversion(this.file(request), made)
      return made
    })
  }

  /**
   * A refined inversion, from the instant one or from where an earlier refinement was stopped, until it is done or stopped. `steps` tells how many
   * it took: with them the same inversion can be had again. Errors: Cancelled when the request's own signal aborts.
   */
  async refine(
    request: Omit<InversionRequest, 'quality' | 'steps'>,
    { stop, onStep, turn }: Refining,
  ): Promise<StudioInversion & { steps: number }> {
    const { open, signal } = request
    const start = await this.get({ ...request, quality: 'instant' })
    const stateFile = join(this.folder, `${this.nameOf({ ...request, quality: 'refined' })}.state.safetensors`)
    const resume = await readState(stateFile)
    const made = await refine(open.models, open.statistics, start.aligned, {
      start,
      ...(resume === undefined || resume.step >= refineSteps ? {} : { resume }),
      signal: AbortSignal.any([stop, ...(signal ? [signal] : [])]),
      onStep,
      turn,
    })
    checkpoint(signal)
    const done = { ...request, quality: 'refined' as const, steps: made.steps }
    const inversion = studioInversion(made, start.aligned)
    await writeInversion(this.file(done), inversion)
    await writeState(stateFile, made.state)
    return { ...(await this.recent.get(this.nameOf(done), () => Promise.resolve(inversion))), steps: made.steps }
  }

  /** Milliseconds that a whole refinement takes on this device, measured once a pack by two steps. */
  async refineMs(request: Omit<InversionRequest, 'quality' | 'steps'>): Promise<number> {
    const { models, statistics, pack } = request.open
    const known = this.stepMs.get(pack.hash)
    if (known !== undefined) return known * refineSteps
    const start = await this.get({ ...request, quality: 'instant' })
    const measured = await refineStepMs(models, statistics, start.aligned, start)
    this.stepMs.set(pack.hash, measured)
    return measured * refineSteps
  }

  /** The inversion's picture at the generator's preview size, which drafts are compared with. */
  preview(inversion: StudioInversion, { models }: OpenPack): Promise<TensorData> {
    const made = this.previews.get(inversion) ?? models.synthesize(inversion.s, { size: 'preview' })
    this.previews.set(inversion, made)
    return made
  }

  private async again(request: InversionRequest, refining: Pick<Refining, 'onStep'> | undefined): Promise<StudioInversion> {
    const { open, quality, steps = refineSteps, signal } = request
    if (quality !== 'refined') throw notOffered(quality)
    const start = await this.get({ ...request, quality: 'instant', steps: undefined })
    const made = await refine(open.models, open.statistics, start.aligned, {
      start,
      stopAt: steps,
      ...(signal ? { signal } : {}),
      ...(refining ? { onStep: refining.onStep } : {}),
    })
    checkpoint(signal)
    return studioInversion(made, start.aligned)
  }

  private nameOf({ photoId, crop, open, quality, steps }: InversionRequest): string {
    return inversionName(photoId, crop, open.pack.hash, quality, quality === 'refined' ? (steps ?? refineSteps) : undefined)
  }
  private file(request: InversionRequest): string {
    return join(this.folder, `${this.nameOf(request)}.safetensors`)
  }
}

async function instant({ photo, crop, open, signal }: InversionRequest): Promise<StudioInversion> {
  const decoded = await photo()
  requireEditable(decoded)
  const aligned = cropToSquare(decoded, transformOfCrop(crop), open.pack.manifest.imageSize)
  const { models, statistics } = open
  return studioInversion(await invert(models, statistics, aligned, 'instant', signal === undefined ? {} : { signal }), aligned)
}

function studioInversion(
  { s, method, closeness, image }: Pick<StudioInversion, 's' | 'method' | 'closeness'> & { image: TensorData },
  aligned: TensorData,
): StudioInversion {
  return { s, method, closeness: { ...closeness, psnr: Math.min(closeness.psnr, 99) }, aligned, inverted: image }
}

const notOffered = (quality: string) =>
  new StudioError('inversion.not-offered', {
    where: 'The inversion',
    what: `the quality "${quality}" is not offered by this version`,
    todo: 'Choose instant or refined.',
  })
