import { isImage, shownLayers, type ImageLayer, type Recipe } from '../contract/document.ts'
import { layPicture, type PlacedPicture } from '../engine/photos/image-layers.ts'
import type { Photo, PhotoPixels } from '../engine/photos/photo.ts'
import type { EditParts } from './edits.ts'
import { checkpoint } from './photos.ts'

type Parts = Pick<EditParts, 'desk' | 'masks'>

/** The pixels of a result with the recipe's shown pictures over it, the lowest first. Errors: Cancelled, those of a picture's file. */
export async function layPictures(
  parts: Parts,
  recipe: Recipe,
  photo: Photo,
  pixels: PhotoPixels,
  signal?: AbortSignal,
): Promise<PhotoPixels> {
  let laid = pixels
  for (const layer of shownLayers(recipe).filter(isImage).toReversed()) {
    checkpoint(signal)
    laid = layPicture({ pixels: laid, profile: photo.profile }, await placedPicture(parts, recipe, photo, layer))
  }
  return laid
}

/** An image layer with its picture read and its mask shaped. */
async function placedPicture({ desk, masks }: Parts, recipe: Recipe, photo: Photo, layer: ImageLayer): Promise<PlacedPicture> {
  const { picture, center, scale, angle, opacity, blend, mask } = layer
  return {
    picture: await desk.get(picture.id, picture.name),
    center,
    scale,
    angle,
    opacity,
    blend,
    mask: mask?.enabled === true ? await masks.shape(mask, recipe.photo.id, photo) : undefined,
  }
}
