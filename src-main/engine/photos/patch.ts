import type { TensorData } from '../onnx/tensor.ts'
import { analysisSize } from './blend-maps.ts'
import { SRGB, type ColourSpace } from './colour.ts'
import { prepareLayers } from './composite.ts'
import type { CompositeInput } from './composite.ts'
import { cropField, reducedRegion } from './crop.ts'
import type { Field } from './field.ts'
import { pixelBox } from './photo.ts'
import type { Box, Photo } from './photo.ts'
import { boundsOf, transformForRegion } from './transform.ts'
import type { CropTransform } from './transform.ts'

/** An edit as the canvas shows it: laid over the photo's box, it looks as the composite will. */
export interface PreviewPatch {
  /** Where it lies, in photo pixels. */
  readonly place: Box
  readonly width: number
  readonly height: number
  /** RGBA, 8 bit, in sRGB or the space that was asked for, alpha not premultiplied and equal to the composite's mask. */
  readonly rgba: Uint8Array
}

/** The part of a photo that edits of one crop can touch, ready for many patches: while a slider moves, the photo is not read again. */
export interface PatchSource {
  readonly place: Box
  readonly region: Field
  /** From the region's points to the unit square. */
  readonly transform: CropTransform
  readonly square: Field
}

export interface PatchOptions {
  /** The only part of the photo that is looked at; the whole crop without it. */
  readonly region?: Box | undefined
  /** For drafts: a coarser analysis, a quarter of the work. */
  readonly coarse?: boolean
}

/** `maxSize`: the patch's longest side in points; `generatorSize`: R of the pictures that will come. The patch is empty (width or
 *  height 0) where the region and the crop do not meet. */
export function preparePatch(
  photo: Pick<Photo, 'pixels' | 'profile'>,
  transform: CropTransform,
  maxSize: number,
  generatorSize: number,
  { region: lookedAt, coarse = false }: PatchOptions = {},
): PatchSource {
  const bounds = boundsOf(transform)
  const box = pixelBox(lookedAt === undefined ? bounds : overlap(bounds, lookedAt), photo.pixels.width, photo.pixels.height)
  const cell = Math.max(1, Math.ceil(Math.max(box.width, box.height) / maxSize))
  const region = reducedRegion(photo, box, cell)
  return {
    place: { x: box.x, y: box.y, width: region.width * cell, height: region.height * cell },
    region,
    transform: transformForRegion(transform, box.x, box.y, 1 / cell),
    square: cropField(photo, transform, analysisSize(generatorSize, coarse)),
  }
}

function overlap(one: Box, other: Box): Box {
  const x = Math.max(one.x, other.x)
  const y = Math.max(one.y, other.y)
  const right = Math.min(one.x + one.width, other.x + other.width)
  const bottom = Math.min(one.y + one.height, other.y + other.height)
  return right <= x || bottom <= y ? { x: 0, y: 0, width: 0, height: 0 } : { x, y, width: right - x, height: bottom - y }
}

/** before, after: [1,3,R,R] in [-1,1]; `screen`: the space of the patch's numbers; `masked`: as in composite(). Costs only the patch's
 *  own points, about 1 µs each and edit. */
export function previewPatch(
  source: PatchSource,
  before: TensorData,
  after: TensorData | undefined,
  options?: CompositeInput['options'],
  screen: ColourSpace = SRGB,
  masked?: CompositeInput['masked'],
): PreviewPatch {
  const { region, transform, square, place } = source
  const { width, height } = region
  const blend = prepareLayers({ transform, before, after, options, masked }, square)
  const rgba = new Uint8Array(width * height * 4)
  const mask = new Float32Array(width)
  const target = new Float32Array(3)
  for (let y = 0; y < height; y++) {
    const row = region.data.slice(y * width * 3, (y + 1) * width * 3)
    const old = region.data.subarray(y * width * 3, (y + 1) * width * 3)
    if (!blend.row(row, mask, 0, y)) continue
    for (let x = 0; x < width; x++) {
      const m = mask[x]!
      if (m === 0) continue
      const at = (y * width + x) * 4
      // row is photo + m·(target − photo); the canvas multiplies by alpha again, so it needs the target itself.
      for (let c = 0; c < 3; c++) target[c] = old[x * 3 + c]! + (row[x * 3 + c]! - old[x * 3 + c]!) / m
      screen.fromSrgb(target, 0, rgba, at)
      rgba[at + 3] = toByte(m)
    }
  }
  return { place, width, height, rgba }
}

const toByte = (x: number) => (x <= 0 ? 0 : x >= 1 ? 255 : Math.round(x * 255))
