/** How ONNX's Resize reads one axis; names and formulas are those of the operator's specification. */
export interface AxisResize {
  /** Elements before and after. */
  readonly from: number
  readonly to: number
  /** to / from as the operator was told it, which rounding may have changed. */
  readonly scale: number
  readonly mode: string
  readonly coordinates: string
  readonly nearest: string
  readonly antialias: boolean
  readonly cubicCoeffA: number
  readonly excludeOutside: boolean
}

/** The matrix [to, from] that Resize multiplies an axis with, row by row. Throws a RangeError for a mode that it does not know. */
export function resizeMatrix(r: AxisResize): Float32Array {
  const m = new Float32Array(r.to * r.from)
  for (let i = 0; i < r.to; i++) {
    for (const [at, weight] of taps(r, source(r, i))) {
      if (r.excludeOutside && (at < 0 || at >= r.from)) continue
      m[i * r.from + Math.min(Math.max(at, 0), r.from - 1)]! += weight
    }
    if (r.excludeOutside || r.antialias) normalise(m.subarray(i * r.from, (i + 1) * r.from))
  }
  return m
}

/** The point on the old axis that element i of the new one shows. */
function source({ from, to, scale, coordinates }: AxisResize, i: number): number {
  if (coordinates === 'half_pixel') return (i + 0.5) / scale - 0.5
  if (coordinates === 'pytorch_half_pixel') return to > 1 ? (i + 0.5) / scale - 0.5 : 0
  if (coordinates === 'align_corners') return to > 1 ? (i * (from - 1)) / (to - 1) : 0
  if (coordinates === 'asymmetric') return i / scale
  throw new RangeError(`coordinates by ${coordinates} are not known`)
}

function taps(r: AxisResize, x: number): [number, number][] {
  if (r.mode === 'nearest') return [[nearest(r.nearest, x), 1]]
  if (r.mode !== 'linear' && r.mode !== 'cubic') throw new RangeError(`resizing by ${r.mode} is not known`)
  // Antialiasing widens the kernel by as much as the picture shrinks.
  const wide = r.antialias ? Math.max(1, 1 / r.scale) : 1
  const radius = (r.mode === 'linear' ? 1 : 2) * wide
  const kernel = r.mode === 'linear' ? triangle : (d: number) => keys(d, r.cubicCoeffA)
  const all: [number, number][] = []
  for (let at = Math.floor(x - radius) + 1; at < x + radius; at++) all.push([at, kernel(Math.abs(x - at) / wide)])
  return all
}

function nearest(mode: string, x: number): number {
  if (mode === 'floor') return Math.floor(x)
  if (mode === 'ceil') return Math.ceil(x)
  return mode === 'round_prefer_ceil' ? Math.floor(x + 0.5) : Math.ceil(x - 0.5)
}

const triangle = (d: number): number => Math.max(0, 1 - d)

/** Keys' cubic convolution kernel (1981). */
function keys(d: number, a: number): number {
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1
  return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0
}

function normalise(row: Float32Array): void {
  const sum = row.reduce((a, b) => a + b, 0)
  for (let i = 0; i < row.length; i++) row[i]! /= sum
}
