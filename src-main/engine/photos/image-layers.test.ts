import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { blendFunctions, blendPixel, type BlendMode } from './blend-modes.ts'
import { ASSUMED_SRGB, profileFrom, standardProfile } from './colour.ts'
import { adobeIcc } from './fixtures.ts'
import { layPicture, type PlacedPicture } from './image-layers.ts'
import type { PhotoPixels } from './photo.ts'
import { Random } from '../runtime/random.ts'

const modes: readonly BlendMode[] = ['normal', 'multiply', 'screen', 'overlay', 'soft-light']
const share = fc.double({ min: 0, max: 1, noNaN: true })

/** Seeded noise as a picture. */
function noise(width: number, height: number, channels: 3 | 4, seed: number): PhotoPixels {
  const random = new Random(seed)
  const data = Uint8Array.from({ length: width * height * channels }, () => Math.floor(random.uniform() * 256))
  return { width, height, channels, depth: 8, data }
}
const plain = (r: number, g: number, b: number, size = 8): PhotoPixels => ({
  width: size,
  height: size,
  channels: 3,
  depth: 8,
  data: Uint8Array.from({ length: size * size * 3 }, (_, i) => [r, g, b][i % 3]!),
})
const over = (pixels: PhotoPixels, changes: Partial<PlacedPicture> = {}): PlacedPicture => ({
  picture: { pixels, profile: ASSUMED_SRGB },
  center: [pixels.width / 2, pixels.height / 2],
  scale: 1,
  angle: 0,
  opacity: 1,
  blend: 'normal',
  ...changes,
})

describe('blend functions', () => {
  /** W3C Compositing and Blending Level 1, sections 9.1.1 to 9.1.10, written as the specification writes them. */
  const spec: Record<BlendMode, (cb: number, cs: number) => number> = {
    normal: (_, cs) => cs,
    multiply: (cb, cs) => cb * cs,
    screen: (cb, cs) => 1 - (1 - cb) * (1 - cs),
    overlay: (cb, cs) => (cb <= 0.5 ? 2 * cb * cs : 1 - 2 * (1 - cb) * (1 - cs)),
    'soft-light': (cb, cs) => {
      const d = cb <= 0.25 ? ((16 * cb - 12) * cb + 4) * cb : Math.sqrt(cb)
      return cs <= 0.5 ? cb - (1 - 2 * cs) * cb * (1 - cb) : cb + (2 * cs - 1) * (d - cb)
    },
  }
  it.each(modes)('%s is the specification’s, and stays inside 0…1', (mode) => {
    fc.assert(
      fc.property(share, share, (cb, cs) => {
        const value = blendFunctions[mode](cb, cs)
        expect(value).toBeCloseTo(spec[mode](cb, cs), 9)
        expect(value).toBeGreaterThanOrEqual(0)
        expect(value).toBeLessThanOrEqual(1)
      }),
      { seed: 5 },
    )
  })

  it('composites over an opaque backdrop as (1 − αs)·Cb + αs·B(Cb, Cs)', () => {
    const backdrop = Float32Array.from([0.2, 0.5, 0.9, 1])
    blendPixel('multiply', backdrop, Float32Array.from([0.5, 0.5, 0.5, 1]), 0.25)
    const expected = [0.2, 0.5, 0.9].map((cb) => 0.75 * cb + 0.25 * cb * 0.5)
    expected.forEach((value, c) => expect(backdrop[c]).toBeCloseTo(value, 6))
    expect(backdrop[3]).toBe(1)
  })
})

