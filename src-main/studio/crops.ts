import type { Crop } from '../contract/geometry.ts'
import { frameOf, transformOf, type CropTransform } from '../engine/photos/transform.ts'

/** The contract's crop as the transform from the photo to the aligned unit square. */
export const transformOfCrop = ({ center: [cx, cy], size, angle }: Crop): CropTransform => transformOf({ cx, cy, size, angle })

export function cropOf(transform: CropTransform): Crop {
  const { cx, cy, size, angle } = frameOf(transform)
  return { center: [cx, cy], size, angle }
}

/** Where a photo without a face starts: the largest centred square. */
export const centredCrop = (width: number, height: number): Crop => ({
  center: [width / 2, height / 2],
  size: Math.min(width, height),
  angle: 0,
})
