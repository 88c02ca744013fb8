import { blur, newField, reduce, resized, smoothstep } from './field.ts'
import type { Field } from './field.ts'
import { fillFrom } from './fill.ts'
import { guided } from './guided.ts'

/**
 * What compositing needs to know at each point of the aligned square, so that a photo pixel P becomes
 *
 *   target = A + K·(P − B),   result = P + mask·weight·(target − P).
 *
 * A is the edited picture with the low-frequency part of the inversion's residual; B the inversion with all of that part; K how
 * much of the residual's fine part (skin texture, strands, jewellery) stays. Where the edit changes nothing, A − B = 0 and K = 1:
 * the photo itself. Eight channels: A (3), B (3), K, weight.
 */
export interface BlendOptions {
  /** How much of what the generator could not reproduce stays, 0…1. */
  readonly residual: number
  /** Whether the generator's colours are fitted to the photo's. */
  readonly colourMatch: boolean
  /** Whether only what the edit changed is touched. */
  readonly changedOnly: boolean
}

/** Thresholds for |after − before|, root mean square over the channels of sRGB 0…1. Measured on 8-bit pictures: below .012 a
 *  change cannot be seen, from .10 on the old picture's low frequencies contradict the new one's. */
const SEEN = { from: 0.012, to: 0.04 }
/** The same as shares of the edit's strongest change: beside hair that turns blond, a tint of the cheeks is a side effect. */
const SPILLED = { from: 0.07, to: 0.22 }
const STEADY = { from: 0.02, to: 0.1 }
const REPLACED = { from: 0.1, to: 0.3 }
/** Of fine residual, at most this share stays where a region is replaced by one of the same structure (recoloured hair). */
const TEXTURE_KEPT = 0.85

/** The analysis is made on a square of about this many points a side: what it looks at is smooth. */
const ANALYSIS_SIDE = 128

/** By how much a generator's picture of R points is reduced for the analysis. */
const analysisCell = (size: number) => Math.max(1, Math.floor(size / ANALYSIS_SIDE))

/** The side of the photo's own square, and of the mask, that blendMaps wants for a generator's picture of R points; `coarse`: half of it, for drafts. */
export const analysisSize = (size: number, coarse = false): number => Math.ceil(size / (analysisCell(size) * (coarse ? 2 : 1)))

/**
 * photo: the aligned square in sRGB 0…1, analysisSize(R) a side, coarse or not; before, after: the generator's pictures, R a side; `mask`: the
 * composite's mask at each point of `photo`. The maps come R a side, or R / `shrink` where the photo is coarser than that.
 */
export function blendMaps(photo: Field, before: Field, after: Field, mask: Float32Array, options: BlendOptions, shrink = 1): Field {
  const cell = Math.ceil(before.width / photo.width)
  const coarse = reduce(before, cell)
  const snap = snapping(photo, coarse, reduce(after, cell))
  const { fit, smooth } = analyse(photo, coarse, sum(reduce(after, cell), snap), mask, options)
  const [fineBefore, fineAfter] = [reduce(before, shrink), reduce(after, shrink)]
  const maps = resized(smooth, fineBefore.width)
  const snapped = sum(fineAfter, resized(snap, fineAfter.width))
  for (let i = 0, at = 0; at < maps.data.length; i += 3, at += 8)
    for (let c = 0; c < 3; c++) {
      maps.data[at + c]! += fit.gain[c]! * snapped.data[i + c]! + fit.offset[c]!
      maps.data[at + 3 + c]! += fit.gain[c]! * fineBefore.data[i + c]! + fit.offset[c]!
    }
  return maps
}

/** How far a change's edge is looked for in the photo, in points of a square of 128. */
const REACH = 5
/** Share of a change, as a mean square around a point, that follows no colour of the photo: below, it is a recolouring, above, something new. */
const NEW = { from: 0.1, to: 0.4 }

/**
 * What to add to `after` so that a recolouring ends where the photo's colours end, not where the inversion's hair ends. What the photo
 * does not have (teeth, glasses) follows none of its colours and stays as it is.
 */
function snapping(photo: Field, before: Field, after: Field): Field {
  const { width, height } = before
  const scale = width / 128
  const change = { ...after, data: after.data.map((x, i) => x - before.data[i]!) }
  const followed = guided(change, photo, REACH * scale)
  const squares = newField(width, height, 2)
  change.data.forEach((x, i) => {
    const at = 2 * Math.floor(i / 3)
    squares.data[at]! += x * x
    squares.data[at + 1]! += (x - followed.data[i]!) ** 2
  })
  const around = blur(squares, 2 * REACH * scale).data
  const out = newField(width, height, 3)
  for (let i = 0; i < out.data.length; i++) {
    const at = 2 * Math.floor(i / 3)
    const recoloured = 1 - smoothstep(NEW.from, NEW.to, around[at + 1]! / (around[at]! + 1e-6))
    out.data[i] = recoloured * (followed.data[i]! - change.data[i]!)
  }
  return out
}

const sum = (a: Field, b: Field): Field => ({ ...a, data: a.data.map((x, i) => x + b.data[i]!) })

interface Fit {
  readonly gain: readonly number[]
  readonly offset: readonly number[]
}

