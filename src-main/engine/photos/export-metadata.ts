import { exifForExport } from './exif.ts'
import { iptcForExport } from './iptc.ts'
import type { Photo } from './photo.ts'
import { buildXmp } from './xmp.ts'

/** What goes along with the pixels. */
export interface MetadataChoices {
  /** Which of the photo's own EXIF, XMP and IPTC go along. Recipe and label have switches of their own. */
  readonly metadata: 'all' | 'all-but-location' | 'none'
  readonly recipe?: object | undefined
  /** Writes IPTC's DigitalSourceType compositeWithTrainedAlgorithmicMedia. */
  readonly aiLabel: boolean
}

export interface ExportTarget {
  readonly format: 'jpeg' | 'png' | 'webp' | 'avif' | 'tiff' | 'psd'
  readonly width: number
  readonly height: number
  /** Whether the exported colours are sRGB. */
  readonly isSrgb: boolean
}

export interface ExportMetadata {
  readonly exif?: Uint8Array | undefined
  readonly xmp?: string | undefined
  /** IPTC-IIM datasets. */
  readonly iptc?: Uint8Array | undefined
  /** What could not be kept. */
  readonly warnings: readonly string[]
}

/** A JPEG segment holds 65,533 bytes, 29 of which name the packet. */
const JPEG_XMP_BYTES = 65_000
const HOLDS_IPTC: ReadonlySet<ExportTarget['format']> = new Set(['jpeg', 'tiff', 'psd'])

/** The blocks of an exported file. Nothing here ever fails: what cannot be kept is said. */
export function metadataFor(photo: Photo, choices: MetadataChoices, target: ExportTarget): ExportMetadata {
  const warnings: string[] = []
  const exif = exifPart(photo, choices, target, warnings)
  const iptc = iptcPart(photo, choices, target, warnings)
  const xmp = xmpPart(photo, choices, target, warnings)
  return { exif, iptc, xmp, warnings }
}

function exifPart(photo: Photo, { metadata }: MetadataChoices, target: ExportTarget, warnings: string[]): Uint8Array | undefined {
  if (!photo.exif || metadata === 'none') return undefined
  const { width, height, isSrgb } = target
  const exif = exifForExport(photo.exif, { width, height, keepLocation: metadata === 'all', isSrgb })
  if (!exif) warnings.push('The photo’s EXIF is damaged and was left out.')
  return exif
}

function iptcPart(photo: Photo, { metadata }: MetadataChoices, { format }: ExportTarget, warnings: string[]): Uint8Array | undefined {
  const iptc = photo.iptc && metadata !== 'none' ? iptcForExport(photo.iptc, metadata === 'all') : undefined
  if (iptc === undefined || HOLDS_IPTC.has(format)) return iptc
  warnings.push(`${format.toUpperCase()} has no place for the photo’s IPTC block; JPEG and TIFF keep it.`)
  return undefined
}

function xmpPart(photo: Photo, choices: MetadataChoices, { format }: ExportTarget, warnings: string[]): string | undefined {
  const { metadata, recipe, aiLabel } = choices
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
