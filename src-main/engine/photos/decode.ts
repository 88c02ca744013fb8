import sharp from 'sharp'
import type { Metadata } from 'sharp'
import { StudioError } from '../../contract/errors.ts'
import { ASSUMED_SRGB, SRGB, profileFrom, standardProfile } from './colour.ts'
import { readIccHeader } from './icc.ts'
import { MAX_MEGAPIXELS, MAX_SIDE, MIN_EDITABLE_SIDE } from './photo.ts'
import type { Photo, PhotoFormat, PhotoPixels, PhotoProfile } from './photo.ts'
import { sniff } from './sniff.ts'

const WHAT_TO_DO = 'Choose a JPEG, PNG, WebP, AVIF or TIFF picture.'

/**
 * Decodes a picture file. EXIF orientation is applied once; the samples stay in the photo's own profile and depth (8 or 16 bit).
 * Grey becomes RGB; CMYK and profiles of lookup tables are converted to sRGB, and the photo's warnings say so.
 * Of animations and multi-page files the first picture is taken. A file cut off in the middle opens with a warning.
 * Errors: photo.not-an-image, photo.unsupported, photo.too-large, photo.damaged.
 */
export async function openPhoto(bytes: Uint8Array, name: string): Promise<Photo> {
  const kind = sniff(bytes, name)
  if (kind.kind === 'other') throw new StudioError('photo.not-an-image', { where: name, what: kind.what, todo: WHAT_TO_DO })
  if (kind.kind === 'unreadable') throw new StudioError('photo.unsupported', { where: name, what: kind.what, todo: kind.todo })

  const header = await readHeader(bytes, name)
  requireSize(header, name)
  const warnings: string[] = []
  if ((header.pages ?? 1) > 1) warnings.push(`The file holds ${header.pages} pictures; this is the first.`)
  const colour = await chooseProfile(header)
  if (colour.warning) warnings.push(colour.warning)
  const decode = (failOn: 'error' | 'none') => decodePixels(bytes, header, colour.convert, failOn)
  const pixels = await decode('error').catch(async () => {
    const recovered = await decode('none').catch((cause: unknown) => {
      throw damaged(name, cause)
    })
    if (recovered.data.every((x) => x === recovered.data[0])) throw damaged(name, undefined)
    warnings.push('The file is damaged or cut off; what could be read of it is shown.')
    return recovered
  })
  if (Math.min(pixels.width, pixels.height) < MIN_EDITABLE_SIDE)
    warnings.push(`The picture has only ${pixels.width} × ${pixels.height} pixels, too few to edit.`)
  return {
    name,
    width: pixels.width,
    height: pixels.height,
    format: kind.format satisfies PhotoFormat,
    depth: header.depth === 'ushort' ? 16 : 8,
    profile: colour.profile,
    pixels,
    exif: exifBlock(header.exif),
    xmp: header.xmpAsString ?? header.xmp?.toString('utf8'),
    iptc: header.iptc && new Uint8Array(header.iptc),
    warnings,
  }
}

/** The header alone; nothing is decoded, so a lying size costs nothing. */
async function readHeader(bytes: Uint8Array, name: string): Promise<Metadata> {
  try {
    return await sharp(bytes, { limitInputPixels: false, failOn: 'none' }).metadata()
  } catch (cause) {
    throw damaged(name, cause)
  }
}

function requireSize({ width, height }: Metadata, name: string): void {
  if (width * height <= MAX_MEGAPIXELS * 1e6 && Math.max(width, height) <= MAX_SIDE) return
  throw new StudioError('photo.too-large', {
    where: name,
    what: `it has ${width} × ${height} pixels; the limit is ${MAX_MEGAPIXELS} megapixels and ${MAX_SIDE} pixels a side`,
    todo: 'Scale it down in another program, then open that file.',
  })
}

const damaged = (where: string, cause: unknown) =>
  new StudioError(
    'photo.damaged',
    { where, what: 'it is damaged and nothing of it can be decoded', todo: 'Choose another copy of the picture.' },
    { cause },
  )

interface ColourChoice {
  readonly profile: PhotoProfile
  /** True where the decoder has to convert to sRGB. */
  readonly convert: boolean
  readonly warning?: string
}

async function chooseProfile({ icc, space, depth }: Metadata): Promise<ColourChoice> {
  const srgb: PhotoProfile = { name: 'sRGB', kind: 'srgb', space: SRGB }
  if (space === 'cmyk') return { profile: srgb, convert: true, warning: 'The picture is CMYK, for print; it was converted to sRGB.' }
  if (depth !== 'uchar' && depth !== 'ushort')
    return { profile: srgb, convert: true, warning: `The picture's samples (${depth}) were converted to 8-bit sRGB.` }
  const header = icc && readIccHeader(icc)
  if (!header) return { profile: ASSUMED_SRGB, convert: false }
  const profile = header.colourSpace === 'RGB ' && space !== 'b-w' && space !== 'grey16' ? profileFrom(new Uint8Array(icc)) : undefined
  if (profile) return { profile, convert: false }
  const unfit = (header.colourSpace === 'GRAY') !== (space === 'b-w') || header.colourSpace === 'CMYK'
  if (unfit && header.colourSpace !== 'RGB ')
    return {
      profile: ASSUMED_SRGB,
      convert: false,
      warning: `The colour profile "${header.name}" does not fit the picture; sRGB is assumed.`,
    }
  // libvips converts 16-bit pictures to Display P3, others to sRGB.
  const target = depth === 'ushort' ? await standardProfile('p3') : srgb
  const words = target === srgb ? 'sRGB' : 'Display P3'
  return {
    profile: target,
    convert: true,
    warning: `The colour profile "${header.name}" works by tables; the picture was converted to ${words}.`,
  }
}

async function decodePixels(bytes: Uint8Array, header: Metadata, convert: boolean, failOn: 'error' | 'none'): Promise<PhotoPixels> {
  const deep = header.depth === 'ushort' && !(convert && header.space === 'cmyk')
  const image = sharp(bytes, { limitInputPixels: false, failOn, ignoreIcc: !convert, autoOrient: true }).toColourspace(
    deep ? 'rgb16' : 'srgb',
  )
  const { data, info } = await image.raw({ depth: deep ? 'ushort' : 'uchar' }).toBuffer({ resolveWithObject: true })
  if (info.channels !== 3 && info.channels !== 4) throw new Error(`${info.channels} channels`)
  return {
    width: info.width,
    height: info.height,
    channels: info.channels,
    depth: deep ? 16 : 8,
    data: deep ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : new Uint8Array(data.buffer, data.byteOffset, data.length),
  }
}

/** JPEG and WebP announce the block by "Exif\0\0", PNG does not; ours starts at the TIFF header. */
function exifBlock(exif: Buffer | undefined): Uint8Array | undefined {
  if (!exif) return undefined
  const from = exif.subarray(0, 6).toString('latin1') === 'Exif\0\0' ? 6 : 0
  return exif.length > from + 8 ? new Uint8Array(exif.subarray(from)) : undefined
}
