import { parse } from 'node:path'
import type { ExportRequest, Progress } from '../contract/calls.ts'
import { composite } from '../engine/photos/composite.ts'
import { exportPhoto, type ExportedPhoto } from '../engine/photos/export.ts'
import type { PhotoPixels } from '../engine/photos/photo.ts'
import { compositeOptions, workOut, type EditParts } from './edits.ts'
import { checkpoint } from './photos.ts'
import { Stopwatch } from './stopwatch.ts'

export interface ExportWork {
  readonly signal?: AbortSignal | undefined
  readonly progress?: ((progress: Progress) => void) | undefined
  readonly watch?: Stopwatch
}

export interface StudioExport extends ExportedPhoto {
  /** "holiday-edited.jpg" */
  readonly name: string
  readonly width: number
  readonly height: number
}

const STAGES = 3

/** A recipe's result at the photo's full size, as a file. Errors: Cancelled, those of each stage. */
export async function exportEdit(parts: EditParts, request: ExportRequest, work: ExportWork = {}): Promise<StudioExport> {
  const { recipe, format, quality, metadata, profile, embedRecipe, aiLabel } = request
  const { signal, progress, watch = new Stopwatch() } = work
  const stage = (name: string, step: number) => {
    checkpoint(signal)
    progress?.({ stage: name, step, of: STAGES })
  }
  stage('edit', 0)
  const { open, photo, transform, before, after } = await workOut(parts, recipe, { watch, signal })
  stage('composite', 1)
  const pixels: PhotoPixels = await watch.time('composite', () =>
    after === undefined ? photo.pixels : composite({ photo, transform, before, after, options: compositeOptions(recipe) }).pixels,
  )
  stage('encode', 2)
  const exported = await watch.time('encode', () =>
    exportPhoto(photo, pixels, { format, quality, metadata, profile, aiLabel, ...(embedRecipe ? { recipe } : {}) }),
  )
  progress?.({ stage: 'encode', step: STAGES, of: STAGES })
  const warnings =
    recipe.pack.hash === open.pack.hash
      ? exported.warnings
      : [...exported.warnings, 'The recipe was made with another version of this pack, so the result may differ.']
  return {
    ...exported,
    warnings,
    name: `${parse(recipe.photo.name).name}-edited.${exported.extension}`,
    width: photo.width,
    height: photo.height,
  }
}
