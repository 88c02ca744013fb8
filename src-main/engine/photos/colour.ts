import sharp from 'sharp'
import { SRGB_TO_XYZ, invert3, multiply3, readMatrixProfile } from './icc.ts'
import type { Matrix, MatrixProfile, ToneCurve } from './icc.ts'
import type { PhotoPixels, PhotoProfile } from './photo.ts'

/** Between a photo's own numbers and sRGB as the generator knows it: encoded, 0…1. Colours that sRGB cannot hold lie below 0 or
 *  above 1, so the way there and back loses nothing. */
export interface ColourSpace {
  /** True where the photo's numbers already are sRGB's. */
  readonly isSrgb: boolean
  /** `count` pixels of `pixels` from pixel `first` on → `out`, RGB interleaved. */
  toSrgb(pixels: PhotoPixels, first: number, count: number, out: Float32Array): void
  /** One sRGB colour (r, g, b in `rgb`, from `at`) → the photo's own samples, written at `sample` of `data`; clipped to its range. */
  fromSrgb(rgb: Float32Array, at: number, data: Uint8Array | Uint16Array, sample: number): void
}

/** sRGB's curve (IEC 61966-2-1), odd, so that it is defined for every real number. */
export const srgbToLinear = (x: number): number => (x < 0 ? -srgbToLinear(-x) : x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)
export const linearToSrgb = (x: number): number => (x < 0 ? -linearToSrgb(-x) : x <= 0.0031308 ? x * 12.92 : 1.055 * x ** (1 / 2.4) - 0.055)

const maximum = (data: Uint8Array | Uint16Array) => (data instanceof Uint8Array ? 255 : 65535)

export const SRGB: ColourSpace = {
  isSrgb: true,
  toSrgb(pixels, first, count, out) {
    const { data, channels } = pixels
    const k = 1 / maximum(data)
    for (let i = 0, at = first * channels; i < count * 3; i += 3, at += channels) {
      out[i] = data[at]! * k
      out[i + 1] = data[at + 1]! * k
      out[i + 2] = data[at + 2]! * k
    }
  },
  fromSrgb(rgb, at, data, sample) {
    const top = maximum(data)
    for (let c = 0; c < 3; c++) data[sample + c] = quantise(rgb[at + c]!, top)
  },
}

const quantise = (x: number, top: number) => (x <= 0 ? 0 : x >= 1 ? top : Math.floor(x * top + 0.5))

/** The space of a profile of primaries and curves, exact in floating point: decode, one 3×3 matrix, encode. */
export function matrixSpace(profile: MatrixProfile): ColourSpace {
  const toLinearSrgb = multiply3(invert3(SRGB_TO_XYZ), profile.toXyz)
  const fromLinearSrgb = invert3(toLinearSrgb)
  const decode = { 255: decodeTables(profile, 255), 65535: undefined as Float32Array[] | undefined }
  const encode = profile.curves.map((curve) => inverseTable(curve))
  const srgbEncode = inverseTable(srgbToLinear, linearToSrgb)
  return {
    isSrgb: false,
    toSrgb(pixels, first, count, out) {
      const { data, channels } = pixels
      const [R, G, B] = data instanceof Uint8Array ? decode[255] : (decode[65535] ??= decodeTables(profile, 65535))
      const [a, b, c, d, e, f, g, h, k] = toLinearSrgb
      for (let i = 0, at = first * channels; i < count * 3; i += 3, at += channels) {
        const x = R![data[at]!]!
        const y = G![data[at + 1]!]!
        const z = B![data[at + 2]!]!
        out[i] = srgbEncode(a * x + b * y + c * z)
        out[i + 1] = srgbEncode(d * x + e * y + f * z)
        out[i + 2] = srgbEncode(g * x + h * y + k * z)
      }
    },
    fromSrgb(rgb, at, data, sample) {
      const top = maximum(data)
      const x = srgbDecode(rgb[at]!)
      const y = srgbDecode(rgb[at + 1]!)
      const z = srgbDecode(rgb[at + 2]!)
      for (let c = 0; c < 3; c++) {
        const m = fromLinearSrgb
        data[sample + c] = quantise(encode[c]!(m[c * 3]! * x + m[c * 3 + 1]! * y + m[c * 3 + 2]! * z), top)
      }
    },
  }
}

const decodeTables = (profile: MatrixProfile, top: number) =>
  profile.curves.map((curve) => Float32Array.from({ length: top + 1 }, (_, i) => curve(i / top)))

const DECODED = Float64Array.from({ length: 8194 }, (_, i) => srgbToLinear(i / 8192))

/** srgbToLinear by table inside 0…1 (error below 1e-7), for whole pictures. */
function srgbDecode(x: number): number {
  if (!(x >= 0 && x <= 1)) return srgbToLinear(x)
  const i = Math.floor(x * 8192)
  return DECODED[i]! + (DECODED[i + 1]! - DECODED[i]!) * (x * 8192 - i)
}

