import { EXIF_IFD, GPS_IFD, firstIfd, subIfd, viewExif } from './exif.ts'
import type { ExifEntry, ExifView, Ifd } from './exif.ts'

/** Description, maker, model, software, date, artist, copyright: what a TIFF keeps in its main directory. */
const MAIN_TAGS = new Set([0x010e, 0x010f, 0x0110, 0x0131, 0x0132, 0x013b, 0x8298])
/** The maker's note, which only works at its old offset, and the pointer to the interoperability directory. */
const LEFT_OUT = new Set([0x927c, 0xa005])
const UNIT: Readonly<Record<number, number>> = { 3: 2, 4: 4, 5: 4, 8: 2, 9: 4, 10: 4, 11: 4, 12: 8, 13: 4 }

interface Entry {
  readonly tag: number
  readonly type: number
  readonly count: number
  /** The value's bytes, little-endian. */
  readonly value: Uint8Array
}

/** IPTC's datasets in a TIFF (RichTIFFIPTC), as bytes of no type. */
const IPTC = 0x83bb

/**
 * A TIFF with an EXIF block and IPTC datasets in it, which libvips does not write: values and directories are appended, and the header is
 * pointed at a new main directory that holds the old one's entries and ours. Only for little-endian classic TIFFs of one page.
 * Returns the TIFF as it is where either side is not understood.
 */
export function addToTiff(tiff: Uint8Array, { exif, iptc }: { exif?: Uint8Array | undefined; iptc?: Uint8Array | undefined }): Uint8Array {
  const target = viewExif(tiff)
  const main = target && firstIfd(target)
  const source = exif && viewExif(exif)
  const sourceMain = source && firstIfd(source)
  if (!target?.little || !main || (!sourceMain && !iptc)) return tiff

  const tail = new Tail(tiff.length)
  const added: Entry[] = iptc ? [{ tag: IPTC, type: 7, count: iptc.length, value: iptc }] : []
  if (source && sourceMain) {
    added.push(...sourceMain.entries.filter((e) => MAIN_TAGS.has(e.tag)).map((e) => entryOf(source, e)))
    for (const tag of [EXIF_IFD, GPS_IFD]) {
      const directory = subIfd(source, sourceMain, tag)
      if (directory) added.push({ tag, type: 4, count: 1, value: uint32(tail.directory(entriesOf(source, directory))) })
    }
  }
  const own = new Set(main.entries.map((e) => e.tag))
  const start = tail.directory([...main.entries.map((e) => entryOf(target, e)), ...added.filter((e) => !own.has(e.tag))])
  const out = new Uint8Array(tiff.length + tail.length)
  out.set(tiff)
  tail.writeTo(out)
  out.set(uint32(start), 4)
  return out
}

const entriesOf = (view: ExifView, ifd: Ifd) => ifd.entries.filter((e) => !LEFT_OUT.has(e.tag)).map((e) => entryOf(view, e))

function entryOf({ bytes, little }: ExifView, { tag, type, count, from, bytes: length }: ExifEntry): Entry {
  const value = bytes.slice(from, from + length)
  const unit = little ? 1 : (UNIT[type] ?? 1)
  for (let at = 0; unit > 1 && at + unit <= length; at += unit) value.subarray(at, at + unit).reverse()
  return { tag, type, count, value }
}

const uint32 = (x: number) => new Uint8Array(Uint32Array.of(x).buffer)

/** What is appended behind a file of `start` bytes. */
class Tail {
  private readonly parts: { readonly at: number; readonly bytes: Uint8Array }[] = []
  private readonly start: number
  private end: number

  constructor(start: number) {
    this.start = start
    this.end = start
  }

  get length(): number {
    return this.end - this.start
  }

  /** Appends a directory with its values and tells its offset. */
  directory(entries: readonly Entry[]): number {
    const sorted = entries.toSorted((a, b) => a.tag - b.tag)
    const bytes = new Uint8Array(2 + sorted.length * 12 + 4)
    const view = new DataView(bytes.buffer)
    view.setUint16(0, sorted.length, true)
    sorted.forEach(({ tag, type, count, value }, i) => {
      const at = 2 + i * 12
      view.setUint16(at, tag, true)
      view.setUint16(at + 2, type, true)
      view.setUint32(at + 4, count, true)
      if (value.length <= 4) bytes.set(value, at + 8)
      else view.setUint32(at + 8, this.append(value), true)
    })
    return this.append(bytes)
  }

  writeTo(out: Uint8Array): void {
    for (const { at, bytes } of this.parts) out.set(bytes, at)
  }

  /** Values and directories begin at even offsets, as TIFF 6.0 wants. */
  private append(bytes: Uint8Array): number {
    const at = this.end + (this.end % 2)
    this.parts.push({ at, bytes })
    this.end = at + bytes.length
    return at
  }
}
