import { smoothstep } from './field.ts'

/** A mask of the person's own, over the aligned square: 1 lets the edit through, 0 keeps the photo; row by row from the top. */
export interface CropMask {
  readonly size: number
  readonly data: Float32Array
}

/** The rounded square's corner radius, as a share of the crop's side. */
const CORNER = 0.25
/** The mask ends this far inside the crop, so that interpolation never reaches beyond the generator's picture. */
const MARGIN = 0.008

/** The composite's mask at (u, v) of the unit square: 1 inside, falling smoothly over `feather` (a share of the side) to exactly 0
 *  inside the crop's border. */
export function cropMaskAt(u: number, v: number, feather: number): number {
  const half = 0.5 - MARGIN
  const qx = Math.abs(u - 0.5) - (half - CORNER)
  const qy = Math.abs(v - 0.5) - (half - CORNER)
  const depth = CORNER - (qx > 0 && qy > 0 ? Math.hypot(qx, qy) : Math.max(qx, qy))
  return depth <= 0 ? 0 : smoothstep(0, Math.max(feather, 1e-6), depth)
}

/** The same at the centres of a grid of size×size points, times the person's own masks. */
export function cropMask(size: number, feather: number, masks: readonly CropMask[] = []): Float32Array {
  const out = new Float32Array(size * size)
  for (let j = 0; j < size; j++)
    for (let i = 0; i < size; i++)
      out[j * size + i] = cropMaskAt((i + 0.5) / size, (j + 0.5) / size, feather) * maskProduct(masks, (i + 0.5) / size, (j + 0.5) / size)
  return out
}

/** The product of masks at (u, v), each read with linear interpolation. */
export function maskProduct(masks: readonly CropMask[], u: number, v: number): number {
  let product = 1
  for (const { size, data } of masks) {
    const x = Math.min(size - 1, Math.max(0, u * size - 0.5))
    const y = Math.min(size - 1, Math.max(0, v * size - 0.5))
    const x1 = Math.min(size - 1, Math.floor(x) + 1)
    const y1 = Math.min(size - 1, Math.floor(y) + 1)
    const x0 = Math.floor(x)
    const y0 = Math.floor(y)
    const top = data[y0 * size + x0]! * (1 - x + x0) + data[y0 * size + x1]! * (x - x0)
    const bottom = data[y1 * size + x0]! * (1 - x + x0) + data[y1 * size + x1]! * (x - x0)
    product *= top + (bottom - top) * (y - y0)
  }
  return product
}
