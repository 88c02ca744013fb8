import { parse } from 'node:path'
import type { ExportRequest, Progress } from '../contract/calls.ts'
import type { Crop } from '../contract/geometry.ts'
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
  /** Other squares of the photo that get the same edit, after the recipe's own. */
  readonly moreCrops?: readonly Crop[]
}

export interface StudioExport extends ExportedPhoto {
  /** "holiday-edited.jpg" */
  readonly name: string
  readonly width: number
  readonly height: number
}

/** A recipe's result at the photo's full size, as a file. Errors: Cancelled, those of each stage. */
export async function exportEdit(parts: EditParts, request: ExportRequest, work: ExportWork = {}): Promise<StudioExport> {
  const { recipe, format, quality, metadata, profile, embedRecipe, aiLabel } = request
  const { signal, progress, watch = new Stopwatch(), moreCrops = [] } = work
  const crops = [recipe.crop, ...moreCrops]
  const of = 2 * crops.length + 1
  let step = 0
  const stage = (name: string) => {
    checkpoint(signal)
    progress?.({ stage: name, step: step++, of })
  }
  const photo = await parts.desk.get(recipe.photo.id, recipe.photo.name)
  let pixels: PhotoPixels = photo.pixels
  let packHash = recipe.pack.hash
  for (const crop of crops) {
    stage('edit')
    const { open, transform, before, after } = await workOut(parts, { ...recipe, crop }, { watch, signal })
    packHash = open.pack.hash
    stage('composite')
    if (after === undefined) continue
    const onto = { pixels, profile: photo.profile }
    pixels = await watch.time(
      'composite',
      () => composite({ photo: onto, transform, before, after, options: compositeOptions(recipe) }).pixels,
    )
  }
  stage('encode')
  const exported = await watch.time('encode', () =>
    exportPhoto(photo, pixels, { format, quality, metadata, profile, aiLabel, ...(embedRecipe ? { recipe } : {}) }),
  )
  progress?.({ stage: 'encode', step: of, of })
  const warnings = [...exported.warnings]
  if (packHash !== recipe.pack.hash) warnings.push('The recipe was made with another version of this pack, so the result may differ.')
  if (embedRecipe && crops.length > 1) warnings.push('The recipe in the file holds the first face only.')
  return {
    ...exported,
    warnings,
    name: `${parse(recipe.photo.name).name}-edited.${exported.extension}`,
    width: photo.width,
    height: photo.height,
  }
}
