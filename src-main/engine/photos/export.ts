import sharp from 'sharp'
import type { Sharp } from 'sharp'
import { StudioError } from '../../contract/errors.ts'
import { convertPixels, standardProfile } from './colour.ts'
import { pngContainer } from './container.ts'
import { metadataFor, type MetadataChoices } from './export-metadata.ts'
import { exportSize } from './export-size.ts'
import { addJpegSegment, photoshopBlock } from './iptc.ts'
import type { Photo, PhotoPixels } from './photo.ts'
import { addToTiff } from './tiff-exif.ts'
import { recipeIn } from './xmp.ts'

/** The formats of one flat picture; PSD, which holds layers, is in psd.ts. */
export type ExportFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'tiff'

export interface ExportOptions extends MetadataChoices {
  readonly format: ExportFormat
  /** 1…100 for JPEG, WebP and AVIF; 100 is lossless for the latter two. */
  readonly quality?: number
  /** For PNG and TIFF; the others hold 8 bits. */
  readonly depth?: 8 | 16
  readonly profile: 'same' | 'srgb' | 'p3'
  /** The longer side, in pixels; smaller pictures stay as they are. */
  readonly maxSide?: number | undefined
}

export interface ExportedPhoto {
  readonly bytes: Uint8Array
  /** Without the dot. */
  readonly extension: string
  readonly width: number
  readonly height: number
  /** What could not be kept. Metadata never stops an export. */
  readonly warnings: readonly string[]
}

const EXTENSIONS: Record<ExportFormat, string> = { jpeg: 'jpg', png: 'png', webp: 'webp', avif: 'avif', tiff: 'tif' }
const APP13 = 0xed
const WEBP_SIDE = 16_383

/** Writes a picture file from pixels in the photo's profile. In a lossless format, at full size, profile 'same' and the photo's depth give back
 *  the samples bit for bit. Errors: export.too-large, export.failed. */
export async function exportPhoto(photo: Photo, pixels: PhotoPixels, options: ExportOptions): Promise<ExportedPhoto> {
  const { format, quality = 92 } = options
  const { width, height } = exportSize(pixels.width, pixels.height, options.maxSide)
  if (format === 'webp' && Math.max(width, height) > WEBP_SIDE)
    throw new StudioError('export.too-large', {
      where: photo.name,
      what: `WebP holds at most ${WEBP_SIDE} pixels a side and the picture has ${width} × ${height}`,
      todo: 'Export as JPEG, PNG or TIFF.',
    })
  const depth = format === 'png' || format === 'tiff' ? (options.depth ?? pixels.depth) : 8
  const wanted = options.profile === 'same' ? photo.profile : await standardProfile(options.profile)
  const icc = wanted.bytes ?? (await standardProfile('srgb')).bytes
  const samples = convertPixels(pixels, photo.profile, wanted, depth)
  const { exif, xmp, iptc, warnings: lost } = metadataFor(photo, options, { format, width, height, isSrgb: wanted.kind === 'srgb' })
  const warnings = [...lost]

  const encode = (withExif: boolean, packet: string | undefined): Promise<Buffer> => {
    let image = sharp(pngContainer(samples, icc, withExif ? exif : undefined), { limitInputPixels: false })
      .keepIccProfile()
      .keepExif()
    if (width !== pixels.width || height !== pixels.height) image = image.resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
    if (format === 'jpeg') image = image.flatten({ background: 'white' })
    if (depth === 16) image = image.toColourspace('rgb16')
    return formatted(packet === undefined ? image : image.withXmp(packet), format, quality).toBuffer()
  }
  const encoded = await encode(true, xmp)
    .catch(() => {
      warnings.push('The metadata could not be written; the picture was exported without it.')
      return encode(false, undefined)
    })
    .catch((cause: unknown) => {
      const what = `the ${EXTENSIONS[format].toUpperCase()} encoder failed`
      throw new StudioError('export.failed', { where: photo.name, what, todo: 'Choose another format.' }, { cause })
    })
  return { bytes: finished(encoded, format, exif, iptc), extension: EXTENSIONS[format], width, height, warnings }
}

/** Adds the blocks that libvips does not write. */
function finished(encoded: Buffer, format: ExportFormat, exif: Uint8Array | undefined, iptc: Uint8Array | undefined): Uint8Array {
  if (format === 'tiff') return addToTiff(encoded, { exif, iptc })
  const bytes = new Uint8Array(encoded)
  return format === 'jpeg' && iptc ? addJpegSegment(bytes, APP13, photoshopBlock(iptc)) : bytes
}

/** The recipe that an exported file carries, or undefined: also for files that are no pictures. */
export async function readRecipe(bytes: Uint8Array): Promise<object | undefined> {
  try {
    const { xmp } = await sharp(bytes, { limitInputPixels: false }).metadata()
    return xmp && recipeIn(xmp.toString('utf8'))
  } catch {
    return undefined
  }
}

function formatted(image: Sharp, format: ExportFormat, quality: number): Sharp {
  switch (format) {
    case 'jpeg':
      return image.jpeg({ quality, chromaSubsampling: quality >= 85 ? '4:4:4' : '4:2:0' })
    case 'png':
      return image.png({ compressionLevel: 6, adaptiveFiltering: true })
    case 'webp':
      return image.webp({ quality, lossless: quality === 100, exact: true })
    case 'avif':
      return image.avif({ quality, lossless: quality === 100, effort: 4, chromaSubsampling: '4:4:4' })
    case 'tiff':
      return image.tiff({ compression: 'deflate', predictor: 'horizontal' })
  }
}