describe('a picture over a photo', () => {
  // Of half-transparent pictures libvips blends premultiplied colours, which the specification and a canvas do not: there the formula is the judge.
  it.each(modes)('is what sharp makes of %s where it is opaque, to one 8-bit step', async (mode) => {
    const [photo, picture] = [noise(12, 10, 3, 1), noise(12, 10, 4, 2)]
    for (let i = 3; i < picture.data.length; i += 4) picture.data[i] = 255
    const laid = layPicture({ pixels: photo, profile: ASSUMED_SRGB }, over(picture, { blend: mode }))
    const theirs = await sharp(photo.data, { raw: { width: 12, height: 10, channels: 3 } })
      .composite([
        { input: Buffer.from(picture.data), raw: { width: 12, height: 10, channels: 4 }, blend: mode === 'normal' ? 'over' : mode },
      ])
      .removeAlpha()
      .raw()
      .toBuffer()
    laid.data.forEach((value, i) => expect(Math.abs(value - theirs[i]!)).toBeLessThanOrEqual(1))
  })

  it.each(modes)('is the specification’s formula for %s where it is half transparent', (mode) => {
    const [photo, picture] = [noise(12, 10, 3, 1), noise(12, 10, 4, 2)]
    const laid = layPicture({ pixels: photo, profile: ASSUMED_SRGB }, over(picture, { blend: mode }))
    laid.data.forEach((value, i) => {
      const [cb, cs] = [photo.data[i]! / 255, picture.data[Math.floor(i / 3) * 4 + (i % 3)]! / 255]
      const alpha = picture.data[Math.floor(i / 3) * 4 + 3]! / 255
      expect(Math.abs(value - 255 * ((1 - alpha) * cb + alpha * blendFunctions[mode](cb, cs)))).toBeLessThanOrEqual(0.6)
    })
  })

  it('lies where it was put and leaves every other pixel bit for bit', () => {
    const photo = noise(40, 30, 3, 3)
    const laid = layPicture({ pixels: photo, profile: ASSUMED_SRGB }, over(plain(10, 200, 30, 4), { center: [20, 10], scale: 2 }))
    for (let y = 0; y < 30; y++)
      for (let x = 0; x < 40; x++) {
        const at = (y * 40 + x) * 3
        const inside = x >= 16 && x < 24 && y >= 6 && y < 14
        expect([...laid.data.subarray(at, at + 3)]).toStrictEqual(inside ? [10, 200, 30] : [...photo.data.subarray(at, at + 3)])
      }
  })

  it('turns clockwise', () => {
    const picture = plain(0, 0, 0, 4)
    const data = picture.data.slice()
    for (let x = 0; x < 4; x++) data.set([255, 255, 255], x * 3)
    const laid = layPicture(
      { pixels: plain(90, 90, 90, 8), profile: ASSUMED_SRGB },
      over({ ...picture, data }, { center: [4, 4], angle: Math.PI / 2 }),
    )
    // The white top row has gone to the right.
    for (let y = 2; y < 6; y++) expect(laid.data[(y * 8 + 5) * 3]).toBeGreaterThan(250)
    expect(laid.data[(2 * 8 + 2) * 3]).toBeLessThan(5)
  })

  it('is averaged where it is shown smaller', () => {
    const checks = {
      ...plain(0, 0, 0, 64),
      data: Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => ((Math.floor(i / 3) + Math.floor(i / 192)) % 2) * 255),
    }
    const laid = layPicture({ pixels: plain(9, 9, 9, 8), profile: ASSUMED_SRGB }, over(checks, { center: [4, 4], scale: 1 / 8 }))
    for (const value of laid.data) expect(Math.abs(value - 127.5)).toBeLessThanOrEqual(1)
  })

  it('keeps its colours in a photo of another profile', async () => {
    const [p3, adobe] = [await standardProfile('p3'), profileFrom(adobeIcc())!]
    const photo = { pixels: plain(40, 80, 120), profile: adobe }
    const red = layPicture(photo, { ...over(plain(255, 0, 0)), picture: { pixels: plain(255, 0, 0), profile: p3 } })
    const shown = new Float32Array(3)
    adobe.space.toSrgb(red, 0, 1, shown)
    const wanted = new Float32Array(3)
    p3.space.toSrgb(plain(255, 0, 0), 0, 1, wanted)
    // P3's red lies outside sRGB, and inside Adobe RGB but for a little: it is not cut at sRGB's border on its way.
    expect(wanted[0]).toBeGreaterThan(1.05)
    expect(shown[0]).toBeGreaterThan(1.05)
  })

  it('shows by its opacity and its mask', () => {
    const photo = { pixels: plain(0, 0, 0), profile: ASSUMED_SRGB }
    const mask = { width: 2, height: 1, channels: 1, data: Float32Array.from([1, 0]) }
    const laid = layPicture(photo, over(plain(200, 200, 200), { opacity: 0.5, mask }))
    expect(laid.data[0]).toBe(100)
    expect(laid.data[7 * 3]).toBe(0)
  })

  it('gives a transparent photo the picture’s alpha', () => {
    const clear: PhotoPixels = { ...plain(0, 0, 0), channels: 4, data: new Uint8Array(8 * 8 * 4) }
    const laid = layPicture({ pixels: clear, profile: ASSUMED_SRGB }, over(plain(50, 60, 70), { opacity: 0.4, blend: 'multiply' }))
    expect([...laid.data.subarray(0, 4)]).toStrictEqual([50, 60, 70, 102])
  })
})
