/** Pictures and profiles that tests make for themselves. */
import sharp from 'sharp'
import { profileFrom } from './colour.ts'
import type { Photo, PhotoPixels, PhotoProfile } from './photo.ts'
import { ASSUMED_SRGB } from './colour.ts'

/** An ICC profile (version 2) of three primaries (columns of XYZ, D50) and one gamma. */
export function matrixIcc(name: string, columns: readonly (readonly [number, number, number])[], gamma: number): Uint8Array {
  const s15 = (x: number) => Math.round(x * 65536)
  const block = (type: string, length: number, fill: (v: DataView) => void) => {
    const bytes = new Uint8Array(length)
    bytes.set(Buffer.from(type, 'latin1'))
    fill(new DataView(bytes.buffer))
    return bytes
  }
  const xyz = (c: readonly number[]) => block('XYZ ', 20, (v) => c.forEach((x, i) => v.setInt32(8 + i * 4, s15(x))))
  const curve = block('curv', 16, (v) => {
    v.setUint32(8, 1)
    v.setUint16(12, Math.round(gamma * 256))
  })
  const title = block('desc', 96 + name.length, (v) => {
    v.setUint32(8, name.length + 1)
    for (let i = 0; i < name.length; i++) v.setUint8(12 + i, name.charCodeAt(i))
  })
  const white = xyz([0.9642, 1, 0.8249])
  const copyright = block('text', 16, (v) => v.setUint8(8, 48))
  const tags: [string, Uint8Array][] = [
    ['desc', title],
    ['cprt', copyright],
    ['wtpt', white],
    ...(['rXYZ', 'gXYZ', 'bXYZ'].map((tag, i) => [tag, xyz(columns[i]!)]) as [string, Uint8Array][]),
    ...(['rTRC', 'gTRC', 'bTRC'].map((tag) => [tag, curve]) as [string, Uint8Array][]),
  ]
  const table = 132 + tags.length * 12
  const total = tags.reduce((n, [, b]) => n + Math.ceil(b.length / 4) * 4, table)
  const out = Buffer.alloc(total)
  out.writeUInt32BE(total, 0)
  out.write('\x02\x40\0\0mntrRGB XYZ ', 8, 'latin1')
  out.write('acsp', 36, 'latin1')
  ;[0.9642, 1, 0.8249].forEach((x, i) => out.writeInt32BE(s15(x), 68 + i * 4))
  out.writeUInt32BE(tags.length, 128)
  let at = table
  tags.forEach(([tag, bytes], i) => {
    out.write(tag, 132 + i * 12, 'latin1')
    out.writeUInt32BE(at, 136 + i * 12)
    out.writeUInt32BE(bytes.length, 140 + i * 12)
    out.set(bytes, at)
    at += Math.ceil(bytes.length / 4) * 4
  })
  return new Uint8Array(out)
}

/** Adobe RGB (1998): published primaries adapted to D50, gamma 563/256. */
export const adobeIcc = (): Uint8Array =>
  matrixIcc(
    'a name that says nothing',
    [
      [0.60974, 0.31111, 0.01947],
      [0.20528, 0.62567, 0.06087],
      [0.14919, 0.06322, 0.74457],
    ],
    563 / 256,
  )

export async function p3Icc(): Promise<Uint8Array> {
  const one = await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
    .withIccProfile('p3')
    .png()
    .toBuffer()
  return new Uint8Array((await sharp(one).metadata()).icc!)
}

export function noise(width: number, height: number, channels: 3 | 4, depth: 8 | 16): PhotoPixels {
  const data = depth === 8 ? new Uint8Array(width * height * channels) : new Uint16Array(width * height * channels)
  let x = 12345
  for (let i = 0; i < data.length; i++) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0
    data[i] = depth === 8 ? x >>> 24 : x >>> 16
  }
  return { width, height, channels, depth, data }
}

export function photoOf(pixels: PhotoPixels, parts: Partial<Photo> & { icc?: Uint8Array } = {}): Photo {
  const profile: PhotoProfile = (parts.icc && profileFrom(parts.icc)) || ASSUMED_SRGB
  return {
    name: 'test.png',
    width: pixels.width,
    height: pixels.height,
    format: 'png',
    depth: pixels.depth,
    profile,
    pixels,
    warnings: [],
    ...parts,
  }
}
