import { blur, newField, smoothstep } from './field.ts'
import type { Field } from './field.ts'
import { fillFrom } from './fill.ts'

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
const SEEN = [0.012, 0.04] as const
const STEADY = [0.02, 0.1] as const
const REPLACED = [0.1, 0.3] as const
/** Of fine residual, at most this share stays where a region is replaced by one of the same structure (recoloured hair). */
const TEXTURE_KEPT = 0.85

/** photo, before, after: the aligned square in sRGB 0…1, equal sizes. `mask`: the composite's mask at each point. */
export function blendMaps(photo: Field, before: Field, after: Field, mask: Float32Array, options: BlendOptions): Field {
  const { width, height } = photo
  const points = width * height
  const scale = width / 128
  const change = changeOf(before, after, scale)
  const steady = Float32Array.from(change, (d) => 1 - smoothstep(...STEADY, d))
  const [matchedBefore, matchedAfter] = options.colourMatch ? matchColours(photo, before, after, steady, mask) : [before, after]
  const residual = combine(photo, matchedBefore, (p, b) => p - b)
  const low = blur(residual, 3 * scale)
  const fromSteady = fillFrom(
    low,
    Float32Array.from(steady, (w, i) => w * (mask[i]! > 0 ? 1 : 0.05)),
  )
  const fromRim = fillFrom(
    low,
    Float32Array.from(mask, (m) => 4 * m * (1 - m)),
  )
  const structure = likeness(before, after, 3 * scale)
  const maps = newField(width, height, 8)
  const r = options.residual
  for (let i = 0; i < points; i++) {
    const kept = 1 - smoothstep(...REPLACED, change[i]!)
    for (let c = 0; c < 3; c++) {
      const at = i * 3 + c
      const lowKept = fromSteady.data[at]! + (low.data[at]! - fromSteady.data[at]!) * kept
      const lowLeast = options.colourMatch ? fromRim.data[at]! : 0
      maps.data[i * 8 + c] = matchedAfter.data[at]! + lowLeast + (lowKept - lowLeast) * r
      maps.data[i * 8 + 3 + c] = matchedBefore.data[at]! + low.data[at]!
    }
    maps.data[i * 8 + 6] = r * (kept + (1 - kept) * structure[i]! * TEXTURE_KEPT)
    maps.data[i * 8 + 7] = options.changedOnly ? smoothstep(...SEEN, change[i]!) : 1
  }
  return maps
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
 * (Reinhard et al., 2001, in sRGB), applied to both pictures. Gains stay within 0.75…1.35, and fade out where too little of the
 * square is unchanged to tell.
 */
function matchColours(photo: Field, before: Field, after: Field, steady: Float32Array, mask: Float32Array): [Field, Field] {
  const weights = steady.map((w, i) => w * mask[i]!)
  const total = weights.reduce((sum, w) => sum + w, 0)
  const trust = smoothstep(0.01, 0.08, total / weights.length)
  if (trust === 0) return [before, after]
  const fit = [0, 1, 2].map((c) => {
    const p = moments(photo, c, weights, total)
    const b = moments(before, c, weights, total)
    const gain = 1 + (Math.min(1.35, Math.max(0.75, (p.deviation + 0.02) / (b.deviation + 0.02))) - 1) * trust
    return { gain, offset: p.mean * trust + b.mean * (1 - trust) - gain * b.mean }
  })
  const apply = (field: Field): Field => ({ ...field, data: field.data.map((x, i) => fit[i % 3]!.gain * x + fit[i % 3]!.offset) })
  return [apply(before), apply(after)]
}

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

/** 0…1: how far two pictures have the same structure around each point, whatever their colours: the structure term of SSIM
 *  (Wang et al., 2004) on their lightness. */
function likeness(a: Field, b: Field, sigma: number): Float32Array {
  const points = a.width * a.height
  const sums = newField(a.width, a.height, 5)
  for (let i = 0; i < points; i++) {
    const x = lightness(a, i)
    const y = lightness(b, i)
    sums.data.set([x, y, x * x, y * y, x * y], i * 5)
  }
  const m = blur(sums, sigma).data
  return Float32Array.from({ length: points }, (_, i) => {
    const [x = 0, y = 0, xx = 0, yy = 0, xy = 0] = m.subarray(i * 5, i * 5 + 5)
    const deviations = Math.sqrt(Math.max(0, xx - x * x) * Math.max(0, yy - y * y))
    return Math.max(0, (xy - x * y) / (deviations + 0.0004))
  })
}

const lightness = ({ data }: Field, i: number) => 0.299 * data[i * 3]! + 0.587 * data[i * 3 + 1]! + 0.114 * data[i * 3 + 2]!

function combine(a: Field, b: Field, f: (a: number, b: number) => number): Field {
  return { ...a, data: a.data.map((x, i) => f(x, b.data[i]!)) }
}
