import { blur, newField, reduce, resized } from './field.ts'
import type { Field } from './field.ts'

/** Variance of the guide, sRGB 0…1, below which its differences count as noise. */
const NOISE = 0.0004

/**
 * Guided filter (He, Sun and Tang, 2010; in its fast form, 2015): `field` as a locally linear function of a picture's colours,
 * field ≈ aᵀ·guide + b around each point, so that its edges are the picture's. Both have the same size; `sigma` in points is how far
 * "around" reaches.
 */
export function guided(field: Field, guide: Field, sigma: number): Field {
  const cell = sigma >= 4 ? 2 : 1
  const [f, g] = [reduce(field, cell), reduce(guide, cell)]
  const coefficients = resized(blur(fit(f, g, sigma / cell), sigma / cell), field.width)
  const { channels } = field
  const out = newField(field.width, field.height, channels)
  for (let i = 0, at = 0; i < field.width * field.height; i++, at += channels * 4)
    for (let c = 0; c < channels; c++) {
      const k = at + c * 4
      const [r, gr, b] = [guide.data[i * 3]!, guide.data[i * 3 + 1]!, guide.data[i * 3 + 2]!]
      const d = coefficients.data
      out.data[i * channels + c] = d[k]! * r + d[k + 1]! * gr + d[k + 2]! * b + d[k + 3]!
    }
  return out
}

/** a (3) and b of each channel at each point, by least squares over its surroundings. */
function fit(field: Field, guide: Field, sigma: number): Field {
  const { width, height, channels } = field
  const points = width * height
  const [means, products] = [9, 3 * channels]
  const sums = newField(width, height, means + channels + products)
  for (let i = 0, at = 0; i < points; i++, at += sums.channels) {
    const [r, g, b] = [guide.data[i * 3]!, guide.data[i * 3 + 1]!, guide.data[i * 3 + 2]!]
    sums.data.set([r, g, b, r * r, r * g, r * b, g * g, g * b, b * b], at)
    for (let c = 0; c < channels; c++) {
      const x = field.data[i * channels + c]!
      sums.data[at + means + c] = x
      sums.data.set([r * x, g * x, b * x], at + means + channels + c * 3)
    }
  }
  const m = blur(sums, sigma).data
  const out = newField(width, height, channels * 4)
  for (let i = 0, at = 0; i < points; i++, at += sums.channels) {
    const [r, g, b] = [m[at]!, m[at + 1]!, m[at + 2]!]
    const [rr, rg, rb] = [m[at + 3]! - r * r + NOISE, m[at + 4]! - r * g, m[at + 5]! - r * b]
    const [gg, gb, bb] = [m[at + 6]! - g * g + NOISE, m[at + 7]! - g * b, m[at + 8]! - b * b + NOISE]
    // The inverse of the symmetric 3×3 matrix by its adjugate.
    const [p, q, s] = [gg * bb - gb * gb, rb * gb - rg * bb, rg * gb - rb * gg]
    const [t, u, v] = [rr * bb - rb * rb, rg * rb - rr * gb, rr * gg - rg * rg]
    const determinant = rr * p + rg * q + rb * s
    for (let c = 0; c < channels; c++) {
      const mean = m[at + means + c]!
      const k = at + means + channels + c * 3
      const [x, y, z] = [m[k]! - r * mean, m[k + 1]! - g * mean, m[k + 2]! - b * mean]
      const a = [(p * x + q * y + s * z) / determinant, (q * x + t * y + u * z) / determinant, (s * x + u * y + v * z) / determinant]
      out.data.set([a[0]!, a[1]!, a[2]!, mean - a[0]! * r - a[1]! * g - a[2]! * b], (i * channels + c) * 4)
    }
  }
  return out
}
