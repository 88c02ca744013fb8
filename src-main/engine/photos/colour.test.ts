import { describe, expect, it } from 'vitest'
import { SRGB, convertPixels, linearToSrgb, profileFrom, srgbToLinear, standardProfile } from './colour.ts'
import { adobeIcc, noise, p3Icc } from './fixtures.ts'
import { readMatrixProfile } from './icc.ts'
import { ASSUMED_SRGB } from './colour.ts'

const pixel = (...data: number[]) => ({
  width: 1,
  height: 1,
  channels: 3 as const,
  depth: 16 as const,
  data: Uint16Array.from(data, (x) => Math.round(x * 65535)),
})

function toSrgb(icc: Uint8Array, rgb: number[]): number[] {
  const out = new Float32Array(3)
  profileFrom(icc)!.space.toSrgb(pixel(...rgb), 0, 1, out)
  return [...out]
}

describe('colour', () => {
  it('knows profiles by their numbers, not by their names', async () => {
    expect(profileFrom(adobeIcc())).toMatchObject({ kind: 'adobe', name: 'a name that says nothing' })
    expect(profileFrom(await p3Icc())?.kind).toBe('p3')
    expect((await standardProfile('srgb')).kind).toBe('srgb')
  })

  it('follows the closed form of Display P3 to sRGB', async () => {
    // The matrix between the two, both D65 (SMPTE EG 432-1 and IEC 61966-2-1).
    const M = [
      [1.2249, -0.2247, 0],
      [-0.042, 1.0419, 0],
      [-0.0197, -0.0786, 1.0979],
    ]
    for (const rgb of [
      [1, 0, 0],
      [0, 1, 0],
      [0.2, 0.5, 0.8],
      [0.7, 0.7, 0.7],
    ]) {
      const linear = rgb.map(srgbToLinear)
      const expected = M.map((row) => row.reduce((sum, m, i) => sum + m * linear[i]!, 0))
      // In linear light, since near black sRGB's curve makes thirteen of one; libvips' profile is a compact one of rounded numbers.
      toSrgb(await p3Icc(), rgb).forEach((x, i) => expect(Math.abs(srgbToLinear(x) - expected[i]!)).toBeLessThan(0.002))
    }
  })

  it('follows the closed form of Adobe RGB to sRGB', () => {
    const M = [
      [1.3984, -0.3984, 0],
      [0, 1, 0],
      [0, -0.0429, 1.0429],
    ]
    for (const rgb of [
      [0.3, 0.6, 0.2],
      [0.9, 0.1, 0.4],
      [0.5, 0.5, 0.5],
    ]) {
      const linear = rgb.map((x) => x ** (563 / 256))
      const expected = M.map((row) => linearToSrgb(row.reduce((sum, m, i) => sum + m * linear[i]!, 0)))
      toSrgb(adobeIcc(), rgb).forEach((x, i) => expect(x).toBeCloseTo(expected[i]!, 2))
    }
  })

  it.each([8, 16] as const)('comes back to the same %i-bit sample, also outside sRGB’s gamut', async (depth) => {
    const pixels = noise(64, 64, 3, depth)
    for (const icc of [adobeIcc(), await p3Icc()]) {
      const { space } = profileFrom(icc)!
      const srgb = new Float32Array(64 * 64 * 3)
      space.toSrgb(pixels, 0, 64 * 64, srgb)
      const back = pixels.data.slice()
      for (let i = 0; i < srgb.length; i += 3) space.fromSrgb(srgb, i, back, i)
      // float32 holds 24 bits, a 16-bit sample in the dark of a curve of gamma 2.2 needs a few more than that leaves.
      const worst = Math.max(...Array.from(back, (x, i) => Math.abs(x - pixels.data[i]!)))
      expect(worst).toBeLessThanOrEqual(depth === 8 ? 0 : 12)
    }
  })

  it('keeps sRGB samples exactly', () => {
    const pixels = noise(16, 16, 4, 16)
    const srgb = new Float32Array(16 * 16 * 3)
    SRGB.toSrgb(pixels, 0, 256, srgb)
    const back = pixels.data.slice()
    for (let i = 0; i < 256; i++) SRGB.fromSrgb(srgb, i * 3, back, i * 4)
    expect(back).toEqual(pixels.data)
  })

  it('converts whole pictures and depths, alpha too', async () => {
    const pixels = noise(5, 7, 4, 16)
    const p3 = await standardProfile('p3')
    const there = convertPixels(pixels, ASSUMED_SRGB, p3)
    const back = convertPixels(there, p3, ASSUMED_SRGB)
    back.data.forEach((x, i) => expect(Math.abs(x - pixels.data[i]!)).toBeLessThanOrEqual(12))
    const shallow = convertPixels(pixels, ASSUMED_SRGB, ASSUMED_SRGB, 8)
    expect(shallow.data[3]).toBe(Math.round(pixels.data[3]! / 257))
    expect(convertPixels(pixels, ASSUMED_SRGB, ASSUMED_SRGB)).toBe(pixels)
  })

  it('reads no profile from damaged bytes', () => {
    const icc = adobeIcc()
    for (let length = 0; length < icc.length; length += 7) expect(() => readMatrixProfile(icc.subarray(0, length))).not.toThrow()
    expect(readMatrixProfile(new Uint8Array(200))).toBeUndefined()
    const wild = icc.slice()
    wild.fill(0xff, 132, 180)
    expect(readMatrixProfile(wild)).toBeUndefined()
  })
})
