import type { Progress } from '../contract/calls.ts'
import type { Recipe } from '../contract/document.ts'
import type { Crop } from '../contract/geometry.ts'
import { composite } from '../engine/photos/composite.ts'
import type { Photo, PhotoPixels } from '../engine/photos/photo.ts'
import { compositeOptions, isChanged, workOut, type EditParts } from './edits.ts'
import { layPictures } from './laid-pictures.ts'
import { checkpoint } from './photos.ts'
import { Stopwatch } from './stopwatch.ts'

export interface FinishWork {
  readonly signal?: AbortSignal | undefined
  readonly progress?: ((progress: Progress) => void) | undefined
  readonly watch?: Stopwatch | undefined
  /** Other squares of the photo that get the same edit, after the recipe's own. */
  readonly moreCrops?: readonly Crop[] | undefined
  /** Steps that the caller adds after these, for the progress. */
  readonly stepsAfter?: number
}

export interface Finished {
  readonly photo: Photo
  /** The result at the photo's full size, in its own profile and depth. */
  readonly pixels: PhotoPixels
  /** Of the pack that worked, which may be another version than the recipe's. */
  readonly packHash: string
}

/** A recipe's result at the photo's full size. Errors: Cancelled, those of each stage. */
export async function finish(parts: EditParts, recipe: Recipe, work: FinishWork = {}): Promise<Finished> {
  const { signal, progress, watch = new Stopwatch(), moreCrops = [], stepsAfter = 0 } = work
  const crops = [recipe.crop, ...moreCrops]
  const of = 2 * crops.length + stepsAfter
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
    const edited = await workOut(parts, { ...recipe, crop }, { watch, signal })
    const { open, transform, before, after, masked } = edited
    packHash = open.pack.hash
    stage('composite')
    if (!isChanged(edited)) continue
    const onto = { pixels, profile: photo.profile }
    pixels = await watch.time(
      'composite',
      () => composite({ photo: onto, transform, before, after, masked, options: compositeOptions(recipe) }).pixels,
    )
  }
  pixels = await watch.time('pictures', () => layPictures(parts, recipe, photo, pixels, signal))
  checkpoint(signal)
  return { photo, pixels, packHash }
}
