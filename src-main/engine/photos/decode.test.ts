import { readFile } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { StudioError } from '../../contract/errors.ts'
import { pngContainer } from './container.ts'
import { openPhoto } from './decode.ts'
import { adobeIcc, noise } from './fixtures.ts'
import { requireEditable } from './photo.ts'

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'opened',
    (error: unknown) => (error instanceof StudioError ? error.code : String(error)),
  )

/** A PNG's first bytes with any size in its header. */
function pngHeader(width: number, height: number): Buffer {
  const png = pngContainer(noise(1, 1, 3, 8))
  png.writeUInt32BE(width, 16)
  png.writeUInt32BE(height, 20)
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29)
  return png
}

describe('openPhoto', () => {
  it.each([8, 16] as const)('keeps %i-bit samples, alpha and the profile’s own numbers', async (depth) => {
    const pixels = noise(40, 33, 4, depth)
    const photo = await openPhoto(pngContainer(pixels, adobeIcc()), 'a.png')
    expect(photo.pixels).toEqual(pixels)
    expect(photo).toMatchObject({ depth, width: 40, height: 33, format: 'png', warnings: [] })
    expect(photo.profile).toMatchObject({ kind: 'adobe', bytes: adobeIcc() })
  })

  it('reads every format', async () => {
    const source = sharp(pngContainer(noise(40, 40, 3, 8)))
    for (const format of ['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'] as const) {
      const photo = await openPhoto(await source.clone().toFormat(format).toBuffer(), 'picture')
      expect(photo).toMatchObject({ format, width: 40, height: 40, warnings: [] })
      expect(photo.pixels.channels).toBeGreaterThanOrEqual(3)
    }
    const tiff16 = await sharp(pngContainer(noise(40, 40, 3, 16)))
      .toColourspace('rgb16')
      .tiff({ compression: 'none' })
      .toBuffer()
    expect((await openPhoto(tiff16, 'a.tif')).pixels).toEqual(noise(40, 40, 3, 16))
  })

  it('turns the picture upright once', async () => {
    const jpeg = await sharp(pngContainer(noise(64, 40, 3, 8)))
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    expect(await openPhoto(jpeg, 'a.jpg')).toMatchObject({ width: 40, height: 64 })
  })

  it('opens grey and CMYK pictures as RGB and says what it converted', async () => {
    const grey = await openPhoto(
      await sharp(pngContainer(noise(40, 40, 3, 8)))
        .toColourspace('b-w')
        .png()
        .toBuffer(),
      'grey.png',
    )
    expect(grey.pixels.channels).toBe(3)
    expect(grey.pixels.data[0]).toBe(grey.pixels.data[1])
    const cmyk = await openPhoto(
      await sharp(pngContainer(noise(40, 40, 3, 8)))
        .toColourspace('cmyk')
        .jpeg()
        .toBuffer(),
      'print.jpg',
    )
    expect(cmyk.pixels.channels).toBe(3)
    expect(cmyk.warnings).toEqual(['The picture is CMYK, for print; it was converted to sRGB.'])
  })

  it('takes the first picture of an animation', async () => {
    const frames = [noise(40, 80, 3, 8), noise(40, 80, 4, 8)].map((pixels) => pngContainer(pixels))
    const two = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer()
    const photo = await openPhoto(two, 'a.gif')
    expect(photo).toMatchObject({ width: 40, height: 80 })
    expect(photo.warnings[0]).toContain('2 pictures')
  })

  it('recovers what it can of a truncated file', async () => {
    const png = pngContainer(noise(300, 300, 3, 8))
    expect((await openPhoto(png.subarray(0, png.length / 2), 'cut.png')).warnings).toEqual([
      'The file is damaged or cut off; what could be read of it is shown.',
    ])
    const jpeg = await sharp(png).jpeg().toBuffer()
    expect((await openPhoto(jpeg.subarray(0, jpeg.length / 2), 'cut.jpg')).warnings).toHaveLength(1)
    expect(await code(openPhoto(png.subarray(0, 80), 'stub.png'))).toBe('photo.damaged')
  })

  it('opens a single pixel and says that nothing can be edited', async () => {
    const photo = await openPhoto(pngContainer(noise(1, 1, 3, 8)), 'dot.png')
    expect(photo.warnings).toEqual(['The picture has only 1 × 1 pixels, too few to edit.'])
    expect(() => requireEditable(photo)).toThrow('dot.png: it has only 1 × 1 pixels, too few to edit.')
  })

  it('refuses by the header what is too large', async () => {
    expect(await code(openPhoto(pngHeader(40_000, 40_000), 'huge.png'))).toBe('photo.too-large')
    await expect(openPhoto(pngHeader(40_000, 40_000), 'huge.png')).rejects.toThrow('the limit is 200 megapixels')
  })

  it('names what is no picture, or one that it cannot read', async () => {
    const text = Buffer.from('Dear diary, this is no picture at all.')
    await expect(openPhoto(text, 'holiday.jpg')).rejects.toThrow('holiday.jpg: it is a text file. Choose a JPEG')
    await expect(openPhoto(Buffer.alloc(0), 'empty.jpg')).rejects.toThrow('it is empty (0 bytes)')
    expect(await code(openPhoto(Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'), 'IMG.HEIC'))).toBe('photo.unsupported')
    expect(await code(openPhoto(Buffer.from('II*\0\x08\0\0\0', 'latin1'), 'DSC.NEF'))).toBe('photo.unsupported')
    expect(await code(openPhoto(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'x.png'))).toBe('photo.damaged')
    expect(await code(openPhoto(await readFile('package.json'), 'x.png'))).toBe('photo.not-an-image')
  })

  it('never hangs or crashes on random bytes behind a true beginning', async () => {
    for (const head of [
      '\x89PNG\r\n\x1a\n\0\0\0\rIHDR',
      '\xff\xd8\xff\xe0\0\x10JFIF',
      'RIFF\x40\0\0\0WEBPVP8 ',
      'II*\0\x08\0\0\0',
      'GIF89a',
    ]) {
      const bytes = Buffer.concat([Buffer.from(head, 'latin1'), Uint8Array.from(noise(20, 20, 3, 8).data)])
      expect(['photo.damaged', 'photo.too-large', 'opened']).toContain(await code(openPhoto(bytes, 'x')))
    }
  })
})
