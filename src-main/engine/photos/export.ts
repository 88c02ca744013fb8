import sharp from 'sharp'
import type { Sharp } from 'sharp'
import { StudioError } from '../../contract/errors.ts'
import { convertPixels, standardProfile } from './colour.ts'
import { pngContainer } from './container.ts'
import { exifForExport } from './exif.ts'
import type { Photo, PhotoPixels } from './photo.ts'
import { addExifToTiff } from './tiff-exif.ts'
import { buildXmp, recipeIn } from './xmp.ts'

export type ExportFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'tiff'

export interface ExportOptions {
  readonly format: ExportFormat
  /** 1…100 for JPEG, WebP and AVIF; 100 is lossless for the latter two. */
  readonly quality?: number
  /** For PNG and TIFF; the others hold 8 bits. */
  readonly depth?: 8 | 16
  /** Which of the photo's own EXIF and XMP go along. Recipe and label have switches of their own. */
  readonly metadata: 'all' | 'all-but-location' | 'none'
  readonly profile: 'same' | 'srgb' | 'p3'
  readonly recipe?: object
  /** Writes IPTC's DigitalSourceType compositeWithTrainedAlgorithmicMedia. */
  readonly aiLabel: boolean
}

export interface ExportedPhoto {
  readonly bytes: Uint8Array
  /** Without the dot. */
  readonly extension: string
  /** What could not be kept. Metadata never stops an export. */
  readonly warnings: readonly string[]
}

const EXTENSIONS: Record<ExportFormat, string> = { jpeg: 'jpg', png: 'png', webp: 'webp', avif: 'avif', tiff: 'tif' }
/** A JPEG segment holds 65,533 bytes, 29 of which name the packet. */
const JPEG_XMP_BYTES = 65_000
const WEBP_SIDE = 16_383

/** Writes a picture file from pixels in the photo's profile. In a lossless format, profile 'same' and the photo's depth give back
 *  the samples bit for bit. Errors: export.too-large, export.failed. */
export async function exportPhoto(photo: Photo, pixels: PhotoPixels, options: ExportOptions): Promise<ExportedPhoto> {
  const { format, quality = 92 } = options
  if (format === 'webp' && Math.max(pixels.width, pixels.height) > WEBP_SIDE)
    throw new StudioError('export.too-large', {
      where: photo.name,
      what: `WebP holds at most ${WEBP_SIDE} pixels a side and the picture has ${pixels.width} × ${pixels.height}`,
      todo: 'Export as JPEG, PNG or TIFF.',
    })
  const warnings: string[] = []
  const depth = format === 'png' || format === 'tiff' ? (options.depth ?? pixels.depth) : 8
  const wanted = options.profile === 'same' ? photo.profile : await standardProfile(options.profile)
  const icc = wanted.bytes ?? (await standardProfile('srgb')).bytes
  const samples = convertPixels(pixels, photo.profile, wanted, depth)
  const exif = exifPart(photo, pixels, options, wanted.kind === 'srgb', warnings)
  const xmp = xmpPart(photo, options, warnings)

  const encode = (withExif: boolean, packet: string | undefined): Promise<Buffer> => {
    let image = sharp(pngContainer(samples, icc, withExif ? exif : undefined), { limitInputPixels: false })
      .keepIccProfile()
      .keepExif()
    if (format === 'jpeg') image = image.flatten({ background: 'white' })
    if (depth === 16) image = image.toColourspace('rgb16')
    return formatted(packet === undefined ? image : image.withXmp(packet), format, quality).toBuffer()
  }
  const bytes = await encode(true, xmp)
    .catch(() => {
      warnings.push('The metadata could not be written; the picture was exported without it.')
      return encode(false, undefined)
    })
    .catch((cause: unknown) => {
      const what = `the ${EXTENSIONS[format].toUpperCase()} encoder failed`
      throw new StudioError('export.failed', { where: photo.name, what, todo: 'Choose another format.' }, { cause })
    })
  return { bytes: format === 'tiff' && exif ? addExifToTiff(bytes, exif) : new Uint8Array(bytes), extension: EXTENSIONS[format], warnings }
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

function exifPart(
  photo: Photo,
  pixels: PhotoPixels,
  { metadata }: ExportOptions,
  isSrgb: boolean,
  warnings: string[],
): Uint8Array | undefined {
  if (!photo.exif || metadata === 'none') return undefined
  const exif = exifForExport(photo.exif, { width: pixels.width, height: pixels.height, keepLocation: metadata === 'all', isSrgb })
  if (!exif) warnings.push('The photo’s EXIF is damaged and was left out.')
  return exif
}

function xmpPart(photo: Photo, { format, metadata, recipe, aiLabel }: ExportOptions, warnings: string[]): string | undefined {
  const original = metadata === 'none' ? undefined : photo.xmp
  const keepLocation = metadata === 'all'
  const fits = (packet: string | undefined) => format !== 'jpeg' || packet === undefined || Buffer.byteLength(packet) <= JPEG_XMP_BYTES
  const whole = buildXmp({ original, keepLocation, recipe, aiLabel })
  if (fits(whole)) return whole
  const withoutOriginal = buildXmp({ keepLocation, recipe, aiLabel })
  if (fits(withoutOriginal)) {
    warnings.push('The photo’s own XMP is too long for a JPEG beside the recipe and was left out.')
    return withoutOriginal
  }
  warnings.push('The recipe is too long for a JPEG and was left out; PNG and TIFF hold it.')
  const withoutRecipe = buildXmp({ original, keepLocation, aiLabel })
  return fits(withoutRecipe) ? withoutRecipe : buildXmp({ keepLocation, aiLabel })
}
