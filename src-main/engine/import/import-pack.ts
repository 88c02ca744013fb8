import { readdirSync } from 'node:fs'
import { stat, statfs } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Cancelled, StudioError } from '../../contract/errors.ts'
import { writeSafetensorsLate } from '../checkpoints/safetensors.ts'
import { styleLayout } from '../nets/stylegan2/layout.ts'
import type { PackManifest } from '../packs/manifest.ts'
import { partPath, tokenizerPath } from '../packs/pack.ts'
import { hashFile } from '../packs/verify.ts'
import { writePack, type FileSource, type PackDraft } from '../packs/write.ts'
import { missingPiece, openPieces, type FoundNet, type PieceOptions, type Pieces } from './pieces.ts'
import { textsFor } from './prompts.ts'
import { checkTokenizer } from './tokenizer.ts'
import type { Weights } from './weights.ts'

export interface ImportOptions extends PieceOptions {
  /** The new pack's folder; its name becomes the pack's id. A pack that is there already is replaced whole. */
  readonly folder: string
  readonly title?: string
  /** What the generator makes, as in "a face". */
  readonly noun: string
  /** A pack whose face detector the new one gets too, if it makes faces. */
  readonly facesFrom?: string
  readonly signal?: AbortSignal
  readonly progress?: (at: ImportProgress) => void
}

export interface ImportProgress {
  readonly stage: 'reading' | 'writing'
  /** Bytes. */
  readonly step: number
  readonly of: number
}

export interface ImportResult {
  readonly manifest: PackManifest
  /** What each file was, what of it was not needed, and what had to be assumed; a sentence each. */
  readonly found: readonly string[]
  readonly ignored: readonly string[]
  readonly notes: readonly string[]
}

/**
 * Makes a pack of published files: a generator, a CLIP and its tokenizer, in any order. The pack appears whole or not at all; it is not aligned yet. The
 * same files give the same bytes. Errors: import.missing-piece (asks for it), import.bad-name, import.no-room, import.tokenizer-mismatch, those of `openPieces`;
 * Cancelled.
 */
export async function importPack(paths: readonly string[], options: ImportOptions): Promise<ImportResult> {
  const id = idOf(options.folder)
  checkWords(options)
  const pieces = openPieces(paths, options)
  try {
    const missing = missingPiece(pieces)
    if (missing) throw missing
    const { generator, clip, tokenizer } = pieces as Required<Pieces>
    checkTokenizer(tokenizer.json, clip.net.architecture, basename(tokenizer.files[0]!))
    const texts = textsFor(options.noun)
    const files: Record<string, FileSource> = { [tokenizerPath]: { bytes: Buffer.from(JSON.stringify(tokenizer.json) + '\n') } }
    const total = bytesOf(generator.net.weights) + bytesOf(clip.net.weights)
    await checkRoom(options.folder, total)
    let before = 0
    for (const [part, { net }] of [
      ['clip', clip],
      ['generator', generator],
    ] as const)
      files[partPath(part)] = {
        write: (file) =>
          writeWeights(
            file,
            net.weights,
            options,
            () => before,
            (bytes) => (before += bytes),
            total,
          ),
      }
    const hasFaces = texts.crop === 'ffhq' && options.facesFrom !== undefined
    if (hasFaces) addFaces(files, options.facesFrom)

    const { layers } = styleLayout(generator.net.architecture)
    const draft: PackDraft = {
      format: 1,
      id,
      title: options.title ?? titleOf(id),
      noun: options.noun,
      neutralTexts: texts.neutralTexts,
      suggestions: texts.suggestions,
      imageSize: generator.net.architecture.imageSize,
      generator: generator.net.architecture,
      clip: clip.net.architecture,
      crop: texts.crop,
      styleLayout: layers.map(({ name, resolution, offset, channels, kind }) => ({ layer: name, resolution, offset, channels, kind })),
      provenance: await provenance(pieces as Required<Pieces>, options),
      licences: licences(generator.net.family, clip.net.family, hasFaces),
      limits:
        `Imported from ${basename(generator.checkpoint.path)} and ${basename(clip.checkpoint.path)}. What it can make and what it understands is what ` +
        'these two were trained on; nobody has measured its edits yet.',
    }
    const manifest = await writePack(options.folder, draft, files)
    return {
      manifest,
      found: pieces.found,
      ignored: [...generator.net.ignored, ...clip.net.ignored],
      notes: [...generator.net.notes, ...clip.net.notes],
    }
  } finally {
    pieces.close()
  }
}

