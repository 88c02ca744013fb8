import { blur, newField } from '../field.ts'
import type { Field } from '../field.ts'

/** Mean over the (2r+1)² window around each point, the window cut at the border. Running sums: the cost does not depend on r. */
export function boxMean(field: Field, r: number): Field {
  return r <= 0 ? field : down(across(field, r), r)
}

function across({ width, height, channels, data }: Field, r: number): Field {
  const out = newField(width, height, channels)
  for (let y = 0; y < height; y++)
    for (let c = 0; c < channels; c++) {
      const row = y * width * channels + c
      let sum = 0
      for (let x = 0; x < Math.min(r, width); x++) sum += data[row + x * channels]!
      for (let x = 0; x < width; x++) {
        if (x + r < width) sum += data[row + (x + r) * channels]!
        if (x - r > 0) sum -= data[row + (x - r - 1) * channels]!
        out.data[row + x * channels] = sum / (Math.min(width - 1, x + r) - Math.max(0, x - r) + 1)
      }
    }
  return out
}

/** Row by row, with one running sum for each column: memory is read in its own order. */
function down({ width, height, channels, data }: Field, r: number): Field {
  const out = newField(width, height, channels)
  const line = width * channels
  const sums = new Float64Array(line)
  for (let y = 0; y < Math.min(r, height); y++) for (let i = 0; i < line; i++) sums[i]! += data[y * line + i]!
  for (let y = 0; y < height; y++) {
    if (y + r < height) for (let i = 0, at = (y + r) * line; i < line; i++, at++) sums[i]! += data[at]!
    if (y - r > 0) for (let i = 0, at = (y - r - 1) * line; i < line; i++, at++) sums[i]! -= data[at]!
    const count = Math.min(height - 1, y + r) - Math.max(0, y - r) + 1
    for (let i = 0, at = y * line; i < line; i++, at++) out.data[at] = sums[i]! / count
  }
  return out
}

/** A Gaussian blur, where it is wide as three box means (Kovesi, Fast Almost-Gaussian Filtering, 2010). `sigma` in points. */
export function softBlur(field: Field, sigma: number): Field {
  if (sigma < 2) return blur(field, sigma)
  const ideal = Math.sqrt(4 * sigma * sigma + 1)
  const small = Math.floor((ideal - 1) / 2)
  // Two radii, one apart, so mixed that the variances add up to sigma².
  const variance = (r: number) => ((2 * r + 1) ** 2 - 1) / 12
  const wide = Math.round((sigma * sigma - 3 * variance(small)) / (variance(small + 1) - variance(small)))
  let out = field
  for (let i = 0; i < 3; i++) out = boxMean(out, i < wide ? small + 1 : small)
  return out
}

/** Linear interpolation to another size; the corners of both pictures coincide. */
export function stretched(field: Field, width: number, height: number): Field {
  if (field.width === width && field.height === height) return field
  const { channels, data } = field
  const out = newField(width, height, channels)
  const places = (from: number, to: number) =>
    Array.from({ length: to }, (_, i) => {
      const at = Math.min(from - 1, Math.max(0, ((i + 0.5) / to) * from - 0.5))
      const first = Math.min(Math.floor(at), Math.max(0, from - 2))
      return { first, second: Math.min(first + 1, from - 1), share: at - first }
    })
  const xs = places(field.width, width)
  places(field.height, height).forEach(({ first, second, share }, y) => {
    const upper = first * field.width * channels
    const lower = second * field.width * channels
    let at = y * width * channels
    for (const x of xs) {
      const left = x.first * channels
      const right = x.second * channels
      for (let c = 0; c < channels; c++) {
        const top = data[upper + left + c]! * (1 - x.share) + data[upper + right + c]! * x.share
        const bottom = data[lower + left + c]! * (1 - x.share) + data[lower + right + c]! * x.share
        out.data[at++] = top + (bottom - top) * share
      }
    }
  })
  return out
}
