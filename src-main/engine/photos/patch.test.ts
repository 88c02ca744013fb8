import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { composite } from './composite.ts'
import { cropToSquare } from './crop.ts'
import { adobeIcc, noise, photoOf } from './fixtures.ts'
import { preparePatch, previewPatch } from './patch.ts'
import { photoPreview, thumbnail } from './preview.ts'
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
})

describe('photoPreview', () => {
  it.each([
    [8, 3],
    [16, 3],
    [8, 4],
    [16, 4],
  ] as const)('is sRGB of the size asked (%i bit, %i channels)', async (depth, channels) => {
    const pixels = noise(300, 200, channels, depth)
    const top = depth === 8 ? 255 : 65535
    for (let i = 0; i < 300 * 200; i++) for (let c = 0; c < 3; c++) pixels.data[i * channels + c] = Math.round(top * [0.3, 0.6, 0.2][c]!)
    const preview = await photoPreview(photoOf(pixels, { icc: adobeIcc() }), pixels, 150)
    expect(preview).toMatchObject({ width: 150, height: 100, scale: 0.5, mime: channels === 4 ? 'image/webp' : 'image/jpeg' })
    const { data } = await sharp(preview.bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
    // Adobe RGB's (0.3, 0.6, 0.2) lies outside sRGB: red is cut to 0.
    expect(data[0]).toBeLessThan(8)
    expect(Math.abs(data[1]! - 0.606 * 255)).toBeLessThan(6)
  })

  it('never enlarges', async () => {
    const photo = photoOf(noise(20, 30, 3, 8))
    expect(await thumbnail(photo)).toMatchObject({ width: 20, height: 30, scale: 1 })
  })
})