const bytesOf = (weights: Weights): number =>
  [...weights.values()].reduce((sum, { dtype, shape }) => sum + shape.reduce((n, d) => n * d, dtype === 'float16' ? 2 : 4), 0)

async function writeWeights(
  file: string,
  weights: Weights,
  { signal, progress }: ImportOptions,
  before: () => number,
  done: (bytes: number) => void,
  of: number,
): Promise<void> {
  await writeSafetensorsLate(file, weights, (bytes) => {
    if (signal?.aborted) throw new Cancelled()
    progress?.({ stage: 'writing', step: before() + bytes, of })
  })
  done(bytesOf(weights))
}

/** A title and a noun that fit where they are shown. Error: import.bad-name. */
function checkWords({ title = 'My pack', noun }: ImportOptions): void {
  for (const [what, text, most] of [
    ['title', title, 80],
    ['noun', noun, 40],
  ] as const) {
    if (text.trim() !== '' && text.length <= most) continue
    throw new StudioError('import.bad-name', {
      where: what,
      what: text.trim() === '' ? 'it is empty' : `it has ${text.length} letters`,
      todo: `Give the pack a ${what} of at most ${most} letters.`,
    })
  }
}

/** The pack's id, from the name of its folder. */
function idOf(folder: string): string {
  const id = basename(folder)
  if (/^[a-z0-9][a-z0-9-]{0,63}$/.test(id)) return id
  throw new StudioError('import.bad-name', {
    where: folder,
    what: 'a pack’s folder is named with small letters, digits and hyphens',
    todo: `Name it ${JSON.stringify(slug(id))}, for example.`,
  })
}

const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64) || 'my-pack'

const titleOf = (id: string): string => (id[0]!.toUpperCase() + id.slice(1)).replaceAll('-', ' ')

/** Refuses before anything is written. */
async function checkRoom(folder: string, bytes: number): Promise<void> {
  const disk = await statfs(dirname(folder)).catch(() => undefined)
  const free = disk ? disk.bavail * disk.bsize : Infinity
  if (free > bytes * 1.05) return
  const inMb = (n: number) => Math.ceil(n / 1e6)
  throw new StudioError('import.no-room', {
    where: dirname(folder),
    what: `the pack needs ${inMb(bytes)} MB, the disk has ${inMb(free)} MB left`,
    todo: 'Make room, or choose another disk.',
  })
}

function addFaces(files: Record<string, FileSource>, pack: string | undefined): void {
  const folder = join(pack!, 'weights')
  for (const name of readdirSync(folder).sort()) if (name.startsWith('faces.')) files[`weights/${name}`] = { copyOf: join(folder, name) }
}

async function provenance({ generator, clip, tokenizer }: Required<Pieces>, options: ImportOptions): Promise<PackManifest['provenance']> {
  const rows: [string, string][] = [
    ...sources(generator).map((file): [string, string] => [file, `Generator: ${generator.net.family}.`]),
    ...sources(clip).map((file): [string, string] => [file, `Image and text encoder: ${clip.net.family}.`]),
    ...tokenizer.files.map((file): [string, string] => [file, 'Tokenizer.']),
  ]
  const sizes = await Promise.all(rows.map(async ([file]) => (await stat(file)).size))
  const of = sizes.reduce((a, b) => a + b, 0)
  const listed: PackManifest['provenance'] = []
  let step = 0
  for (const [i, [file, note]] of rows.entries()) {
    if (options.signal?.aborted) throw new Cancelled()
    options.progress?.({ stage: 'reading', step, of })
    listed.push({ source: basename(file), sha256: await hashFile(file), note })
    step += sizes[i]!
  }
  return listed
}

const sources = ({ checkpoint }: FoundNet<unknown>): readonly string[] => checkpoint.files

/** What can be said without asking anybody: licences of weights are their publishers'. */
function licences(generator: string, clip: string, hasFaces: boolean): PackManifest['licences'] {
  const nvidia =
    'as its publisher says; the models that NVIDIA published may be used for non-commercial purposes only (Nvidia Source Code License-NC)'
  return [
    { what: 'Generator', licence: generator.startsWith('NVIDIA') ? nvidia : 'as its publisher says' },
    { what: 'CLIP', licence: clip.startsWith('OpenAI') ? 'MIT (OpenAI’s published models)' : 'as its publisher says' },
    { what: 'Tokenizer', licence: 'as its publisher says; OpenAI’s is MIT' },
    ...(hasFaces ? [{ what: 'Face detector and landmarks', licence: 'MIT, Copyright (c) Vladimir Mandic' }] : []),
  ]
}
