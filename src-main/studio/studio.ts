import { join } from 'node:path'
import type { CallInput, CallOutput, EngineStatus, EventData, OpenedPhoto } from '../contract/calls.ts'
import type { Handlers } from '../contract/channel.ts'
import { partsOf } from '../engine/bridge/prompts.ts'
import { cropToSquare } from '../engine/photos/crop.ts'
import { readRecipe } from '../engine/photos/export.ts'
import { photoPreview } from '../engine/photos/preview.ts'
import { MIN_EDITABLE_SIDE, requireEditable } from '../engine/photos/photo.ts'
import type { Device } from '../engine/runtime/devices.ts'
import { BlobStore } from './blobs.ts'
import { centredCrop, transformOfCrop } from './crops.ts'
import { Directions } from './directions.ts'
import type { EditParts } from './edits.ts'
import { exportHandlers } from './export-calls.ts'
import { FaceFinder } from './faces.ts'
import { inversionHandlers } from './inversion-calls.ts'
import { Inversions } from './inversions.ts'
import { maskHandlers } from './mask-calls.ts'
import { MaskDesk } from './masks.ts'
import { Mixing } from './mixing.ts'
import { mixingHandlers } from './mixing-calls.ts'
import { PackShelf, packSummary } from './packs.ts'
import { checkpoint, PhotoDesk } from './photos.ts'
import { encodePicture } from './pictures.ts'
import { JobQueue } from './queue.ts'
import { recipeFromFile } from './recipes.ts'
import { Renders } from './renders.ts'
import { Samples } from './samples.ts'
import { regionHandlers } from './regions.ts'
import { makeVariation } from './variations.ts'
import { warmUpSteps } from './warm-up.ts'

export interface StudioOptions {
  readonly version: string
  /** Folders of packs, of the sample photos, and of everything that may be thrown away. */
  readonly packs: readonly string[]
  readonly samples: string
  readonly cache: string
  /** The folder of documents, whose photos and masks are read from there once the cache has lost them. */
  readonly data?: string | undefined
  readonly device: () => Promise<Device>
  readonly status: () => EngineStatus
  readonly notice: (notice: EventData<'notice'>) => void
  readonly threads?: number | undefined
}

/** A render answers a hand on a slider; everything else can wait for it. */
const RENDER = 1
const IDLE = -1

/** The use cases behind the contract. Everything that must outlive this process is on disk: blobs and inversions. */
export class Studio {
  readonly blobs: BlobStore
  readonly shelf: PackShelf
  readonly parts: EditParts
  private readonly options: StudioOptions
  private readonly samples: Samples
  private readonly faces: FaceFinder
  private readonly renders: Renders
  private readonly queue = new JobQueue()
  private readonly warmed = new Set<string>()

  constructor(options: StudioOptions) {
    const { packs, samples, cache, data, device, notice, threads } = options
    this.options = options
    this.blobs = new BlobStore(join(cache, 'blobs'), data === undefined ? undefined : join(data, 'blobs'))
    this.shelf = new PackShelf({ folders: packs, cacheDir: join(cache, 'weights'), device, threads, notice })
    const [desk, inversions, directions] = [new PhotoDesk(this.blobs), new Inversions(join(cache, 'inversions')), new Directions()]
    this.parts = {
      shelf: this.shelf,
      desk,
      inversions,
      directions,
      mixing: new Mixing({ desk, inversions, directions }),
      masks: new MaskDesk(this.blobs),
    }
    this.samples = new Samples(samples, this.blobs)
    this.faces = new FaceFinder(threads)
    this.renders = new Renders(this.parts, this.blobs)
  }

