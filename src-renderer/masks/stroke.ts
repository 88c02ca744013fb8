import { joined, type MaskPixels, type MaskRect } from './pixels.ts'

export interface Brush {
  /** In mask points. */
  readonly radius: number
  /** Share of the radius inside which the brush is full, 0…1. */
  readonly hardness: number
  /** How much of what is missing each dab lays down, 0…1. */
  readonly flow: number
  readonly isErasing: boolean
}

export interface StrokePoint {
  /** In mask points; may lie outside. */
  readonly x: number
  readonly y: number
  /** 0…1, a pen's; 1 for everything else. */
  readonly pressure: number
}

/** Dabs are this share of the radius apart. */
const SPACING = 0.12
/** A pen that hardly touches still draws. */
const THINNEST = 0.15

/**
 * One stroke of the brush on a mask. Within a stroke every point gathers coverage up to the brush's own profile there,
 *   c ← c + flow · max(0, profile − c) for each dab,
 * and the mask becomes m + (1 − m)·c, or m·(1 − c) when erasing: passing the same place twice in one stroke never makes its edge harder.
 * Only the rectangle that a movement touches is worked on, whatever the photo's size.
 */
export class Stroke {
  readonly pixels: MaskPixels
  readonly #base: MaskPixels
  readonly #brush: Brush
  readonly #coverage: Float32Array
  #last: StrokePoint | undefined
  /** How far the way to the next dab has been gone already. */
  #gone = 0

  constructor(base: MaskPixels, brush: Brush) {
    this.#base = base
    this.#brush = brush
    this.pixels = { ...base, data: base.data.slice() }
    this.#coverage = new Float32Array(base.data.length)
  }

  /** Draws on to a point, or the first dab there. @returns what changed */
  to(point: StrokePoint): MaskRect {
    const from = this.#last ?? point
    const isFirst = this.#last === undefined
    this.#last = point
    // Full flow takes the greatest profile on the way, and that is a line's in one go; less flow needs its dabs.
    if (this.#brush.flow >= 1) return this.#line(from, point, 1)
    const length = Math.hypot(point.x - from.x, point.y - from.y)
    const step = Math.max(0.5, this.#brush.radius * SPACING)
    let touched: MaskRect | undefined
    for (let at = isFirst ? 0 : step - this.#gone; at <= length; at += step) {
      const share = length === 0 ? 0 : at / length
      const dab = between(from, point, share)
      const rect = this.#line(dab, dab, this.#brush.flow)
      touched = joined(touched, rect)
      this.#gone = length - at
    }
    if (touched === undefined) this.#gone += length
    return touched ?? { x: 0, y: 0, width: 0, height: 0 }
  }

  #line(a: StrokePoint, b: StrokePoint, flow: number): MaskRect {
    const { width, height } = this.#base
    const { hardness, isErasing } = this.#brush
    const [ra, rb] = [this.#radius(a), this.#radius(b)]
    const reach = Math.max(ra, rb) + 1
    const left = Math.max(0, Math.floor(Math.min(a.x, b.x) - reach))
    const top = Math.max(0, Math.floor(Math.min(a.y, b.y) - reach))
    const right = Math.min(width, Math.ceil(Math.max(a.x, b.x) + reach))
    const bottom = Math.min(height, Math.ceil(Math.max(a.y, b.y) + reach))
    if (right <= left || bottom <= top) return { x: 0, y: 0, width: 0, height: 0 }
    const [dx, dy] = [b.x - a.x, b.y - a.y]
    const length2 = dx * dx + dy * dy
    const [coverage, base, out] = [this.#coverage, this.#base.data, this.pixels.data]
    for (let y = top; y < bottom; y++) {
      const py = y + 0.5 - a.y
      for (let x = left, i = y * width + left; x < right; x++, i++) {
        const px = x + 0.5 - a.x
        let t = length2 === 0 ? 0 : (px * dx + py * dy) / length2
        t = t < 0 ? 0 : t > 1 ? 1 : t
        const ex = px - t * dx
        const ey = py - t * dy
        const r = ra + (rb - ra) * t
        const d2 = ex * ex + ey * ey
        if (d2 >= (r + 0.5) * (r + 0.5)) continue
        const profile = brushProfile(Math.sqrt(d2), r, hardness)
        const old = coverage[i]!
        if (profile <= old) continue
        const c = old + (profile - old) * flow
        coverage[i] = c
        const m = base[i]!
        out[i] = Math.round(isErasing ? m * (1 - c) : m + (255 - m) * c)
      }
    }
    return { x: left, y: top, width: right - left, height: bottom - top }
  }

  #radius({ pressure }: StrokePoint): number {
    return Math.max(0.5, this.#brush.radius * (THINNEST + (1 - THINNEST) * pressure))
  }
}

/** How full a brush is at a distance from its middle: 1 within its hard core, falling smoothly to 0 at the radius; never sharper than a point. */
export function brushProfile(distance: number, radius: number, hardness: number): number {
  const core = Math.min(radius * hardness, radius - 0.5)
  const rim = Math.max(radius, core + 1)
  const t = (rim - distance) / (rim - core)
  return t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - 2 * t)
}

const between = (a: StrokePoint, b: StrokePoint, share: number): StrokePoint => ({
  x: a.x + (b.x - a.x) * share,
  y: a.y + (b.y - a.y) * share,
  pressure: a.pressure + (b.pressure - a.pressure) * share,
})