/** The smooth part of the maps: what comes on top of A (3) and of B (3), K, weight; and the colours' fit. All of one size. */
function analyse(photo: Field, before: Field, after: Field, mask: Float32Array, options: BlendOptions): { fit: Fit; smooth: Field } {
  const { width, height } = photo
  const scale = width / 128
  const change = changeOf(before, after, scale)
  const steady = change.map((d) => 1 - smoothstep(STEADY.from, STEADY.to, d))
  const fit = options.colourMatch ? fitColours(photo, before, steady, mask) : SAME_COLOURS
  const residual = newField(width, height, 3)
  for (let i = 0; i < residual.data.length; i++) residual.data[i] = photo.data[i]! - fit.gain[i % 3]! * before.data[i]! - fit.offset[i % 3]!
  const low = blur(residual, 3 * scale)
  const trusted = steady.map((w, i) => (mask[i]! > 0 ? w : 0.05 * w))
  const fromSteady = fillFrom(low, trusted).data
  const rim = mask.map((m) => 4 * m * (1 - m))
  const fromRim = options.colourMatch ? fillFrom(low, rim).data : new Float32Array(low.data.length)
  const structure = likeness(before, after, 3 * scale)
  const most = strongest(change, mask)
  const seen = { from: Math.max(SEEN.from, SPILLED.from * most), to: Math.max(SEEN.to, SPILLED.to * most) }
  const smooth = newField(width, height, 8)
  const r = options.residual
  for (let i = 0; i < change.length; i++) {
    const kept = 1 - smoothstep(REPLACED.from, REPLACED.to, change[i]!)
    for (let c = 0; c < 3; c++) {
      const at = i * 3 + c
      const lowKept = fromSteady[at]! + (low.data[at]! - fromSteady[at]!) * kept
      smooth.data[i * 8 + c] = fromRim[at]! + (lowKept - fromRim[at]!) * r
      smooth.data[i * 8 + 3 + c] = low.data[at]!
    }
    smooth.data[i * 8 + 6] = r * (kept + (1 - kept) * structure[i]! * TEXTURE_KEPT)
    smooth.data[i * 8 + 7] = options.changedOnly ? smoothstep(seen.from, seen.to, change[i]!) : 1
  }
  return { fit, smooth }
}

/** The change that a fiftieth of the masked square exceeds. */
function strongest(change: Float32Array, mask: Float32Array): number {
  const inside = change.filter((_, i) => mask[i]! > 0).sort()
  return inside[Math.floor(0.98 * inside.length)] ?? 0
}

/** |after − before| at each point, spread a little so that it reaches over the edges of what changed. */
function changeOf(before: Field, after: Field, scale: number): Float32Array {
  const difference = newField(before.width, before.height, 1)
  for (let i = 0; i < difference.data.length; i++) {
    let sum = 0
    for (let c = 0; c < 3; c++) sum += (after.data[i * 3 + c]! - before.data[i * 3 + c]!) ** 2
    difference.data[i] = Math.sqrt(sum / 3)
  }
  const wide = blur(difference, 2 * scale).data
  const near = blur(difference, 0.7 * scale).data
  return near.map((x, i) => Math.max(x, wide[i]! * 1.2))
}

/**
 * Gain and offset for each channel that give the inversion the photo's mean and deviation where the edit changes nothing
 * (Reinhard et al., 2001, in sRGB), for both pictures. Gains stay within 0.75…1.35, and fade out where too little of the
 * square is unchanged to tell.
 */
function fitColours(photo: Field, before: Field, steady: Float32Array, mask: Float32Array): Fit {
  const weights = steady.map((w, i) => w * mask[i]!)
  const total = weights.reduce((sum, w) => sum + w, 0)
  const trust = smoothstep(0.01, 0.08, total / weights.length)
  if (trust === 0) return SAME_COLOURS
  const channels = [0, 1, 2].map((c) => {
    const p = moments(photo, c, weights, total)
    const b = moments(before, c, weights, total)
    const gain = 1 + (Math.min(1.35, Math.max(0.75, (p.deviation + 0.02) / (b.deviation + 0.02))) - 1) * trust
    return { gain, offset: p.mean * trust + b.mean * (1 - trust) - gain * b.mean }
  })
  return { gain: channels.map((x) => x.gain), offset: channels.map((x) => x.offset) }
}

const SAME_COLOURS: Fit = { gain: [1, 1, 1], offset: [0, 0, 0] }

function moments(field: Field, channel: number, weights: Float32Array, total: number): { mean: number; deviation: number } {
  let sum = 0
  let squares = 0
  for (let i = 0; i < weights.length; i++) {
    const x = field.data[i * 3 + channel]!
    sum += weights[i]! * x
    squares += weights[i]! * x * x
  }
  const mean = sum / total
  return { mean, deviation: Math.sqrt(Math.max(0, squares / total - mean * mean)) }
}

/** Below this product of deviations both pictures are flat, and flat is like flat: a soft inversion of hair has no strands to differ in. */
const FLAT = 0.0009

/** 0…1: how far two pictures have the same structure around each point, whatever their colours: the structure term of SSIM
 *  (Wang et al., 2004) on their lightness. */
function likeness(a: Field, b: Field, sigma: number): Float32Array {
  const points = a.width * a.height
  const sums = newField(a.width, a.height, 5)
  for (let i = 0, at = 0; i < points; i++, at += 5) {
    const x = lightness(a, i)
    const y = lightness(b, i)
    sums.data[at] = x
    sums.data[at + 1] = y
    sums.data[at + 2] = x * x
    sums.data[at + 3] = y * y
    sums.data[at + 4] = x * y
  }
  const m = blur(sums, sigma).data
  const out = new Float32Array(points)
  for (let i = 0, at = 0; i < points; i++, at += 5) {
    const [x, y] = [m[at]!, m[at + 1]!]
    const deviations = Math.sqrt(Math.max(0, m[at + 2]! - x * x) * Math.max(0, m[at + 3]! - y * y))
    out[i] = Math.max(0, (m[at + 4]! - x * y + FLAT) / (deviations + FLAT))
  }
  return out
}

const lightness = ({ data }: Field, i: number) => 0.299 * data[i * 3]! + 0.587 * data[i * 3 + 1]! + 0.114 * data[i * 3 + 2]!
