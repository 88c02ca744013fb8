import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { BatchRequest, BatchRow, CallOutput } from '../contract/calls.ts'
import { isEdit, isImage, type Recipe } from '../contract/document.ts'
import { Cancelled, StudioError } from '../contract/errors.ts'
import { fileName } from '../contract/file-names.ts'
import type { Crop } from '../contract/geometry.ts'
import { photosIn, type BatchFile } from './batch-files.ts'
import { batchKey, BatchLog } from './batch-log.ts'
import type { BlobStore } from './blobs.ts'
import { centredCrop } from './crops.ts'
import type { EditParts } from './edits.ts'
import { exportEdit } from './exports.ts'
import { writeInto } from './exports-write.ts'
import type { FaceFinder } from './faces.ts'
import { checkpoint } from './photos.ts'

export interface BatchParts {
  readonly parts: EditParts
  readonly blobs: BlobStore
  readonly faces: FaceFinder
}

export interface BatchWork {
  readonly signal?: AbortSignal | undefined
  readonly progress?: (row: BatchRow) => void
  /** Runs one photo's work when nothing more urgent waits. */
  readonly turn?: <T>(work: () => Promise<T>) => Promise<T>
}

/** What a recipe means for photos that it was not made on: its edits and mixes; masks and pictures lie on one photo only. */
export function recipeForOthers(recipe: Recipe): { recipe: Recipe; notes: string[] } {
  const pictures = recipe.layers.filter(isImage).length
  const masks = recipe.layers.filter((layer) => !isImage(layer) && layer.mask?.enabled === true).length
  const notes = [
    ...(masks === 0 ? [] : [`${masks} masks were painted on this photo and do not fit others; their layers will show everywhere.`]),
    ...(pictures === 0 ? [] : [`${pictures} pictures over the result belong to this photo and are left out.`]),
  ]
  const layers = recipe.layers.filter((layer) => !isImage(layer)).map((layer) => ({ ...layer, mask: undefined }))
  return { recipe: { ...recipe, layers }, notes }
}

/** What a batch would find. Errors batch.no-folder, batch.same-folder. */
export async function planBatch(request: BatchRequest, signal?: AbortSignal): Promise<CallOutput<'batch.plan'>> {
  const files = await photosIn(request.folder, request.out, request.recursive)
  const log = await BatchLog.open(resolve(request.out), batchKey(request))
  let before = 0
  for (const file of files) {
    checkpoint(signal)
    if ((await log.before(file)) !== undefined) before++
  }
  return { photos: files.length, before, notes: recipeForOthers(request.recipe).notes }
}

/** Applies a recipe to a folder; see the contract's 'batch.run'. */
export async function runBatch(batch: BatchParts, request: BatchRequest, work: BatchWork = {}): Promise<CallOutput<'batch.run'>> {
  const { signal, progress, turn = (task) => task() } = work
  const files = await photosIn(request.folder, request.out, request.recursive)
  if (files.length === 0)
    throw new StudioError('batch.nothing', {
      where: request.folder,
      what: 'there are no photos in it',
      todo: 'Choose another folder, or look into its folders too.',
    })
  const originals = new Set(files.map(({ path }) => path))
  const log = await BatchLog.open(resolve(request.out), batchKey(request))
  const counts = { done: 0, before: 0, skipped: 0, failed: 0 }
  for (const [index, file] of files.entries()) {
    checkpoint(signal)
    const row = { index, of: files.length, file: file.file }
    const known = await log.before(file)
    if (known !== undefined) {
      counts.before++
      progress?.({ ...row, state: 'before', out: known.out, reason: known.reason })
      continue
    }
    progress?.({ ...row, state: 'working' })
    const start = performance.now()
    const outcome = await turn(() => editFile(batch, request, { file, n: index + 1, originals, signal })).catch((thrown: unknown) => {
      if (thrown instanceof Cancelled) throw thrown
      return { state: 'failed' as const, reason: StudioError.from(thrown, file.file).message }
    })
    const seconds = Math.round(performance.now() - start) / 1000
    await log.add(file, { ...outcome, seconds })
    counts[outcome.state]++
    progress?.({ ...row, ...outcome, seconds })
  }
  return { ...counts, report: log.path }
}

interface FileWork {
  readonly file: BatchFile
  readonly n: number
  readonly originals: ReadonlySet<string>
  readonly signal: AbortSignal | undefined
}

type Outcome = { state: 'done'; out: string } | { state: 'skipped'; reason: string }

async function editFile(
  { parts, blobs, faces }: BatchParts,
  request: BatchRequest,
  { file, n, originals, signal }: FileWork,
): Promise<Outcome> {
  const name = basename(file.path)
  const bytes = await readFile(file.path)
  const { sha256: id, isNew } = await stored(blobs, bytes)
  try {
    const photo = await parts.desk.get(id, name)
    const pack = await parts.shelf.find(request.recipe.pack.id)
    const found = await faces.find(pack, id, photo)
    const needsFace = pack.manifest.crop === 'ffhq' && pack.has('faces') && request.withoutFace === 'skip'
    if (found.length === 0 && needsFace) return { state: 'skipped', reason: `No ${pack.manifest.noun} was found in ${name}.` }
    const crops: Crop[] = found.length === 0 ? [centredCrop(photo.width, photo.height)] : found.map(({ crop }) => crop)
    const [crop, ...more] = crops
    const recipe: Recipe = { ...recipeForOthers(request.recipe).recipe, photo: { id, name }, crop: crop! }
    const moreCrops = request.faces === 'all' ? more : []
    const made = await exportEdit(parts, { ...request.options, recipe }, { signal, moreCrops })
    const values = { name, prompt: promptOf(recipe), date: today(), pack: recipe.pack.id, n }
    const out = `${fileName(request.template, values)}.${made.extension}`
    const folder = join(resolve(request.out), dirname(file.file))
    if (originals.has(join(folder, out)) && request.conflict === 'overwrite')
      throw new StudioError('batch.same-folder', {
        where: out,
        what: 'an original has that name',
        todo: 'Choose another folder or name for the results.',
      })
    const path = await writeInto(folder, out, request.conflict, made.bytes)
    return path === undefined ? { state: 'skipped', reason: `${out} is there already.` } : { state: 'done', out: path }
  } finally {
    if (isNew) await blobs.forget(id)
  }
}

/** Photos pass through the store one at a time; one that was there before, perhaps open in the window, stays. */
async function stored(blobs: BlobStore, bytes: Uint8Array): Promise<{ sha256: string; isNew: boolean }> {
  const hash = createHash('sha256').update(bytes).digest('hex')
  const isNew = (await blobs.serve(hash)) === undefined
  return { sha256: (await blobs.put(bytes)).sha256, isNew }
}

const promptOf = ({ layers }: Recipe) =>
  layers
    .filter(isEdit)
    .filter(({ visible }) => visible)
    .map(({ text }) => text)
    .join(', ')

function today(): string {
  const now = new Date()
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
}
