import sharp from 'sharp'
import { ASSUMED_SRGB, convertPixels, standardProfile } from './colour.ts'
import { pngContainer } from './container.ts'
import { pixelBox } from './photo.ts'
import type { Box, Photo, PhotoPixels, PhotoProfile } from './photo.ts'

/** The longest side of the photo as the canvas shows it. */
export const PREVIEW_SIDE = 2560
export const THUMBNAIL_SIDE = 256

/** An encoded 8-bit picture for the screen, with its profile embedded where that is not sRGB. */
export interface Preview {
  readonly bytes: Uint8Array
  readonly mime: 'image/jpeg' | 'image/webp' | 'image/png'
  readonly width: number
  readonly height: number
  /** Preview pixels a photo pixel. */
  readonly scale: number
}

/** The space in which the screen gets a photo: sRGB, or Display P3 where the photo may hold colours that sRGB cannot. */
export const screenProfile = async ({ profile }: Pick<Photo, 'profile'>): Promise<PhotoProfile> =>
  profile.kind === 'srgb' ? ASSUMED_SRGB : standardProfile('p3')

/** A part of the photo for the screen, at most `side` pixels wide or high, never enlarged; small parts, which are looked at pixel by pixel,
 *  come without loss. `box` is what they cover: whole pixels of the photo. */
export async function photoRegion(photo: Photo, box: Box, side: number): Promise<Preview & { box: Box }> {
  const whole = pixelBox(box, photo.width, photo.height)
  const { channels, depth, width, data } = photo.pixels
  const row = whole.width * channels
  const cut = depth === 8 ? new Uint8Array(row * whole.height) : new Uint16Array(row * whole.height)
  for (let y = 0; y < whole.height; y++) {
    const from = ((whole.y + y) * width + whole.x) * channels
    cut.set(data.subarray(from, from + row), y * row)
  }
  const pixels: PhotoPixels = { width: whole.width, height: whole.height, channels, depth, data: cut }
  const lossless = whole.width * whole.height <= LOSSLESS_PIXELS
  return { ...(await photoPreview(photo, pixels, side, lossless)), box: whole }
}

const LOSSLESS_PIXELS = 400_000

/** The photo (or its pixels after an edit) for the canvas: longest side at most `side`, never enlarged. JPEG, or WebP where there
 *  is alpha, quality 90; PNG where it must be `lossless`. */
export async function photoPreview(
  photo: Photo,
  pixels: PhotoPixels = photo.pixels,
  side: number = PREVIEW_SIDE,
  lossless = false,
): Promise<Preview> {
  const longest = Math.max(pixels.width, pixels.height)
  const scale = Math.min(1, side / longest)
  const width = Math.max(1, Math.round(pixels.width * scale))
  const height = Math.max(1, Math.round(pixels.height * scale))
  // Scaling in the photo's own numbers first leaves a tenth of the pixels to convert.
  const small = scale === 1 ? pixels : await scaled(pixels, width, height)
  const screen = await screenProfile(photo)
  const shown = convertPixels(small, photo.profile, screen, 8)
  const image =
    screen.bytes === undefined
      ? sharp(shown.data, { raw: { width, height, channels: shown.channels } })
      : sharp(pngContainer(shown, screen.bytes)).keepIccProfile()
  const mime = lossless ? 'image/png' : shown.channels === 4 ? 'image/webp' : 'image/jpeg'
  const encoded = {
    'image/png': () => image.png({ compressionLevel: 1 }),
    'image/webp': () => image.webp({ quality: 90, effort: 2 }),
    'image/jpeg': () => image.jpeg({ quality: 90, chromaSubsampling: '4:4:4' }),
  }[mime]()
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
