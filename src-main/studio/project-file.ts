import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import yauzl from 'yauzl'
import yazl from 'yazl'
import { z } from 'zod'
import { recipeSchema, type Recipe } from '../contract/document.ts'
import { StudioError } from '../contract/errors.ts'
import { storedHistorySchema, type StoredHistory } from '../contract/history.ts'
import type { BlobStore } from './blobs.ts'
import { namedBlobs } from './journal-lines.ts'
import { migrate, PROJECT_FORMAT, requireKnownFormat } from './project-migrations.ts'

/** A project file's texts, and everything in it together: never more than this, whatever its headers say, in bytes. */
const TEXT_LIMIT = 128_000_000
const TOTAL_LIMIT = 4_000_000_000
/** Pictures are packed as they are, so a file that unpacks to many times its own size is no project. */
const MOST_TIMES = 20
const SPARE = 32_000_000
const MOST_ENTRIES = 50_000

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const manifestSchema = z.object({
  format: z.literal(PROJECT_FORMAT),
  kind: z.literal('stylebridge-project'),
  /** Of the program that wrote it. */
  version: z.string().max(40),
  savedAt: z.number(),
  packTitle: z.string().max(300),
  texts: z.object({ 'history.json': sha256, 'recipe.json': sha256 }),
  render: sha256.optional(),
  thumbnail: sha256.optional(),
})

export interface ProjectContents {
  readonly history: StoredHistory
  /** The present state, for those who want nothing else. */
  readonly recipe: Recipe
  readonly packTitle: string
  readonly render?: string | undefined
  readonly thumbnail?: string | undefined
}

/**
 * A project file: a zip of manifest.json, history.json, recipe.json, and blobs/<sha256> for the photo, masks, pictures, small pictures of the steps
 * and the last render. It needs nothing else but a pack. Blobs that are gone are left out.
 */
export function writeProject(contents: ProjectContents, blobs: BlobStore, about: { version: string; savedAt: number }): Readable {
  const { history, recipe, packTitle, render, thumbnail } = contents
  const zip = new yazl.ZipFile()
  const mtime = new Date(about.savedAt)
  const texts = { 'history.json': JSON.stringify(history), 'recipe.json': JSON.stringify(recipe, undefined, 1) }
  const manifest: z.infer<typeof manifestSchema> = {
    format: PROJECT_FORMAT,
    kind: 'stylebridge-project',
    ...about,
    packTitle,
    texts: { 'history.json': digest(texts['history.json']), 'recipe.json': digest(texts['recipe.json']) },
    ...(render === undefined ? {} : { render }),
    ...(thumbnail === undefined ? {} : { thumbnail }),
  }
  const names = namedBlobs(JSON.stringify([history, recipe, render, thumbnail]))
  const add = async () => {
    zip.addBuffer(Buffer.from(JSON.stringify(manifest, undefined, 1)), 'manifest.json', { mtime })
    for (const [name, text] of Object.entries(texts)) zip.addBuffer(Buffer.from(text), name, { mtime })
    for (const name of names) {
      const path = await blobs.find(name)
      if (path !== undefined) zip.addFile(path, `blobs/${name}`, { mtime, compress: false, mode: 0o100644 })
    }
    zip.end()
  }
  const output = zip.outputStream as Readable
  zip.on('error', (error: Error) => output.destroy(error))
  add().catch((error: unknown) => output.destroy(error as Error))
  return output
}

/**
 * Reads a project file; its blobs go into the store. Sizes are counted, not believed, and no name in it is ever used as a path.
 * Errors: 'project.not-one', 'project.newer', 'project.damaged', 'project.too-large'.
 */
