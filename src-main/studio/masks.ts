import { isLatent, shownLayers, type Layer, type Mask, type Recipe } from '../contract/document.ts'
import { newField, reduce, type Field } from '../engine/photos/field.ts'
import { reducedRegion } from '../engine/photos/crop.ts'
import { readMask } from '../engine/photos/masks/bitmap.ts'
import { stretched } from '../engine/photos/masks/box.ts'
import { placeMask, uniformValue, type PlacedMask } from '../engine/photos/masks/place.ts'
import { shapeMask } from '../engine/photos/masks/shape.ts'
import type { Photo } from '../engine/photos/photo.ts'
import type { CropTransform } from '../engine/photos/transform.ts'
import type { BlobStore } from './blobs.ts'
import { Memo } from './memo.ts'

/** A shaped mask of 2048 × 1365 points is 11 MB, a guide three times that. */
const KEPT = { painted: 4, shaped: 8, guides: 2 }
/** Longest side of a mask while a slider moves. */
const DRAFT_SIDE = 640

/** Masks ready for use: read, shaped, and remembered, so that a moving slider does the work once. */
export class MaskDesk {
  private readonly blobs: BlobStore
  private readonly painted = new Memo<Field>(KEPT.painted)
  private readonly shaped = new Memo<Field>(KEPT.shaped)
  private readonly guides = new Memo<Field>(KEPT.guides)

  constructor(blobs: BlobStore) {
    this.blobs = blobs
  }

  /** The mask as it acts over the photo, [H,W,1] in 0…1; coarser for a draft. Errors: 'mask.damaged', 'blob.missing'. */
  shape(mask: Mask, photoId: string, photo: Photo, draft = false): Promise<Field> {
    const { bitmap, feather, grow, edges, inverted } = mask
    const key = JSON.stringify([bitmap, feather, grow, edges, inverted, edges > 0 ? photoId : '', draft])
    return this.shaped.get(key, async () => {
      const read = await this.painted.get(bitmap, async () => readMask(await this.blobs.read(bitmap)))
      const cell = draft ? Math.ceil(Math.max(read.width, read.height) / DRAFT_SIDE) : 1
      const painted = reduce(read, cell)
      const guide = edges > 0 ? await this.guide(photoId, photo, painted) : newField(1, 1, 3)
      return shapeMask(painted, mask, () => guide)
    })
  }

  /** The photo in sRGB 0…1 at a mask's size. */
  guide(photoId: string, photo: Photo, { width, height }: { readonly width: number; readonly height: number }): Promise<Field> {
    return this.guides.get(JSON.stringify([photoId, width, height]), async () => {
      const cell = Math.max(1, Math.floor(photo.width / width))
      const whole = { x: 0, y: 0, width: photo.width, height: photo.height }
      return stretched(reducedRegion(photo, whole, cell), width, height)
    })
  }
}

/** A masked layer among the unmasked ones, in the stack's order, and where it shows. */
export interface MaskedLayers {
  readonly layers: readonly Layer[]
  readonly mask: PlacedMask
}

export interface ByMask {
  readonly unmasked: readonly Layer[]
  readonly masked: readonly MaskedLayers[]
}

/**
 * The shown layers of a recipe, taken apart for compositing (engine/photos/masks/layered.ts). A mask that is switched off or white everywhere is
 * none, a layer under a black one is left out.
 */
export async function byMask(
  desk: MaskDesk,
  recipe: Recipe,
  photo: Photo,
  { transform, draft = false }: { readonly transform: CropTransform; readonly draft?: boolean },
): Promise<ByMask> {
  const latent = shownLayers(recipe).filter(isLatent)
  const fields = new Map<string, Field>()
  for (const { id, mask } of latent) {
    if (mask?.enabled === true) fields.set(id, await desk.shape(mask, recipe.photo.id, photo, draft))
  }
  const isUnmasked = ({ id }: Layer) => {
    const field = fields.get(id)
    return field === undefined || uniformValue(field) === 1
  }
  const masked = latent.filter((layer) => !isUnmasked(layer) && uniformValue(fields.get(layer.id)!) === undefined)
  return {
    unmasked: latent.filter(isUnmasked),
    masked: masked.map((one) => ({
      layers: latent.filter((layer) => layer === one || isUnmasked(layer)),
      mask: placeMask(fields.get(one.id)!, photo, transform),
    })),
  }
}

/** Masks that travel inside a recipe: their PNG files in base64, by hash. */
export type InlineMasks = Readonly<Record<string, string>>

/** The hashes of every mask that a recipe names. */
export const maskHashes = ({ layers }: Pick<Recipe, 'layers'>): string[] => [...new Set(layers.flatMap(({ mask }) => mask?.bitmap ?? []))]

/** The masks of a recipe for its way in a file, the smallest first, as long as they fit into `limitBytes` of base64; `left` are those that do not. */
export async function inlineMasks(blobs: BlobStore, recipe: Recipe, limitBytes: number): Promise<{ masks: InlineMasks; left: string[] }> {
  const files = await Promise.all(
    maskHashes(recipe).map(async (hash) => ({ hash, text: Buffer.from(await blobs.read(hash)).toString('base64') })),
  )
  const masks: Record<string, string> = {}
  const left: string[] = []
  let room = limitBytes
  for (const { hash, text } of files.sort((a, b) => a.text.length - b.text.length)) {
    if (text.length > room) {
      left.push(hash)
      continue
    }
    masks[hash] = text
    room -= text.length
  }
  return { masks, left }
}

/** Takes the masks of a file that came back into the store. What is no mask, or not the one that its name says, is passed over; returns the hashes that the recipe still misses. */
export async function restoreMasks(blobs: BlobStore, recipe: Recipe, masks: InlineMasks): Promise<string[]> {
  for (const hash of maskHashes(recipe)) {
    const bytes = Buffer.from(masks[hash] ?? '', 'base64')
    if (bytes.length === 0) continue
    const isMask = await readMask(bytes).then(
      () => true,
      () => false,
    )
    if (isMask) await blobs.put(bytes)
  }
  const known = await Promise.all(maskHashes(recipe).map(async (hash) => ((await blobs.serve(hash)) === undefined ? [hash] : [])))
  return known.flat()
}
