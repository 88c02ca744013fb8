import ExifReader from 'exifreader'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { openPhoto } from './decode.ts'
import { exportPhoto, readRecipe } from './export.ts'
import type { ExportOptions } from './export.ts'
import { adobeIcc, noise, p3Icc, photoOf } from './fixtures.ts'
import type { Photo } from './photo.ts'

const FORMATS = ['jpeg', 'png', 'webp', 'avif', 'tiff'] as const
const PLAIN: ExportOptions = { format: 'png', metadata: 'all', profile: 'same', aiLabel: false }
const RECIPE = { text: 'smiling & "rötlich" <日本語> 😀\n', strength: 1.25, layers: [{ seed: 7 }] }
const XMP =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ' +
  'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" ' +
  'xmp:Rating="4" tiff:Orientation="6" exif:GPSLatitude="51,30N"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">Häuser &amp; Höfe</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>'

/** What a camera would have written: turned by 90°, with place, thumbnail-free, on a Canon. */
async function cameraPhoto(): Promise<Photo> {
  const exif = {
    IFD0: { Make: 'Canon', Model: 'EOS R5', Copyright: 'A. Person' },
    IFD2: { DateTimeOriginal: '2020:01:02 03:04:05', ExposureTime: '1/50', FNumber: '28/10', PixelXDimension: '64' },
    IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' },
  }
  const image = sharp({ create: { width: 64, height: 48, channels: 3, background: '#a06040' } })
  return openPhoto(await image.withExif(exif).withXmp(XMP).withMetadata({ orientation: 6 }).jpeg().toBuffer(), 'camera.jpg')
}