export async function readProject(path: string, name: string, blobs: BlobStore): Promise<ProjectContents> {
  const { size } = await stat(path)
  const budget = { left: Math.min(TOTAL_LIMIT, size * MOST_TIMES + SPARE) }
  const texts = new Map<string, Buffer>()
  const found = new Set<string>()
  await eachEntry(path, name, async (entry, open) => {
    if (found.has(entry.fileName)) throw damaged(name, `it holds "${entry.fileName}" twice`)
    found.add(entry.fileName)
    const blob = /^blobs\/([0-9a-f]{64})$/.exec(entry.fileName)?.[1]
    if (blob !== undefined) {
      const stored = await blobs.putStream(counted(await open(), budget, name), TOTAL_LIMIT)
      if (stored.sha256 !== blob) throw damaged(name, `"${entry.fileName}" is not what its name says`)
    } else if (['manifest.json', 'history.json', 'recipe.json'].includes(entry.fileName)) {
      texts.set(entry.fileName, await bytesOf(counted(await open(), budget, name), name))
    }
  })
  return interpret(texts, name)
}

function interpret(texts: ReadonlyMap<string, Buffer>, name: string): ProjectContents {
  const parse = (file: string): unknown => {
    try {
      return JSON.parse(texts.get(file)?.toString() ?? '')
    } catch {
      throw file === 'manifest.json' ? notOne(name) : damaged(name, `its ${file} cannot be read`)
    }
  }
  const manifestText = parse('manifest.json')
  requireKnownFormat(manifestText, name)
  const raw = migrate({ manifest: manifestText, history: parse('history.json'), recipe: parse('recipe.json') })
  const manifest = manifestSchema.safeParse(raw.manifest)
  if (!manifest.success) throw notOne(name)
  for (const [file, hash] of Object.entries(manifest.data.texts)) {
    if (!raw.isMigrated && digest(texts.get(file) ?? '') !== hash) throw damaged(name, `its ${file} was changed`)
  }
  const history = storedHistorySchema.safeParse(raw.history)
  const recipe = recipeSchema.safeParse(raw.recipe)
  if (!history.success || !recipe.success) throw damaged(name, 'its document does not fit the format')
  const { packTitle, render, thumbnail } = manifest.data
  return { history: history.data, recipe: recipe.data, packTitle, render, thumbnail }
}

async function eachEntry(
  path: string,
  name: string,
  visit: (entry: yauzl.Entry, open: () => Promise<Readable>) => Promise<void>,
): Promise<void> {
  const zip = await yauzl.openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: true }).catch(() => {
    throw notOne(name)
  })
  try {
    if (zip.entryCount > MOST_ENTRIES) throw tooLarge(name)
    for await (const entry of zip.eachEntry()) await visit(entry, async () => quiet(await zip.openReadStreamPromise(entry)))
  } catch (thrown) {
    if (thrown instanceof StudioError) throw thrown
    throw damaged(name, thrown instanceof Error ? thrown.message : String(thrown))
  } finally {
    zip.close()
  }
}

/** A stream that fails before anybody reads it tells so when it is read, instead of ending the program. */
const quiet = (stream: Readable) => stream.on('error', () => undefined)

async function* counted(stream: Readable, budget: { left: number }, name: string): AsyncIterable<Uint8Array> {
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    budget.left -= chunk.byteLength
    if (budget.left < 0) throw tooLarge(name)
    yield chunk
  }
}

async function bytesOf(chunks: AsyncIterable<Uint8Array>, name: string): Promise<Buffer> {
  const all: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.byteLength
    if (bytes > TEXT_LIMIT) throw tooLarge(name)
    all.push(chunk)
  }
  return Buffer.concat(all)
}

const digest = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex')

const notOne = (where: string) =>
  new StudioError('project.not-one', { where, what: 'it is no Stylebridge project', todo: 'Choose a file that ends in .stylebridge.' })

const damaged = (where: string, what: string) =>
  new StudioError('project.damaged', { where, what, todo: 'Use another copy of the project, or look for it among the recent documents.' })

const tooLarge = (where: string) =>
  new StudioError('project.too-large', {
    where,
    what: 'it would unpack to far more than its own size',
    todo: 'Open only projects that Stylebridge saved.',
  })
