import sharp from 'sharp'
import type { Blob, CallInput, VariationResult } from '../contract/calls.ts'
import { isEdit, type Layer, type Recipe } from '../contract/document.ts'
import { composite } from '../engine/photos/composite.ts'
import { cropField } from '../engine/photos/crop.ts'
import { SRGB } from '../engine/photos/colour.ts'
import type { PhotoPixels, PhotoProfile } from '../engine/photos/photo.ts'
import { transformOf } from '../engine/photos/transform.ts'
import { compositeOptions, isChanged, workOut, type Edited, type EditParts } from './edits.ts'
import { Stopwatch } from './stopwatch.ts'

/** How far a variation goes: far enough that four of them differ at a glance, near enough that all are the asked edit. */
export const VARIATION_AMOUNT = 0.7

type VariationsRequest = CallInput<'edit.variations'>

/** How far "more like this" goes from the variation that was chosen: half as far as that went itself. */
export const AROUND_AMOUNT = 0.35
/** A variation of a variation of … ; the oldest samples but the first give way. */
const MOST_SAMPLES = 16

/** The layers of the n-th variation: those that vary get the seed `seed + n`, or keep what they have and get it on top. */
export function variedLayers({ recipe, vary, seed, around }: VariationsRequest, n: number): Layer[] {
  return recipe.layers.map((layer) => {
    if (!isEdit(layer) || !vary.includes(layer.id)) return layer
    const { variation } = layer
    if (around !== true || variation === undefined) return { ...layer, variation: { seed: seed + n, amount: VARIATION_AMOUNT } }
    const more = [...(variation.more ?? []), { seed: seed + n, amount: AROUND_AMOUNT }].slice(-MOST_SAMPLES)
    return { ...layer, variation: { ...variation, more } }
  })
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
export async function squareThumbnail(edited: Edited, recipe: Recipe, size: number): Promise<Uint8Array> {
  const { photo, transform, before, after, masked } = edited
  const square = cropField(photo, transform, size)
  const pixels: PhotoPixels = {
    width: size,
    height: size,
    channels: 3,
    depth: 8,
    data: Uint8Array.from(square.data, (x) => Math.round(x * 255)),
  }
  const inSquare = { photo: { pixels, profile: squareProfile }, transform: transformOf({ cx: size / 2, cy: size / 2, size, angle: 0 }) }
  const shown = isChanged(edited) ? composite({ ...inSquare, before, after, masked, options: compositeOptions(recipe) }).pixels : pixels
  return sharp(shown.data, { raw: { width: size, height: size, channels: 3 } })
    .webp({ quality: 85, effort: 1 })
    .toBuffer()
}
