import sharp from 'sharp'
import type { Blob, CallInput, VariationResult } from '../contract/calls.ts'
import { isEdit, type Layer, type Recipe } from '../contract/document.ts'
import { composite } from '../engine/photos/composite.ts'
import { cropField } from '../engine/photos/crop.ts'
import { SRGB } from '../engine/photos/colour.ts'
import type { PhotoPixels, PhotoProfile } from '../engine/photos/photo.ts'
import { transformOf } from '../engine/photos/transform.ts'
import { compositeOptions, workOut, type Edited, type EditParts } from './edits.ts'
import { Stopwatch } from './stopwatch.ts'

/** How far a variation goes: far enough that four of them differ at a glance, near enough that all are the asked edit. */
export const VARIATION_AMOUNT = 0.7

type VariationsRequest = CallInput<'edit.variations'>

/** The layers of the n-th variation: those that vary get the seed `seed + n`. */
export function variedLayers({ recipe, vary, seed }: VariationsRequest, n: number): Layer[] {
  return recipe.layers.map((layer) =>
    isEdit(layer) && vary.includes(layer.id) ? { ...layer, variation: { seed: seed + n, amount: VARIATION_AMOUNT } } : layer,
  )
}

/** One variation, with a thumbnail of the edited square as it will look in the photo. */
export async function makeVariation(
  parts: EditParts,
  request: VariationsRequest,
  index: number,
  { put, signal }: { put: (bytes: Uint8Array) => Promise<Blob>; signal?: AbortSignal | undefined },
): Promise<VariationResult> {
  const layers = variedLayers(request, index)
  const recipe = { ...request.recipe, layers }
  const edited = await workOut(parts, recipe, { watch: new Stopwatch(), signal })
  return { index, layers, thumbnail: await put(await squareThumbnail(edited, recipe, request.size)) }
}

const squareProfile: PhotoProfile = { name: 'sRGB', kind: 'srgb', space: SRGB }

/** The aligned square of the edited photo, `size` pixels a side, as WebP. */
export async function squareThumbnail({ photo, transform, before, after }: Edited, recipe: Recipe, size: number): Promise<Uint8Array> {
  const square = cropField(photo, transform, size)
  const pixels: PhotoPixels = {
    width: size,
    height: size,
    channels: 3,
    depth: 8,
    data: Uint8Array.from(square.data, (x) => Math.round(x * 255)),
  }
  const inSquare = { photo: { pixels, profile: squareProfile }, transform: transformOf({ cx: size / 2, cy: size / 2, size, angle: 0 }) }
  const shown = after === undefined ? pixels : composite({ ...inSquare, before, after, options: compositeOptions(recipe) }).pixels
  return sharp(shown.data, { raw: { width: size, height: size, channels: 3 } })
    .webp({ quality: 85, effort: 1 })
    .toBuffer()
}
