/** ICC profiles (ICC.1:2010), as far as displays and cameras use them: three primaries and a tone curve for each. */

/** Linear light from an encoded sample, both 0…1; beyond that range a curve goes on as its formula does. */
export type ToneCurve = (x: number) => number
/** Row-major 3×3. */
export type Matrix = readonly [number, number, number, number, number, number, number, number, number]

export interface MatrixProfile {
  readonly name: string
  readonly curves: readonly [ToneCurve, ToneCurve, ToneCurve]
  /** Linear RGB to the XYZ of the D50 connection space; its columns are the primaries. */
  readonly toXyz: Matrix
}

export interface IccHeader {
  readonly name: string
  /** 'RGB ', 'GRAY', 'CMYK' … */
  readonly colourSpace: string
}

/** Linear sRGB to XYZ, adapted to D50 (IEC 61966-2-1 with the Bradford adaptation that ICC asks for). */
export const SRGB_TO_XYZ: Matrix = [0.4360747, 0.3850649, 0.1430804, 0.2225045, 0.7168786, 0.0606169, 0.0139322, 0.0971045, 0.7141733]

/** The profile's own name and colour space, or undefined where the bytes are no ICC profile. */
export function readIccHeader(bytes: Uint8Array): IccHeader | undefined {
  if (bytes.length < 132 || text(bytes, 36, 4) !== 'acsp') return undefined
  return { name: description(bytes) ?? 'unnamed profile', colourSpace: text(bytes, 16, 4) }
}

/** Reads a profile of primaries and curves. Undefined where it is damaged, of another colour space, or uses lookup tables
 *  (A2B0), which then rule over the primaries. */
export function readMatrixProfile(bytes: Uint8Array): MatrixProfile | undefined {
  const header = readIccHeader(bytes)
  if (header?.colourSpace !== 'RGB ' || text(bytes, 20, 4) !== 'XYZ ' || tag(bytes, 'A2B0')) return undefined
  const columns = ['rXYZ', 'gXYZ', 'bXYZ'].map((name) => xyz(tag(bytes, name)))
  const curves = ['rTRC', 'gTRC', 'bTRC'].map((name) => curve(tag(bytes, name)))
  const [r, g, b] = columns
  const [cr, cg, cb] = curves
  if (!r || !g || !b || !cr || !cg || !cb) return undefined
  return { name: header.name, curves: [cr, cg, cb], toXyz: [r[0], g[0], b[0], r[1], g[1], b[1], r[2], g[2], b[2]] }
}

export function invert3(m: Matrix): Matrix {
  const [a, b, c, d, e, f, g, h, i] = m
  const A = e * i - f * h
  const B = f * g - d * i
  const C = d * h - e * g
  const k = 1 / (a * A + b * B + c * C)
  return [
    A * k,
    (c * h - b * i) * k,
    (b * f - c * e) * k,
    B * k,
    (a * i - c * g) * k,
    (c * d - a * f) * k,
    C * k,
    (b * g - a * h) * k,
    (a * e - b * d) * k,
  ]
}

export function multiply3(m: Matrix, n: Matrix): Matrix {
  const cell = (row: number, column: number) =>
    m[row * 3]! * n[column]! + m[row * 3 + 1]! * n[column + 3]! + m[row * 3 + 2]! * n[column + 6]!
  return [cell(0, 0), cell(0, 1), cell(0, 2), cell(1, 0), cell(1, 1), cell(1, 2), cell(2, 0), cell(2, 1), cell(2, 2)]
}

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
const text = (bytes: Uint8Array, at: number, length: number) => String.fromCharCode(...bytes.subarray(at, at + length))

/** The bytes of a tag, or undefined where it is missing or reaches beyond the profile. */
function tag(bytes: Uint8Array, name: string): Uint8Array | undefined {
  const v = view(bytes)
  const count = Math.min(v.getUint32(128), 200)
  for (let i = 0; i < count && 144 + i * 12 <= bytes.length; i++) {
    if (text(bytes, 132 + i * 12, 4) !== name) continue
    const offset = v.getUint32(136 + i * 12)
    const length = v.getUint32(140 + i * 12)
    return length >= 8 && offset + length <= bytes.length ? bytes.subarray(offset, offset + length) : undefined
  }
  return undefined
}

const fixed = (v: DataView, at: number) => v.getInt32(at) / 65536

function xyz(data: Uint8Array | undefined): [number, number, number] | undefined {
  if (!data || data.length < 20 || text(data, 0, 4) !== 'XYZ ') return undefined
  const v = view(data)
  return [fixed(v, 8), fixed(v, 12), fixed(v, 16)]
}

function curve(data: Uint8Array | undefined): ToneCurve | undefined {
  if (!data || data.length < 12) return undefined
  const type = text(data, 0, 4)
  return type === 'curv' ? sampledCurve(view(data)) : type === 'para' ? parametricCurve(view(data)) : undefined
}

function sampledCurve(v: DataView): ToneCurve | undefined {
  const count = v.getUint32(8)
  if (count === 0) return (x) => x
  if (count > 65536 || v.byteLength < 12 + count * 2) return undefined
  if (count === 1) return power(v.getUint16(12) / 256)
  const table = Float64Array.from({ length: count }, (_, i) => v.getUint16(12 + i * 2) / 65535)
  return (x) => {
    const at = Math.min(1, Math.max(0, x)) * (count - 1)
    const i = Math.min(count - 2, Math.floor(at))
    return table[i]! + (table[i + 1]! - table[i]!) * (at - i)
  }
}

/** Odd in x, so that colours outside a space's gamut, which have negative parts, survive a round trip. */
const power =
  (gamma: number): ToneCurve =>
  (x) =>
    x < 0 ? -((-x) ** gamma) : x ** gamma

/** ICC.1:2010, table 65: y = (a·x + b)^g + e from d on, c·x + f below. */
function parametricCurve(v: DataView): ToneCurve | undefined {
  const kind = v.getUint16(8)
  const counts = [1, 3, 4, 5, 7]
  const count = counts[kind]
  if (count === undefined || v.byteLength < 12 + count * 4) return undefined
  const p = Array.from({ length: count }, (_, i) => fixed(v, 12 + i * 4))
  const [g = 1, a = 1, b = 0] = p
  if (kind === 0) return power(g)
  const c = kind >= 3 ? p[3]! : 0
  const d = kind >= 3 ? p[4]! : -b / a
  const e = kind === 4 ? p[5]! : kind === 2 ? p[3]! : 0
  const f = kind === 4 ? p[6]! : kind === 2 ? p[3]! : 0
  const forward: ToneCurve = (x) => (x >= d ? (a * x + b) ** g + e : c * x + f)
  return (x) => (x < 0 ? -forward(-x) : forward(x))
}

/** The 'desc' tag, in the forms of version 2 (ASCII) and 4 (UTF-16). */
function description(bytes: Uint8Array): string | undefined {
  const data = tag(bytes, 'desc')
  if (!data || data.length < 16) return undefined
  const v = view(data)
  if (text(data, 0, 4) === 'desc') return text(data, 12, Math.min(v.getUint32(8), 256)).replace(/\0.*$/s, '')
  if (text(data, 0, 4) !== 'mluc' || data.length < 28) return undefined
  const length = Math.min(v.getUint32(20), 512)
  const offset = v.getUint32(24)
  if (offset + length > data.length) return undefined
  return String.fromCharCode(...Array.from({ length: length >> 1 }, (_, i) => v.getUint16(offset + i * 2))).replace(/\0.*$/s, '')
}
