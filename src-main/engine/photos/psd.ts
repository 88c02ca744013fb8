import { StudioError } from '../../contract/errors.ts'
import { writePsdUint8Array, type BlendMode, type Layer as AgLayer } from 'ag-psd'
import { imageResource } from './iptc.ts'
import type { Box } from './photo.ts'

/** One layer of a PSD: RGBA samples of its box, 8 bit, alpha not premultiplied. */
export interface PsdLayer {
  readonly name: string
  readonly box: Box
  readonly rgba: Uint8ClampedArray
  readonly isHidden?: boolean
  /** 0…1. */
  readonly opacity?: number
  readonly blend?: BlendMode
  /** Grey samples of its box; black outside it. */
  readonly mask?: { readonly box: Box; readonly grey: Uint8Array }
  /** Neighbours of one group lie in a folder of its name. */
  readonly group?: { readonly id: string; readonly name: string; readonly isHidden: boolean }
}

export interface PsdPicture {
  readonly width: number
  readonly height: number
  /** What programs show that know no layers, RGBA. */
  readonly merged: Uint8ClampedArray
  /** The lowest first. */
  readonly layers: readonly PsdLayer[]
  readonly icc?: Uint8Array | undefined
  readonly exif?: Uint8Array | undefined
  readonly xmp?: string | undefined
  readonly iptc?: Uint8Array | undefined
}

/** Photoshop's own limit for PSD. */
const PSD_SIDE = 30_000

/** Writes an 8-bit RGB PSD with its layers. Error export.too-large. */
export function writePsd(picture: PsdPicture): Uint8Array {
  const { width, height, merged, layers } = picture
  if (Math.max(width, height) > PSD_SIDE)
    throw new StudioError('export.too-large', {
      where: 'PSD',
      what: `it holds at most ${PSD_SIDE} pixels a side and the picture has ${width} × ${height}`,
      todo: 'Export as TIFF, or crop the photo first.',
    })
  const children = inFolders(layers)
  const psd = writePsdUint8Array({ width, height, imageData: { width, height, data: merged }, children }, { noBackground: true })
  return withResources(psd, resourcesOf(picture))
}

function inFolders(layers: readonly PsdLayer[]): AgLayer[] {
  const children: AgLayer[] = []
  let open: { id: string; layers: AgLayer[] } | undefined
  for (const layer of layers) {
    const { group } = layer
    if (group === undefined) open = undefined
    else if (group.id !== open?.id) {
      open = { id: group.id, layers: [] }
      children.push({ name: group.name, hidden: group.isHidden, opened: true, children: open.layers })
    }
    ;(open?.layers ?? children).push(agLayer(layer))
  }
  return children
}

function agLayer({ name, box, rgba, isHidden = false, opacity = 1, blend = 'normal', mask }: PsdLayer): AgLayer {
  return {
    name,
    left: box.x,
    top: box.y,
    hidden: isHidden,
    opacity,
    blendMode: blend,
    imageData: { width: box.width, height: box.height, data: rgba },
    ...(mask === undefined ? {} : { mask: agMask(mask) }),
  }
}

function agMask({ box, grey }: NonNullable<PsdLayer['mask']>): NonNullable<AgLayer['mask']> {
  const data = new Uint8ClampedArray(grey.length * 4)
  for (let i = 0; i < grey.length; i++) {
    data.fill(grey[i]!, i * 4, i * 4 + 3)
    data[i * 4 + 3] = 255
  }
  return { left: box.x, top: box.y, defaultColor: 0, imageData: { width: box.width, height: box.height, data } }
}

/** ICC profile, EXIF, XMP and IPTC by their numbers in Photoshop's format. */
function resourcesOf({ icc, exif, xmp, iptc }: PsdPicture): Uint8Array[] {
  const parts: [number, Uint8Array | undefined][] = [
    [0x0404, iptc],
    [0x040f, icc],
    [0x0422, exif],
    [0x0424, xmp === undefined ? undefined : Buffer.from(xmp, 'utf8')],
  ]
  return parts.flatMap(([number, data]) => (data === undefined ? [] : [imageResource(number, data)]))
}

/** Adds image resources, which the library does not write, to those that are there: header of 26 bytes, colour data, then the resources. */
function withResources(psd: Uint8Array, resources: readonly Uint8Array[]): Uint8Array {
  const view = new DataView(psd.buffer, psd.byteOffset, psd.byteLength)
  const lengthAt = 26 + 4 + view.getUint32(26)
  const from = lengthAt + 4
  const added = Buffer.concat(resources)
  const out = new Uint8Array(psd.length + added.length)
  out.set(psd.subarray(0, from))
  out.set(added, from)
  out.set(psd.subarray(from), from + added.length)
  new DataView(out.buffer).setUint32(lengthAt, view.getUint32(lengthAt) + added.length)
  return out
}
