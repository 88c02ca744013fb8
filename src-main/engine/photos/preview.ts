import sharp from 'sharp'
import { ASSUMED_SRGB, convertPixels } from './colour.ts'
import { pngContainer } from './container.ts'
import type { Photo, PhotoPixels } from './photo.ts'

/** The longest side of the photo as the canvas shows it. */
export const PREVIEW_SIDE = 2560
export const THUMBNAIL_SIDE = 256

/** An encoded 8-bit sRGB picture for the screen. */
export interface Preview {
  readonly bytes: Uint8Array
  readonly mime: 'image/jpeg' | 'image/webp'
  readonly width: number
  readonly height: number
  /** Preview pixels a photo pixel. */
  readonly scale: number
}

/** The photo (or its pixels after an edit) for the canvas: longest side at most `side`, never enlarged. JPEG, or WebP where there
 *  is alpha, quality 90. */
export async function photoPreview(photo: Photo, pixels: PhotoPixels = photo.pixels, side: number = PREVIEW_SIDE): Promise<Preview> {
  const longest = Math.max(pixels.width, pixels.height)
  const scale = Math.min(1, side / longest)
  const width = Math.max(1, Math.round(pixels.width * scale))
  const height = Math.max(1, Math.round(pixels.height * scale))
  // Scaling in the photo's own numbers first leaves a tenth of the pixels to convert.
  const small = scale === 1 ? pixels : await scaled(pixels, width, height)
  const srgb = convertPixels(small, photo.profile, ASSUMED_SRGB, 8)
  const image = sharp(Buffer.from(srgb.data.buffer, srgb.data.byteOffset, srgb.data.byteLength), {
    raw: { width, height, channels: srgb.channels },
  })
  const mime = srgb.channels === 4 ? 'image/webp' : 'image/jpeg'
  const encoded = mime === 'image/webp' ? image.webp({ quality: 90, effort: 2 }) : image.jpeg({ quality: 90, chromaSubsampling: '4:4:4' })
  return { bytes: new Uint8Array(await encoded.toBuffer()), mime, width, height, scale }
}

/** A small picture for filmstrip, recents and history. */
export const thumbnail = (photo: Photo, pixels?: PhotoPixels, side: number = THUMBNAIL_SIDE): Promise<Preview> =>
  photoPreview(photo, pixels, side)

async function scaled(pixels: PhotoPixels, width: number, height: number): Promise<PhotoPixels> {
  const { channels, depth, data } = pixels
  const raw =
    depth === 8
      ? sharp(data, { raw: { width: pixels.width, height: pixels.height, channels } })
      : sharp(pngContainer(pixels), { limitInputPixels: false })
  const image = raw.resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
  const out = await (depth === 16 ? image.toColourspace('rgb16').raw({ depth: 'ushort' }) : image.raw()).toBuffer()
  return {
    width,
    height,
    channels,
    depth,
    data: depth === 8 ? new Uint8Array(out) : new Uint16Array(out.buffer, out.byteOffset, out.length / 2),
  }
}
