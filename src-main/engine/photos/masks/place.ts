import { sampleLinear } from '../field.ts'
import type { Field } from '../field.ts'
import { invertTransform } from '../transform.ts'
import type { CropTransform } from '../transform.ts'

/** A mask of the whole photo as seen from the aligned square. */
export interface PlacedMask {
  /** Its value 0…1 at (u, v) of the unit square. */
  at(u: number, v: number): number
}

/** mask: [H,W,1] of any size over a photo of `photo` pixels; `transform`: from that photo to the unit square. */
export function placeMask(mask: Field, photo: { readonly width: number; readonly height: number }, transform: CropTransform): PlacedMask {
  const { a, b, tx, ty } = invertTransform(transform)
  const scaleX = mask.width / photo.width
  const scaleY = mask.height / photo.height
  const value = new Float32Array(1)
  return {
    // Asked for every pixel of an export; it allocates nothing.
    at(u, v) {
      sampleLinear(mask, (a * u - b * v + tx) * scaleX - 0.5, (b * u + a * v + ty) * scaleY - 0.5, value)
      return value[0]!
    },
  }
}

/** 1 or 0 for a mask that is that everywhere. */
export function uniformValue({ data }: Field): 0 | 1 | undefined {
  const first = data[0]!
  return (first === 0 || first === 1) && data.every((x) => x === first) ? first : undefined
}
