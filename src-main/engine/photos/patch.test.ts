import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { standardProfile } from './colour.ts'
import { composite } from './composite.ts'
import { cropToSquare } from './crop.ts'
import { adobeIcc, noise, photoOf } from './fixtures.ts'
import { preparePatch, previewPatch } from './patch.ts'
import { photoPreview, photoRegion, thumbnail } from './preview.ts'
import { transformOf } from './transform.ts'

const TRANSFORM = transformOf({ cx: 100, cy: 80, size: 90, angle: 0.2 })

describe('previewPatch', () => {
  const photo = photoOf(noise(200, 150, 3, 8))
  const before = cropToSquare(photo, TRANSFORM, 64)
  const after = { ...before, data: (before.data as Float32Array).map((x, i) => (i < 64 * 64 ? 0.9 : x * 0.3)) }

  it('laid over the photo, is the composite', () => {
    const source = preparePatch(photo, TRANSFORM, 1000, 64)
    const patch = previewPatch(source, before, after)
    const { pixels } = composite({ photo, transform: TRANSFORM, before, after })
    expect(patch.place).toMatchObject({ width: patch.width, height: patch.height })
    for (let y = 0; y < patch.height; y++)
      for (let x = 0; x < patch.width; x++) {
        const at = ((patch.place.y + y) * 200 + patch.place.x + x) * 3
        const from = (y * patch.width + x) * 4
        const alpha = patch.rgba[from + 3]! / 255
        for (let c = 0; c < 3; c++) {
          const shown = photo.pixels.data[at + c]! * (1 - alpha) + patch.rgba[from + c]! * alpha
          // Two roundings, and targets beyond 0…255 that the patch cannot say.
          if (patch.rgba[from + c]! > 0 && patch.rgba[from + c]! < 255) expect(Math.abs(shown - pixels.data[at + c]!)).toBeLessThan(2.1)
        }
      }
  })

  it('is no larger than asked, and serves many edits', () => {
    const source = preparePatch(photo, TRANSFORM, 40, 64)
    const patch = previewPatch(source, before, after)
    expect(Math.max(patch.width, patch.height)).toBeLessThanOrEqual(40)
    expect(patch.place.width).toBeGreaterThan(80)
    expect(previewPatch(source, before, before).rgba.every((x) => x === 0)).toBe(true)
    expect(previewPatch(source, before, after)).toEqual(patch)
  })

  it('of a region is that part of the whole patch, and empty beside the crop', () => {
    const whole = previewPatch(preparePatch(photo, TRANSFORM, 1000, 64), before, after)
    const region = { x: 90, y: 60, width: 30, height: 20 }
    const part = previewPatch(preparePatch(photo, TRANSFORM, 1000, 64, { region }), before, after)
    expect(part.place).toEqual(region)
    for (let y = 0; y < 20; y++) {
      const from = ((60 - whole.place.y + y) * whole.width + 90 - whole.place.x) * 4
      expect(part.rgba.subarray(y * 120, (y + 1) * 120)).toEqual(whole.rgba.subarray(from, from + 120))
    }
    const beside = preparePatch(photo, TRANSFORM, 1000, 64, { region: { x: 0, y: 0, width: 10, height: 10 } })
    expect(previewPatch(beside, before, after).rgba).toHaveLength(0)
  })

  it('of a draft is made of a coarser analysis and looks about the same', () => {
    const fine = previewPatch(preparePatch(photo, TRANSFORM, 1000, 64), before, after)
    const coarse = previewPatch(preparePatch(photo, TRANSFORM, 1000, 64, { coarse: true }), before, after)
    const far = fine.rgba.reduce((sum, x, i) => sum + Math.abs(x - coarse.rgba[i]!), 0) / fine.rgba.length
    expect(far).toBeLessThan(6)
  })

  it('in the screen’s space is what the space makes of the same colours', async () => {
    const p3 = await standardProfile('p3')
    const source = preparePatch(photo, TRANSFORM, 1000, 64)
    const srgb = previewPatch(source, before, after)
    const wide = previewPatch(source, before, after, {}, p3.space)
    const row = new Float32Array(wide.width * wide.height * 3)
    p3.space.toSrgb({ width: wide.width, height: wide.height, channels: 4, depth: 8, data: wide.rgba }, 0, wide.width * wide.height, row)
    // What neither space had to cut; one step of P3 is several of sRGB where one channel is dark beside bright ones.
    const inside = [...row.keys()].filter((i) => {
      const at = Math.floor(i / 3) * 4
      return [0, 1, 2].every((c) => srgb.rgba[at + c]! > 20 && srgb.rgba[at + c]! < 235) && srgb.rgba[at + 3]! > 0
    })
    const far = inside.reduce((sum, i) => sum + Math.abs(row[i]! * 255 - srgb.rgba[Math.floor(i / 3) * 4 + (i % 3)]!), 0) / inside.length
    expect(inside.length).toBeGreaterThan(1000)
    expect(far).toBeLessThan(1.5)
  })
})

describe('photoPreview', () => {
  it.each([
    [8, 3],
    [16, 3],
    [8, 4],
    [16, 4],
  ] as const)('is of the size asked, a wide photo in Display P3 (%i bit, %i channels)', async (depth, channels) => {
    const pixels = noise(300, 200, channels, depth)
    const top = depth === 8 ? 255 : 65535
    for (let i = 0; i < 300 * 200; i++) for (let c = 0; c < 3; c++) pixels.data[i * channels + c] = Math.round(top * [0.3, 0.6, 0.2][c]!)
    const preview = await photoPreview(photoOf(pixels, { icc: adobeIcc() }), pixels, 150)
    expect(preview).toMatchObject({ width: 150, height: 100, scale: 0.5, mime: channels === 4 ? 'image/webp' : 'image/jpeg' })
    const { data } = await sharp(preview.bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
    // Adobe RGB's (0.3, 0.6, 0.2) lies outside sRGB: read as sRGB, red is cut to 0; the file itself still has it.
    expect(data[0]).toBeLessThan(8)
    expect(Math.abs(data[1]! - 0.606 * 255)).toBeLessThan(6)
    const own = await sharp(preview.bytes).keepIccProfile().removeAlpha().raw().toBuffer()
    expect(own[0]).toBeGreaterThan(40)
  })

  it('gives a part of the photo, small ones without loss', async () => {
    const photo = photoOf(noise(40, 30, 3, 8))
    const region = await photoRegion(photo, { x: 9.5, y: 4, width: 20.2, height: 90 }, 2000)
    expect(region).toMatchObject({ box: { x: 9, y: 4, width: 21, height: 26 }, width: 21, height: 26, mime: 'image/png' })
    const data = await sharp(region.bytes).raw().toBuffer()
    expect([...data.subarray(0, 63)]).toEqual([...photo.pixels.data.subarray((4 * 40 + 9) * 3, (4 * 40 + 30) * 3)])
  })

  it('never enlarges', async () => {
    const photo = photoOf(noise(20, 30, 3, 8))
    expect(await thumbnail(photo)).toMatchObject({ width: 20, height: 30, scale: 1 })
  })
})
