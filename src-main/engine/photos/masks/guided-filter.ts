import { newField, reduce } from '../field.ts'
import type { Field } from '../field.ts'
import { boxMean, stretched } from './box.ts'

export interface GuidedFilterOptions {
  /** Half of the window's side, in points. */
  readonly radius: number
  /** ε: colour variances far below it count as flat. */
  readonly epsilon: number
  /** Points that are taken together for the coefficients; 1 is exact. */
  readonly shrink?: number
}

/**
 * The guided filter (He, Sun and Tang, Guided Image Filtering, 2013) with a colour guide: in every window the output is the linear function
 * of the guide that comes nearest to the mask,
 *   a = (Σ + εU)⁻¹ (mean(I·p) − Ī·p̄),  b = p̄ − aᵀĪ,  q = mean(a)ᵀ I + mean(b)      (eqs. 19–21),
 * so that its edges are the guide's. guide: [H,W,3] in 0…1; mask: [H,W,1]; the result [H,W,1] may leave 0…1 a little. With `shrink` > 1 the
 * coefficients are found on a smaller grid (He and Sun, Fast Guided Filter, 2015), the guide stays as it is.
 */
export function guidedFilter(guide: Field, mask: Field, { radius, epsilon, shrink = 1 }: GuidedFilterOptions): Field {
  const small = coefficients(reduce(guide, shrink), reduce(mask, shrink), Math.max(1, Math.round(radius / shrink)), epsilon)
  const full = stretched(small, guide.width, guide.height)
  const out = newField(guide.width, guide.height, 1)
  for (let i = 0, g = 0, k = 0; i < out.data.length; i++, g += 3, k += 4)
    out.data[i] =
      full.data[k]! * guide.data[g]! + full.data[k + 1]! * guide.data[g + 1]! + full.data[k + 2]! * guide.data[g + 2]! + full.data[k + 3]!
  return out
}

/** mean(a) and mean(b) at each point. */
function coefficients(guide: Field, mask: Field, r: number, epsilon: number): Field {
  const { width, height } = guide
  const points = width * height
  // I (3), p, I·p (3), I·Iᵀ: rr rg rb gg gb bb.
  const products = newField(width, height, 13)
  for (let i = 0, at = 0; i < points; i++, at += 13) {
    const R = guide.data[i * 3]!
    const G = guide.data[i * 3 + 1]!
    const B = guide.data[i * 3 + 2]!
    const p = mask.data[i]!
    products.data.set([R, G, B, p, R * p, G * p, B * p, R * R, R * G, R * B, G * G, G * B, B * B], at)
  }
  const m = boxMean(products, r).data
  const ab = newField(width, height, 4)
  for (let i = 0, at = 0; i < points; i++, at += 13) {
    const R = m[at]!
    const G = m[at + 1]!
    const B = m[at + 2]!
    const p = m[at + 3]!
    const cr = m[at + 4]! - R * p
    const cg = m[at + 5]! - G * p
    const cb = m[at + 6]! - B * p
    const rr = m[at + 7]! - R * R + epsilon
    const rg = m[at + 8]! - R * G
    const rb = m[at + 9]! - R * B
    const gg = m[at + 10]! - G * G + epsilon
    const gb = m[at + 11]! - G * B
    const bb = m[at + 12]! - B * B + epsilon
    const A = gg * bb - gb * gb
    const D = rb * gb - rg * bb
    const E = rg * gb - rb * gg
    const determinant = rr * A + rg * D + rb * E
    const a0 = (A * cr + D * cg + E * cb) / determinant
    const a1 = (D * cr + (rr * bb - rb * rb) * cg + (rb * rg - rr * gb) * cb) / determinant
    const a2 = (E * cr + (rb * rg - rr * gb) * cg + (rr * gg - rg * rg) * cb) / determinant
    ab.data.set([a0, a1, a2, p - a0 * R - a1 * G - a2 * B], i * 4)
  }
  return boxMean(ab, r)
}
