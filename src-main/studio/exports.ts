import type { ExportRequest } from '../contract/calls.ts'
import { DEFAULT_TEMPLATE, fileName } from '../contract/file-names.ts'
import { exportPhoto, type ExportedPhoto } from '../engine/photos/export.ts'
import type { EditParts } from './edits.ts'
import { exportPsd } from './exports-psd.ts'
import { finish, type FinishWork } from './finished.ts'
import { recipeForFile, type BlobReader } from './recipes.ts'
import { Stopwatch } from './stopwatch.ts'

export interface ExportWork extends Omit<FinishWork, 'stepsAfter'> {
  /** Where the masks of the recipe are read; without it they stay out of the file. */
  readonly blobs?: BlobReader | undefined
}

export interface StudioExport extends ExportedPhoto {
  /** "holiday-edited.jpg" */
  readonly name: string
}

/** A recipe's result as a file. Errors: Cancelled, those of each stage. */
export async function exportEdit(parts: EditParts, request: ExportRequest, work: ExportWork = {}): Promise<StudioExport> {
  const { recipe, embedRecipe } = request
  const { progress, watch = new Stopwatch(), moreCrops = [], blobs, signal } = work
  const finished = await finish(parts, recipe, { ...work, watch, stepsAfter: 1 })
  const of = 2 * (1 + moreCrops.length) + 1
  progress?.({ stage: 'encode', step: of - 1, of })
  const carried = embedRecipe ? await recipeForFile(recipe, blobs) : undefined
  const exported = await watch.time('encode', () => encode(parts, request, { ...finished, recipe: carried?.recipe }, signal))
  progress?.({ stage: 'encode', step: of, of })
  const warnings = [...exported.warnings, ...(carried?.warnings ?? [])]
  if (finished.packHash !== recipe.pack.hash)
    warnings.push('The recipe was made with another version of this pack, so the result may differ.')
  if (embedRecipe && moreCrops.length > 0) warnings.push('The recipe in the file holds the first face only.')
  const values = { name: recipe.photo.name, prompt: '', date: '', pack: recipe.pack.id, n: 1 }
  return { ...exported, warnings, name: `${fileName(DEFAULT_TEMPLATE, values)}.${exported.extension}` }
}

type Finished = Awaited<ReturnType<typeof finish>>

function encode(
  parts: EditParts,
  request: ExportRequest,
  { photo, pixels, recipe }: Finished & { readonly recipe: object | undefined },
  signal: AbortSignal | undefined,
): Promise<ExportedPhoto> {
  const { format, ...options } = request
  return format === 'psd'
    ? exportPsd(parts, request, { photo, pixels, recipe }, { signal })
    : exportPhoto(photo, pixels, { ...options, format, recipe })
}