  /** The contract's calls, but those that only a host can answer. */
  handlers(): Handlers {
    const { shelf, queue, blobs, parts } = this
    return {
      ...exportHandlers({ parts, blobs, queue, faces: this.faces }),
      ...mixingHandlers({ parts, blobs, queue }),
      ...maskHandlers({ parts, blobs, queue, faces: this.faces }),
      ...inversionHandlers({ ...parts, blobs, queue }),
      ...regionHandlers({ blobs, desk: parts.desk, queue }),
      'app.info': async () => ({ version: this.options.version, host: 'cli', samples: await this.samples.list() }),
      'engine.status': () => this.options.status(),
      'packs.list': async () => {
        const packs = await shelf.list()
        const [first] = packs
        if (first !== undefined) void this.warmUp(first.manifest.id)
        return packs.map(packSummary)
      },
      'photo.open': (input, { signal, progress }) => queue.run({ signal }, () => this.open(input, signal, progress)),
      'photo.crop': (input, { signal }) => queue.run({ signal, latest: `crop ${input.photo}`, priority: RENDER }, () => this.crop(input)),
      'edit.split': async ({ pack, text }) => {
        const { models } = await shelf.open(pack)
        return { parts: partsOf(text), unknownWords: await models.unknownWords(text) }
      },
      'edit.render': (input, { signal }) => {
        const options = input.purpose === 'compare' ? { signal } : { signal, latest: `render ${input.photo.id}`, priority: RENDER }
        return queue.run(options, () => this.renders.render(input, signal))
      },
      'edit.variations': async (input, { signal, progress }) => {
        const variations = []
        // Each variation waits in the queue for itself, so that a slider does not wait for all of them.
        for (let index = 0; index < input.count; index++) {
          const put = (bytes: Uint8Array) => blobs.put(bytes)
          const made = await queue.run({ signal }, () => makeVariation(parts, input, index, { put, signal }))
          progress(made)
          variations.push(made)
        }
        return { variations }
      },
    }
  }

  /** Makes a pack's networks ready while nothing else is to be done. Never fails. */
  async warmUp(pack: string): Promise<void> {
    if (this.warmed.has(pack)) return
    this.warmed.add(pack)
    const steps = warmUpSteps(this.shelf, pack).map((step) => this.queue.run({ priority: IDLE }, step))
    await Promise.allSettled(steps)
  }

  async release(): Promise<void> {
    await this.shelf.release()
  }

  private async open({ source, pack: packId }: CallInput<'photo.open'>, signal: AbortSignal, progress: ProgressOf): Promise<OpenedPhoto> {
    const stage = (name: string, step: number) => {
      checkpoint(signal)
      progress({ stage: name, step, of: 3 })
    }
    stage('decode', 0)
    const pack = await this.shelf.find(packId)
    const { id, name } = 'sample' in source ? await this.openSample(source.sample) : { id: source.blob, name: source.name }
    const photo = await this.parts.desk.get(id, name)
    stage('preview', 1)
    const { bytes, width, height } = await photoPreview(photo)
    stage('faces', 2)
    const faces = Math.min(photo.width, photo.height) >= MIN_EDITABLE_SIDE ? await this.faces.find(pack, id, photo) : []
    const recipe = await recipeFromFile(await readRecipe(await this.parts.desk.bytes(id)), this.blobs)
    stage('faces', 3)
    return {
      id,
      name,
      width: photo.width,
      height: photo.height,
      format: photo.format,
      depth: photo.depth,
      profile: photo.profile.name,
      preview: { ...(await this.blobs.put(bytes)), width, height },
      faces,
      crop: faces[0]?.crop ?? centredCrop(photo.width, photo.height),
      warnings: [...photo.warnings],
      ...(recipe === undefined ? {} : { recipe }),
    }
  }

  private async openSample(sample: string): Promise<{ id: string; name: string }> {
    const { blob, name } = await this.samples.open(sample)
    return { id: blob.sha256, name }
  }

  private async crop({ photo: id, crop, pack: packId }: CallInput<'photo.crop'>): Promise<CallOutput<'photo.crop'>> {
    const { manifest } = await this.shelf.find(packId)
    const photo = await this.parts.desk.get(id)
    requireEditable(photo)
    return { aligned: await this.blobs.put(await encodePicture(cropToSquare(photo, transformOfCrop(crop), manifest.imageSize))) }
  }
}

type ProgressOf = (progress: { stage: string; step: number; of: number }) => void
