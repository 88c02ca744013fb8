import { StudioError } from '../../contract/errors.ts'
import type { ColourSpace } from './colour.ts'

/** The largest picture that is decoded, in megapixels; read from the header, before any pixel is. 200 MP of 16 bits is 1.2 GB. */
export const MAX_MEGAPIXELS = 200
/** The longest side that is decoded, in pixels. */
export const MAX_SIDE = 32_000
/** Below this length of the shorter side nothing in a picture can be edited. */
export const MIN_EDITABLE_SIDE = 32

export type PhotoFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'tiff' | 'gif'

/** Samples in the photo's own profile, rows from the top, RGB or RGBA interleaved, alpha not premultiplied. */
export interface PhotoPixels {
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
  /** Bits a sample: Uint8Array for 8, Uint16Array for 16. */
  readonly depth: 8 | 16
  readonly data: Uint8Array | Uint16Array
}

export interface PhotoProfile {
  /** As the profile calls itself; shown, never trusted. */
  readonly name: string
  /** What its numbers say it is. */
  readonly kind: 'srgb' | 'p3' | 'adobe' | 'other'
  /** The ICC profile; absent where the file had none and sRGB is assumed. */
  readonly bytes?: Uint8Array
  readonly space: ColourSpace
}

export interface Photo {
  readonly name: string
  /** After EXIF orientation. */
  readonly width: number
  readonly height: number
  readonly format: PhotoFormat
  /** What the file held; pixels.depth says what we hold. */
  readonly depth: 8 | 16
  readonly profile: PhotoProfile
  readonly pixels: PhotoPixels
  /** The EXIF block, starting at its TIFF header. */
  readonly exif?: Uint8Array
  /** The XMP packet. */
  readonly xmp?: string
  /** IPTC-IIM, alone or in Photoshop's resource blocks. */
  readonly iptc?: Uint8Array
  /** Sentences for the person: what was assumed, converted or lost. */
  readonly warnings: readonly string[]
}

/** A rectangle in photo pixels; (0, 0) is the outer corner of the top left pixel, whose centre is (0.5, 0.5). */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Throws 'photo.too-small' when no subject could be found or edited in the picture. */
export function requireEditable(photo: Photo): void {
  if (Math.min(photo.width, photo.height) >= MIN_EDITABLE_SIDE) return
  throw new StudioError('photo.too-small', {
    where: photo.name,
    what: `it has only ${photo.width} × ${photo.height} pixels, too few to edit`,
    todo: `Choose a picture of at least ${MIN_EDITABLE_SIDE} × ${MIN_EDITABLE_SIDE} pixels.`,
  })
}

/** The box widened to whole pixels and cut at the photo's borders; width or height is 0 where nothing is left. */
export function pixelBox(box: Box, width: number, height: number): Box {
  const x = Math.min(width, Math.max(0, Math.floor(box.x)))
  const y = Math.min(height, Math.max(0, Math.floor(box.y)))
  const right = Math.min(width, Math.max(x, Math.ceil(box.x + box.width)))
  const bottom = Math.min(height, Math.max(y, Math.ceil(box.y + box.height)))
  return { x, y, width: right - x, height: bottom - y }
}
