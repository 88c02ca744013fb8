import type { EventData, PackSummary } from '../contract/calls.ts'
import { sentence, StudioError } from '../contract/errors.ts'
import { loadModels, type Models } from '../engine/bridge/models.ts'
import { listPacks } from '../engine/packs/list.ts'
import type { Pack } from '../engine/packs/pack.ts'
import type { Statistics } from '../engine/packs/statistics.ts'
import type { Device } from '../engine/runtime/devices.ts'
import { Memo } from './memo.ts'

/** A pack that is ready to work: its networks on the device, its statistics. */
export interface OpenPack {
  readonly pack: Pack
  readonly models: Models
  readonly statistics: Statistics
}

export interface PackShelfOptions {
  /** Folders that hold packs; the first pack of an id counts. */
  readonly folders: readonly string[]
  /** Where the runtime may put derived weights. */
  readonly cacheDir: string
  readonly device: () => Promise<Device>
  readonly threads?: number | undefined
  readonly notice: (notice: EventData<'notice'>) => void
}

/** A person works with one pack at a time; a second stays loaded for switching back and forth. */
const LOADED = 2

/** The packs on this machine. */
export class PackShelf {
  private readonly options: PackShelfOptions
  private readonly opened: Memo<OpenPack>
  private readonly told = new Set<string>()
  private listed: readonly Pack[] = []

  constructor(options: PackShelfOptions) {
    this.options = options
    this.opened = new Memo(LOADED, ({ models }) => void models.release())
  }

  /** The usable packs, built-in first. One that cannot be used is announced, once, with the reason. */
  async list(): Promise<Pack[]> {
    const packs = new Map<string, Pack>()
    for (const listing of await listPacks(this.options.folders)) {
      if ('pack' in listing) {
        if (!packs.has(listing.pack.manifest.id)) packs.set(listing.pack.manifest.id, listing.pack)
      } else if (!this.told.has(listing.folder)) {
        this.told.add(listing.folder)
        this.options.notice({ kind: 'warning', text: `A pack cannot be used. ${sentence(listing.error)}` })
      }
    }
    this.listed = [...packs.values()]
    return [...this.listed]
  }

  /** A pack by its id, as it was listed last, without its networks. Error 'pack.unknown'. */
  async find(id: string): Promise<Pack> {
    const isAsked = ({ manifest }: Pack) => manifest.id === id
    const pack = this.listed.find(isAsked) ?? (await this.list()).find(isAsked)
    if (pack !== undefined) return pack
    const known = this.listed.map(({ manifest }) => `"${manifest.id}"`).join(', ')
    throw new StudioError('pack.unknown', {
      where: `The pack "${id}"`,
      what: 'it is not on this machine',
      todo: known === '' ? 'Put a pack into the folder "models".' : `Choose one of these: ${known}.`,
    })
  }

  /** A pack ready to work. Errors: 'pack.unknown', those of the pack's files. */
  async open(id: string): Promise<OpenPack> {
    const pack = await this.find(id)
    return this.opened.get(pack.hash, async () => {
      const device = await this.options.device()
      const { cacheDir, threads } = this.options
      const models = loadModels(pack, device, { cacheDir, ...(threads === undefined ? {} : { threads }) })
      return { pack, models, statistics: await pack.statistics() }
    })
  }

  async release(): Promise<void> {
    await Promise.allSettled((await this.opened.clear()).map(({ models }) => models.release()))
  }
}

export function packSummary({ manifest, hash }: Pack): PackSummary {
  const { id, title, noun, imageSize, neutralTexts, suggestions, limits, licences, styleLayout } = manifest
  const styleLayers = styleLayout.map(({ layer, kind, resolution, offset, channels }) => ({
    name: layer,
    kind,
    resolution,
    offset,
    channels,
  }))
  return { id, hash, title, noun, imageSize, neutralTexts, suggestions, styleLayers, limits, licences }
}
