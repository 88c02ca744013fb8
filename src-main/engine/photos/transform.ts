import type { Box } from './photo.ts'

/**
 * The crop transform: a similarity from the photo to the generator's aligned unit square,
 *   u = a·x − b·y + tx,  v = b·x + a·y + ty,
 * with x, y in photo pixels (outer corner of the top left pixel is the origin) and u, v in 0…1 (origin top left).
 */
export interface CropTransform {
  readonly a: number
  readonly b: number
  readonly tx: number
  readonly ty: number
}

export type Point = readonly [number, number]

/** A crop as a hand places it: centre and side in photo pixels, angle in radians, clockwise on the screen. */
export interface CropFrame {
  readonly cx: number
  readonly cy: number
  readonly size: number
  readonly angle: number
}

export const applyTransform = ({ a, b, tx, ty }: CropTransform, [x, y]: Point): Point => [a * x - b * y + tx, b * x + a * y + ty]

/** From the unit square back to the photo, in the same form. */
export function invertTransform({ a, b, tx, ty }: CropTransform): CropTransform {
  const n = a * a + b * b
  return { a: a / n, b: -b / n, tx: -(a * tx + b * ty) / n, ty: -(a * ty - b * tx) / n }
}

/** The crop's corners in photo pixels: top left, top right, bottom right, bottom left. */
export function corners(transform: CropTransform): [Point, Point, Point, Point] {
  const inverse = invertTransform(transform)
  return [
    applyTransform(inverse, [0, 0]),
    applyTransform(inverse, [1, 0]),
    applyTransform(inverse, [1, 1]),
    applyTransform(inverse, [0, 1]),
  ]
}

/** The side of the crop, in photo pixels. */
export const cropSize = ({ a, b }: CropTransform): number => 1 / Math.hypot(a, b)

/** The smallest upright box around the crop. */
export function boundsOf(transform: CropTransform): Box {
  const xs = corners(transform).map(([x]) => x)
  const ys = corners(transform).map(([, y]) => y)
  const x = Math.min(...xs)
  const y = Math.min(...ys)
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y }
}

export function frameOf(transform: CropTransform): CropFrame {
  const [cx, cy] = applyTransform(invertTransform(transform), [0.5, 0.5])
  return { cx, cy, size: cropSize(transform), angle: Math.atan2(-transform.b, transform.a) }
}

/** Inverse of frameOf. Throws a RangeError for a side that is not positive. */
export function transformOf({ cx, cy, size, angle }: CropFrame): CropTransform {
  if (!(size > 0)) throw new RangeError(`a crop's side must be positive, not ${size}`)
  const a = Math.cos(angle) / size
  const b = -Math.sin(angle) / size
  return { a, b, tx: 0.5 - (a * cx - b * cy), ty: 0.5 - (b * cx + a * cy) }
}

/** The upright square around a box's centre; `margin` widens it on each side, as a share of the box's longer side. */
export function squareCrop(box: Box, margin = 0): CropTransform {
  const size = Math.max(box.width, box.height) * (1 + 2 * margin)
  return transformOf({ cx: box.x + box.width / 2, cy: box.y + box.height / 2, size, angle: 0 })
}

/** The transform for the same photo after the photo is moved by −(x, y) and scaled by `scale`. */
export function transformForRegion({ a, b, tx, ty }: CropTransform, x: number, y: number, scale: number): CropTransform {
  return { a: a / scale, b: b / scale, tx: tx + a * x - b * y, ty: ty + b * x + a * y }
}
