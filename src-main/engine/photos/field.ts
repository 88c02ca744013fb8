/** Several float values at each point of a grid: row by row from the top, the values of a point side by side. */
export interface Field {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly data: Float32Array
}

export const newField = (width: number, height: number, channels: number): Field => ({
  width,
  height,
  channels,
  data: new Float32Array(width * height * channels),
})

/** Gaussian blur; values beyond the border are those at it. `sigma` in points; 0 copies. A wide blur is made on a smaller grid,
 *  where it costs the same as a narrow one. */
export function blur(field: Field, sigma: number): Field {
  if (sigma <= 0) return { ...field, data: field.data.slice() }
  const cell = Math.floor(sigma / 3)
  if (cell > 1) return cut(enlarge(blur(reduce(field, cell), sigma / cell), cell), field.width, field.height)
  const radius = Math.ceil(sigma * 3)
  const kernel = Float32Array.from({ length: radius * 2 + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)))
  const total = kernel.reduce((sum, x) => sum + x, 0)
  for (let i = 0; i < kernel.length; i++) kernel[i]! /= total
  return pass(pass(field, kernel, radius, true), kernel, radius, false)
}

/** The upper left part. */
function cut(field: Field, width: number, height: number): Field {
  if (field.width === width && field.height === height) return field
  const out = newField(width, height, field.channels)
  const row = width * field.channels
  for (let y = 0; y < height; y++)
    out.data.set(field.data.subarray(y * field.width * field.channels, y * field.width * field.channels + row), y * row)
  return out
}

function pass(field: Field, kernel: Float32Array, radius: number, along: boolean): Field {
  const { width, height, channels, data } = field
  const out = new Float32Array(data.length)
  const length = along ? width : height
  const step = along ? channels : width * channels
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const own = along ? x : y
      const base = (y * width + x) * channels
      for (let k = -radius; k <= radius; k++) {
        const other = own + k < 0 ? 0 : own + k >= length ? length - 1 : own + k
        const from = base + (other - own) * step
        const weight = kernel[k + radius]!
        for (let c = 0; c < channels; c++) out[base + c]! += weight * data[from + c]!
      }
    }
  return { width, height, channels, data: out }
}

/** Averages over cells of k×k points; a cell cut off by the right or lower border averages what it has. */
export function reduce(field: Field, k: number): Field {
  if (k <= 1) return field
  const { channels, data } = field
  const width = Math.ceil(field.width / k)
  const height = Math.ceil(field.height / k)
  const out = newField(width, height, channels)
  const count = new Float32Array(width * height)
  for (let y = 0; y < field.height; y++)
    for (let x = 0; x < field.width; x++) {
      const cell = Math.floor(y / k) * width + Math.floor(x / k)
      count[cell]!++
      for (let c = 0; c < channels; c++) out.data[cell * channels + c]! += data[(y * field.width + x) * channels + c]!
    }
  for (let i = 0; i < out.data.length; i++) out.data[i]! /= count[Math.floor(i / channels)]!
  return out
}

/** Enlarges by an integer factor with Catmull-Rom's cubic; points are cell centres. */
export function enlarge(field: Field, factor: number): Field {
  if (factor <= 1) return field
  return stretch(stretch(field, factor, true), factor, false)
}

/** The same field with size×size points. */
export function resized(field: Field, size: number): Field {
  if (size === field.width && size === field.height) return field
  if (size % field.width === 0 && field.width === field.height) return enlarge(field, size / field.width)
  const out = newField(size, size, field.channels)
  const point = new Float32Array(field.channels)
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      sampleLinear(field, ((x + 0.5) / size) * field.width - 0.5, ((y + 0.5) / size) * field.height - 0.5, point)
      out.data.set(point, (y * size + x) * field.channels)
    }
  return out
}