describe('exportPhoto', () => {
  it.each(['png', 'tiff'] as const)('gives back every sample of a %s, in each depth and profile', async (format) => {
    for (const icc of [undefined, adobeIcc(), await p3Icc()])
      for (const depth of [8, 16] as const)
        for (const channels of [3, 4] as const) {
          const photo = photoOf(noise(33, 20, channels, depth), { icc })
          const { bytes, warnings } = await exportPhoto(photo, photo.pixels, { ...PLAIN, format })
          const back = await openPhoto(bytes, 'back')
          expect(warnings).toEqual([])
          expect(back.pixels).toEqual(photo.pixels)
          expect(back.profile.kind).toBe(photo.profile.kind)
          if (icc) expect(back.profile.bytes).toEqual(icc)
        }
  })

  it('is lossless at quality 100 in WebP and AVIF', async () => {
    const photo = photoOf(noise(32, 32, 3, 8), { icc: adobeIcc() })
    for (const format of ['webp', 'avif'] as const) {
      const { bytes } = await exportPhoto(photo, photo.pixels, { ...PLAIN, format, quality: 100 })
      expect((await openPhoto(bytes, 'back')).pixels).toEqual(photo.pixels)
    }
  })

  it.each(FORMATS)('embeds the profile in %s: the photo’s, sRGB or P3', async (format) => {
    const photo = photoOf({ ...noise(16, 16, 3, 8), data: new Uint8Array(16 * 16 * 3).fill(128) }, { icc: adobeIcc() })
    for (const [profile, kind] of [
      ['same', 'adobe'],
      ['srgb', 'srgb'],
      ['p3', 'p3'],
    ] as const) {
      const { bytes } = await exportPhoto(photo, photo.pixels, { ...PLAIN, format, profile })
      const back = await openPhoto(bytes, 'back')
      expect(back.profile.kind).toBe(kind)
      // Adobe's mid grey, 0.5^2.2, is 127.4 in the curve of sRGB and P3.
      expect(Math.abs(back.pixels.data[0]! - (kind === 'adobe' ? 128 : 127.4))).toBeLessThan(2)
    }
  })

  it.each(FORMATS)('keeps camera and dates in %s, and place only when asked', async (format) => {
    const photo = await cameraPhoto()
    for (const metadata of ['all', 'all-but-location', 'none'] as const) {
      const { bytes, warnings } = await exportPhoto(photo, photo.pixels, { ...PLAIN, format, metadata })
      expect(warnings).toEqual([])
      const tags = tagsOf(bytes)
      const kept = metadata !== 'none'
      expect(tags['Make']).toBe(kept ? 'Canon' : undefined)
      expect(tags['DateTimeOriginal']).toBe(kept ? '2020:01:02 03:04:05' : undefined)
      expect(tags['ExposureTime']).toBe(kept ? '1/50' : undefined)
      expect(tags['GPSLatitude']?.startsWith('51.5')).toBe(metadata === 'all' ? true : undefined)
      const again = await openPhoto(bytes, 'back')
      expect([again.width, again.height]).toEqual([48, 64])
      expect(again.xmp?.includes('Rating="4"') ?? false).toBe(kept)
      expect(again.xmp?.includes('Häuser &amp; Höfe') ?? false).toBe(kept)
      expect(again.xmp?.includes('GPSLatitude') ?? false).toBe(metadata === 'all')
      expect(again.xmp?.includes('Orientation') ?? false).toBe(false)
      if (metadata !== 'all') expect(Buffer.from(bytes).includes('51,30N')).toBe(false)
    }
  })

  it.each(FORMATS)('carries recipe and label in %s', async (format) => {
    const photo = await cameraPhoto()
    for (const metadata of ['all', 'none'] as const) {
      const { bytes } = await exportPhoto(photo, photo.pixels, { ...PLAIN, format, metadata, recipe: RECIPE, aiLabel: true })
      expect(await readRecipe(bytes)).toEqual(RECIPE)
      const once = await openPhoto(bytes, 'once')
      expect(once.xmp).toContain('digitalsourcetype/compositeWithTrainedAlgorithmicMedia')
      const again = await exportPhoto(once, once.pixels, { ...PLAIN, format, metadata, recipe: { second: true }, aiLabel: false })
      expect(await readRecipe(again.bytes)).toEqual({ second: true })
      expect((await openPhoto(again.bytes, 'again')).xmp).not.toContain('compositeWithTrainedAlgorithmicMedia')
    }
    const bare = await exportPhoto(photo, photo.pixels, { ...PLAIN, format, metadata: 'none' })
    expect(await readRecipe(bare.bytes)).toBeUndefined()
  })

  it('never stops for metadata', async () => {
    const photo = photoOf(noise(16, 16, 3, 8), { exif: Uint8Array.from({ length: 40 }, (_, i) => i), xmp: '<not <xml' })
    const { warnings } = await exportPhoto(photo, photo.pixels, { ...PLAIN, format: 'jpeg', recipe: RECIPE, aiLabel: true })
    expect(warnings).toEqual(['The photo’s EXIF is damaged and was left out.'])
    const long = { text: 'x'.repeat(70_000) }
    const jpeg = await exportPhoto(photo, photo.pixels, { ...PLAIN, format: 'jpeg', recipe: long, aiLabel: true })
    expect(jpeg.warnings[1]).toContain('too long for a JPEG')
    const png = await exportPhoto(photo, photo.pixels, { ...PLAIN, recipe: long, aiLabel: true })
    expect(await readRecipe(png.bytes)).toEqual(long)
  })

  it('names the limit of WebP', async () => {
    const photo = photoOf(noise(16_400, 1, 3, 8))
    await expect(exportPhoto(photo, photo.pixels, { ...PLAIN, format: 'webp' })).rejects.toThrow('WebP holds at most 16383 pixels a side')
  })

  it('reads no recipe from what is no picture', async () => {
    expect(await readRecipe(Buffer.from('hello'))).toBeUndefined()
  })
})

const tagsOf = (bytes: Uint8Array): Record<string, string | undefined> => {
  const wanted = new Set(['Make', 'DateTimeOriginal', 'ExposureTime', 'GPSLatitude'])
  try {
    const tags = Object.entries(ExifReader.load(Buffer.from(bytes)))
    return Object.fromEntries(
      tags.filter(([name]) => wanted.has(name)).map(([name, tag]) => [name, String((tag as { description: unknown }).description)]),
    )
  } catch {
    return {}
  }
}
