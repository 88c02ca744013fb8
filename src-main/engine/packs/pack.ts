import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { StudioError } from '../../contract/errors.ts'
import { readSafetensors } from '../checkpoints/safetensors.ts'
import { loadTokenizer, type Tokenizer } from '../nets/clip/tokenizer.ts'
import { parametersFrom, type Parameters } from '../nets/parameters.ts'
import { styleLayout } from '../nets/stylegan2/layout.ts'
import { parseManifest, type PackManifest } from './manifest.ts'
import { locate } from './paths.ts'
import { statisticsFrom, type Statistics } from './statistics.ts'
import { checkFiles, fileVerdicts, type FileVerdict, type Verification } from './verify.ts'

/** The networks whose weights a pack can hold, each in `weights/<part>.safetensors`. */
export type PackPart = 'generator' | 'clip' | 'bridge' | 'encoder' | 'faces'

export const partPath = (part: PackPart): string => `weights/${part}.safetensors`
export const statisticsPath = 'statistics.safetensors'
export const tokenizerPath = 'tokenizer.json'

/** pack.json is text that people wrote; ten times the largest one imaginable. */
const manifestCap = 4_000_000

/**
 * Opens a pack: reads and checks pack.json, then every file (`verify: 'sizes'` leaves out the sha256, for a pack that was verified
 * when it arrived). Errors: pack.no-pack, pack.manifest-too-large, those of `parseManifest` and `checkFiles`, pack.layout-mismatch.
 */
export async function openPack(folder: string, options: { verify?: Verification } = {}): Promise<Pack> {
  const pack = await readPack(folder)
  await checkFiles(folder, pack.manifest, options.verify ?? 'hashes')
  return pack
}

/** Checks every file of a pack and says what is wrong with each. Throws only if pack.json itself is unusable. */
export async function verifyPack(folder: string): Promise<{ manifest: PackManifest; files: FileVerdict[]; sound: boolean }> {
  const { manifest } = await readPack(folder)
  const files = await fileVerdicts(folder, manifest)
  return { manifest, files, sound: files.every((file) => !file.error) }
}

async function readPack(folder: string): Promise<Pack> {
  const where = basename(folder)
  const file = join(folder, 'pack.json')
  const found = await stat(file).catch((cause: unknown) => {
    throw new StudioError(
      'pack.no-pack',
      { where, what: 'there is no pack.json in it', todo: 'Choose a folder that is a pack.' },
      { cause },
    )
  })
  if (found.size > manifestCap)
    throw new StudioError('pack.manifest-too-large', {
      where,
      what: `its pack.json has ${found.size} bytes, the limit is ${manifestCap}`,
      todo: 'This is no pack that Stylebridge wrote; get it again.',
    })
  const bytes = await readFile(file)
  const manifest = parseManifest(bytes.toString('utf8'), where)
  checkLayout(manifest, where)
  return new Pack(folder, manifest, createHash('sha256').update(bytes).digest('hex'))
}

/** A pack whose manifest is sound. Weights are read when they are asked for. */
export class Pack {
  readonly folder: string
  readonly manifest: PackManifest
  /** sha256 of pack.json, which holds the sha256 of every file: it names the whole pack. */
  readonly hash: string

  constructor(folder: string, manifest: PackManifest, hash: string) {
    this.folder = folder
    this.manifest = manifest
    this.hash = hash
  }

  has(part: PackPart | 'statistics' | 'tokenizer'): boolean {
    const path = part === 'statistics' ? statisticsPath : part === 'tokenizer' ? tokenizerPath : partPath(part)
    return this.manifest.files.some((file) => file.path === path)
  }

  /** The weights of a network as float32. Errors: pack.no-part, those of `locate` and `readSafetensors`. */
  parameters(part: PackPart): Promise<Parameters> {
    return this.#read(partPath(part))
  }

  /** Errors: pack.no-part (the pack is not aligned), pack.wrong-statistics. */
  async statistics(): Promise<Statistics> {
    const { generator, clip, styleLayout, id } = this.manifest
    const s = styleLayout.reduce((sum, layer) => sum + layer.channels, 0)
    return statisticsFrom(await this.#read(statisticsPath), { embed: clip.embed, w: generator.wDim, s }, id)
  }

  /** Errors: pack.no-part, tokenizer errors. */
  async tokenizer(): Promise<Tokenizer> {
    return loadTokenizer(JSON.parse(await readFile(await this.#file(tokenizerPath), 'utf8')))
  }

  async #read(path: string): Promise<Parameters> {
    const opened = await readSafetensors(await this.#file(path))
    try {
      return parametersFrom(await opened.readAllFloat32())
    } finally {
      await opened.close()
    }
  }

  async #file(path: string): Promise<string> {
    if (!this.manifest.files.some((file) => file.path === path)) {
      const unaligned = path === statisticsPath || path === partPath('bridge')
      throw new StudioError('pack.no-part', {
        where: this.manifest.title,
        what: unaligned ? 'it is not aligned yet' : `it has no file "${path}"`,
        todo: unaligned ? 'Align the pack first.' : 'Use a pack that has this part.',
      })
    }
    return (await locate(this.folder, path, this.manifest.id)).file
  }
}

function checkLayout({ generator, styleLayout: written }: PackManifest, where: string): void {
  const { layers } = styleLayout(generator)
  const fits =
    layers.length === written.length &&
    layers.every(({ name, kind, resolution, offset, channels }, i) => {
      const row = written[i]
      return row?.layer === name && row.kind === kind && row.resolution === resolution && row.offset === offset && row.channels === channels
    })
  if (!fits)
    throw new StudioError('pack.layout-mismatch', {
      where,
      what: "its style layout is not that of its generator's architecture",
      todo: 'Get the pack again from where it came from.',
    })
}