function stretch(field: Field, factor: number, along: boolean): Field {
  const { width, height, channels, data } = field
  const out = newField(along ? width * factor : width, along ? height : height * factor, channels)
  const length = along ? width : height
  const step = along ? channels : width * channels
  const weights = Array.from({ length: factor }, (_, phase) => cubic(fraction((phase + 0.5) / factor - 0.5)))
  for (let y = 0; y < out.height; y++)
    for (let x = 0; x < out.width; x++) {
      const at = along ? x : y
      const phase = at % factor
      const left = Math.floor((at + 0.5) / factor - 0.5)
      const row = along ? y * width * channels : x * channels
      const to = (y * out.width + x) * channels
      for (let k = 0; k < 4; k++) {
        const from = row + Math.min(length - 1, Math.max(0, left + k - 1)) * step
        const weight = weights[phase]![k]!
        for (let c = 0; c < channels; c++) out.data[to + c]! += weight * data[from + c]!
      }
    }
  return out
}

const fraction = (x: number) => x - Math.floor(x)

/** Catmull-Rom's weights of the points at −1, 0, 1, 2 for a place t in 0…1. */
export const cubic = (t: number): Float64Array => cubicInto(t, new Float64Array(4))

function cubicInto(t: number, weights: Float64Array): Float64Array {
  const t2 = t * t
  const t3 = t2 * t
  weights[0] = (-t3 + 2 * t2 - t) / 2
  weights[1] = (3 * t3 - 5 * t2 + 2) / 2
  weights[2] = (-3 * t3 + 4 * t2 + t) / 2
  weights[3] = (t3 - t2) / 2
  return weights
}

/** Linear interpolation at (x, y) in points (centres at whole numbers), clamped at the border; writes `channels` values to out. */
export function sampleLinear(field: Field, x: number, y: number, out: Float32Array): void {
  const { width, height, channels, data } = field
  const cx = x < 0 ? 0 : x > width - 1 ? width - 1 : x
  const cy = y < 0 ? 0 : y > height - 1 ? height - 1 : y
  const x0 = Math.min(Math.floor(cx), Math.max(0, width - 2))
  const y0 = Math.min(Math.floor(cy), Math.max(0, height - 2))
  const fx = cx - x0
  const fy = cy - y0
  const right = width > 1 ? channels : 0
  const below = height > 1 ? width * channels : 0
  const at = (y0 * width + x0) * channels
  const w00 = (1 - fx) * (1 - fy)
  const w10 = fx * (1 - fy)
  const w01 = (1 - fx) * fy
  const w11 = fx * fy
  for (let c = 0; c < channels; c++) {
    const i = at + c
    out[c] = w00 * data[i]! + w10 * data[i + right]! + w01 * data[i + below]! + w11 * data[i + below + right]!
  }
}

// Sampling runs millions of times a picture; it allocates nothing.
const acrossWeights = new Float64Array(4)
const downWeights = new Float64Array(4)

/** Catmull-Rom interpolation at (x, y) in points; beyond the border the field is mirrored. Adds weight·value to out. */
export function addCubic(field: Field, x: number, y: number, weight: number, out: Float32Array, at: number): void {
  const { width, height, channels, data } = field
  const x0 = Math.floor(x)
  const y0 = Math.floor(y)
  const wx = cubicInto(x - x0, acrossWeights)
  const wy = cubicInto(y - y0, downWeights)
  for (let j = 0; j < 4; j++) {
    const row = mirror(y0 + j - 1, height) * width
    for (let i = 0; i < 4; i++) {
      const w = weight * wy[j]! * wx[i]!
      const from = (row + mirror(x0 + i - 1, width)) * channels
      for (let c = 0; c < channels; c++) out[at + c]! += w * data[from + c]!
    }
  }
}

/** The point inside 0…n−1 that i shows in mirrors standing at the border (the border's point is repeated). */
export function mirror(i: number, n: number): number {
  if (i >= 0 && i < n) return i
  const period = 2 * n
  const j = ((i % period) + period) % period
  return j < n ? j : period - 1 - j
}

/** 0 below `from`, 1 above `to`, smooth between. */
export function smoothstep(from: number, to: number, x: number): number {
  const t = x <= from ? 0 : x >= to ? 1 : (x - from) / (to - from)
  return t * t * (3 - 2 * t)
}
