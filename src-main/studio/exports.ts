import { parse } from 'node:path'
import type { ExportRequest } from '../contract/calls.ts'
import { exportPhoto, type ExportedPhoto } from '../engine/photos/export.ts'
import type { EditParts } from './edits.ts'
import { finish, type FinishWork } from './finished.ts'
import { Stopwatch } from './stopwatch.ts'

export type ExportWork = Omit<FinishWork, 'stepsAfter'>

export interface StudioExport extends ExportedPhoto {
  /** "holiday-edited.jpg" */
  readonly name: string
  readonly width: number
  readonly height: number
}

/** A recipe's result as a file. Errors: Cancelled, those of each stage. */
export async function exportEdit(parts: EditParts, request: ExportRequest, work: ExportWork = {}): Promise<StudioExport> {
  const { recipe, format, quality, metadata, profile, embedRecipe, aiLabel } = request
  const { progress, watch = new Stopwatch(), moreCrops = [] } = work
  const { photo, pixels, packHash } = await finish(parts, recipe, { ...work, watch, stepsAfter: 1 })
  const of = 2 * (1 + moreCrops.length) + 1
  progress?.({ stage: 'encode', step: of - 1, of })
  const exported = await watch.time('encode', () =>
    exportPhoto(photo, pixels, { format, quality, metadata, profile, aiLabel, ...(embedRecipe ? { recipe } : {}) }),
  )
  progress?.({ stage: 'encode', step: of, of })
  const warnings = [...exported.warnings]
  if (packHash !== recipe.pack.hash) warnings.push('The recipe was made with another version of this pack, so the result may differ.')
  if (embedRecipe && moreCrops.length > 0) warnings.push('The recipe in the file holds the first face only.')
  return {
    ...exported,
    warnings,
    name: `${parse(recipe.photo.name).name}-edited.${exported.extension}`,
    width: photo.width,
    height: photo.height,
  }
}
