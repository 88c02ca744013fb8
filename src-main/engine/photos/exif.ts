/**
 * Small changes in an EXIF block (TIFF 6.0 structure; CIPA DC-008), made in place so that maker notes, whose offsets nobody knows,
 * stay valid. `exif` starts at its TIFF header ("II*\0" or "MM\0*").
 */

const ORIENTATION = 0x0112
export const EXIF_IFD = 0x8769
export const GPS_IFD = 0x8825
const PIXEL_X = 0xa002
const PIXEL_Y = 0xa003
const COLOUR_SPACE = 0xa001
const TYPE_BYTES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4 }

export interface ExifEntry {
  readonly tag: number
  readonly type: number
  readonly count: number
  /** Where the entry itself stands. */
  readonly at: number
  /** Where its value stands and how long it is. */
  readonly from: number
  readonly bytes: number
}

export interface Ifd {
  /** Where the directory stands. */
  readonly at: number
  readonly entries: readonly ExifEntry[]
  /** Where the offset of the next directory stands. */
  readonly nextAt: number
}

export interface ExifView {
  readonly bytes: Uint8Array
  readonly data: DataView
  readonly little: boolean
}

/** Undefined where the bytes are no TIFF structure. */
export function viewExif(bytes: Uint8Array): ExifView | undefined {
  const mark = String.fromCharCode(...bytes.subarray(0, 4))
  if (bytes.length < 14 || (mark !== 'II*\0' && mark !== 'MM\0*')) return undefined
  return { bytes, data: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), little: mark === 'II*\0' }
}

/** The directory at an offset; entries that reach beyond the block are left out. */
export function readIfd({ bytes, data, little }: ExifView, offset: number): Ifd | undefined {
  if (offset < 8 || offset + 2 > bytes.length) return undefined
  const count = data.getUint16(offset, little)
  const nextAt = offset + 2 + count * 12
  if (nextAt + 4 > bytes.length) return undefined
  const entries: ExifEntry[] = []
  for (let at = offset + 2; at < nextAt; at += 12) {
    const type = data.getUint16(at + 2, little)
    const values = data.getUint32(at + 4, little)
    const length = (TYPE_BYTES[type] ?? 0) * values
    const from = length <= 4 ? at + 8 : data.getUint32(at + 8, little)
    if (length > 0 && from + length <= bytes.length)
      entries.push({ tag: data.getUint16(at, little), type, count: values, at, from, bytes: length })
  }
  return { at: offset, entries, nextAt }
}

export const firstIfd = (view: ExifView): Ifd | undefined => readIfd(view, view.data.getUint32(4, view.little))

export function subIfd(view: ExifView, ifd: Ifd, tag: number): Ifd | undefined {
  const entry = ifd.entries.find((e) => e.tag === tag)
  return entry && readIfd(view, view.data.getUint32(entry.from, view.little))
}

export interface ExifChanges {
  readonly width: number
  readonly height: number
  readonly keepLocation: boolean
  /** Whether the exported colours are sRGB; EXIF knows only "sRGB" and "something else". */
  readonly isSrgb: boolean
}

/**
 * The block as it fits the exported picture: upright, of the new size, without its thumbnail (which would show the unedited
 * face), and without location when so asked. Undefined where the block cannot be understood: nothing is better than a block
 * that turns the picture or leaks a place.
 */
export function exifForExport(exif: Uint8Array, changes: ExifChanges): Uint8Array | undefined {
  const view = viewExif(exif.slice())
  const main = view && firstIfd(view)
  if (!view || !main) return undefined
  setNumber(view, main, ORIENTATION, 1)
  const details = subIfd(view, main, EXIF_IFD)
  if (details) {
    setNumber(view, details, PIXEL_X, changes.width)
    setNumber(view, details, PIXEL_Y, changes.height)
    setNumber(view, details, COLOUR_SPACE, changes.isSrgb ? 1 : 0xffff)
  }
  dropThumbnail(view, main)
  if (!changes.keepLocation) {
    const gps = subIfd(view, main, GPS_IFD)
    if (gps) eraseIfd(view, gps)
    removeEntry(view, main, GPS_IFD)
  }
  return view.bytes
}

function setNumber({ data, little }: ExifView, ifd: Ifd, tag: number, value: number): void {
  const entry = ifd.entries.find((e) => e.tag === tag)
  if (entry?.type === 3) data.setUint16(entry.from, Math.min(value, 65535), little)
  if (entry?.type === 4) data.setUint32(entry.from, value, little)
}

function dropThumbnail(view: ExifView, main: Ifd): void {
  const second = readIfd(view, view.data.getUint32(main.nextAt, view.little))
  view.data.setUint32(main.nextAt, 0, view.little)
  if (!second) return
  const number = (tag: number) => {
    const entry = second.entries.find((e) => e.tag === tag)
    return entry ? (entry.type === 3 ? view.data.getUint16(entry.from, view.little) : view.data.getUint32(entry.from, view.little)) : 0
  }
  const from = number(0x0201)
  view.bytes.fill(0, from, from > 0 ? Math.min(view.bytes.length, from + number(0x0202)) : 0)
  eraseIfd(view, second)
}

/** Zeroes a directory and every value it points at. */
function eraseIfd({ bytes }: ExifView, ifd: Ifd): void {
  for (const entry of ifd.entries) {
    bytes.fill(0, entry.from, entry.from + entry.bytes)
    bytes.fill(0, entry.at, entry.at + 12)
  }
}

/** Takes an entry out: those behind it move up, and so does the offset of the next directory; the values stay where they are. */
function removeEntry({ bytes, data, little }: ExifView, ifd: Ifd, tag: number): void {
  const entry = ifd.entries.find((e) => e.tag === tag)
  if (!entry) return
  bytes.copyWithin(entry.at, entry.at + 12, ifd.nextAt + 4)
  bytes.fill(0, ifd.nextAt - 8, ifd.nextAt + 4)
  data.setUint16(ifd.at, data.getUint16(ifd.at, little) - 1, little)
}