const CELLS = 16384

/** The inverse of an increasing curve. Inside 0…1 it is a table over √x, in which every display's curve is almost straight (error
 *  below 1e-6); outside it is `exact` where that is known, else clipped. */
function inverseTable(curve: ToneCurve, exact?: ToneCurve): ToneCurve {
  const table = new Float64Array(CELLS + 2)
  for (let i = 0; i <= CELLS; i++) table[i] = solve(curve, (i / CELLS) ** 2)
  table[CELLS + 1] = table[CELLS]!
  return (x) => {
    if (x < 0 || x > 1) return exact ? exact(x) : x < 0 ? 0 : 1
    const at = Math.sqrt(x) * CELLS
    const i = Math.floor(at)
    return table[i]! + (table[i + 1]! - table[i]!) * (at - i)
  }
}

/** x in 0…1 with curve(x) = y, by bisection. */
function solve(curve: ToneCurve, y: number): number {
  let low = 0
  let high = 1
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2
    if (curve(middle) < y) low = middle
    else high = middle
  }
  return (low + high) / 2
}

const PRIMARIES: Record<'srgb' | 'p3' | 'adobe', Matrix> = {
  srgb: SRGB_TO_XYZ,
  p3: [0.5151, 0.29198, 0.1571, 0.24119, 0.69225, 0.06657, -0.00105, 0.04189, 0.78407],
  adobe: [0.60974, 0.20528, 0.14919, 0.31111, 0.62567, 0.06322, 0.01947, 0.06087, 0.74457],
}

/** Which well-known space a profile's numbers describe; its name is not asked. */
export function kindOf(profile: MatrixProfile): PhotoProfile['kind'] {
  const near = (kind: 'srgb' | 'p3' | 'adobe', curve: ToneCurve) =>
    profile.toXyz.every((x, i) => Math.abs(x - PRIMARIES[kind][i]!) < 0.002) &&
    profile.curves.every((own) => [0.1, 0.25, 0.5, 0.75, 0.9].every((x) => Math.abs(own(x) - curve(x)) < 0.002))
  if (near('srgb', srgbToLinear)) return 'srgb'
  if (near('p3', srgbToLinear)) return 'p3'
  return near('adobe', (x) => x ** 2.19921875) ? 'adobe' : 'other'
}

/** The profile that an ICC profile's bytes describe; undefined where it needs lookup tables or is damaged. */
export function profileFrom(bytes: Uint8Array): PhotoProfile | undefined {
  const matrix = readMatrixProfile(bytes)
  if (!matrix) return undefined
  const kind = kindOf(matrix)
  return { name: matrix.name, kind, bytes, space: kind === 'srgb' ? SRGB : matrixSpace(matrix) }
}

export const ASSUMED_SRGB: PhotoProfile = { name: 'sRGB (assumed)', kind: 'srgb', space: SRGB }

const builtIn = new Map<'srgb' | 'p3', Promise<PhotoProfile>>()

/** A profile to export in, as libvips carries it. */
export function standardProfile(kind: 'srgb' | 'p3'): Promise<PhotoProfile> {
  const known = builtIn.get(kind)
  if (known) return known
  const made = readBuiltIn(kind)
  builtIn.set(kind, made)
  return made
}

async function readBuiltIn(kind: 'srgb' | 'p3'): Promise<PhotoProfile> {
  const pixel = { width: 1, height: 1, channels: 3 as const, background: 'black' }
  const { icc } = await sharp(await sharp({ create: pixel }).withIccProfile(kind).png().toBuffer()).metadata()
  const profile = icc && profileFrom(new Uint8Array(icc))
  if (!profile) throw new Error(`libvips carries no ${kind} profile`)
  return profile
}

/** The pixels in another profile and depth. Alpha is kept; identical profiles only change the depth, without passing a curve. */
export function convertPixels(pixels: PhotoPixels, from: PhotoProfile, to: PhotoProfile, depth: 8 | 16 = pixels.depth): PhotoPixels {
  const { width, height, channels } = pixels
  const same = from === to || (from.kind === to.kind && from.kind !== 'other')
  if (same && depth === pixels.depth) return pixels
  const samples = width * height * channels
  const data = depth === 8 ? new Uint8Array(samples) : new Uint16Array(samples)
  const scale = maximum(data) / maximum(pixels.data)
  if (same) {
    for (let i = 0; i < samples; i++) data[i] = Math.floor(pixels.data[i]! * scale + 0.5)
    return { width, height, channels, depth, data }
  }
  const row = new Float32Array(width * 3)
  for (let y = 0; y < height; y++) {
    from.space.toSrgb(pixels, y * width, width, row)
    for (let x = 0, at = y * width * channels; x < width; x++, at += channels) {
      to.space.fromSrgb(row, x * 3, data, at)
      if (channels === 4) data[at + 3] = Math.floor(pixels.data[at + 3]! * scale + 0.5)
    }
  }
  return { width, height, channels, depth, data }
}
