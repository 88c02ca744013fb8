/** IPTC-IIM (IPTC-NAA Information Interchange Model 4.2): captions, credits and places, in JPEG inside Photoshop's resource blocks (APP13), in TIFF alone. */

const PHOTOSHOP = 'Photoshop 3.0\0'
const IIM_RESOURCE = 0x0404
/** Record 2: content location code and name, city, sublocation, province, country code and name. */
const LOCATION = new Set([26, 27, 90, 92, 95, 100, 101])
const APPLICATION_RECORD = 2

/**
 * The datasets that go along with an export: all of them, or all but the place. Photoshop's other resources stay behind, among them a thumbnail
 * of the unedited picture. Undefined where nothing is left or the block cannot be understood.
 */
export function iptcForExport(block: Uint8Array, keepLocation: boolean): Uint8Array | undefined {
  const iim = iimOf(block)
  const kept =
    iim && datasets(iim)?.filter(({ record, dataset }) => keepLocation || record !== APPLICATION_RECORD || !LOCATION.has(dataset))
  return kept === undefined || kept.length === 0 ? undefined : new Uint8Array(Buffer.concat(kept.map(({ bytes }) => bytes)))
}

/** Datasets as the payload of a JPEG's APP13 segment. */
export function photoshopBlock(iim: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat([Buffer.from(PHOTOSHOP, 'latin1'), imageResource(IIM_RESOURCE, iim)]))
}

/** One of Photoshop's image resources: signature, number, empty name, length, data, padded to an even length. */
export function imageResource(number: number, data: Uint8Array): Uint8Array {
  const head = Buffer.alloc(12)
  head.write('8BIM', 0, 'latin1')
  head.writeUInt16BE(number, 4)
  head.writeUInt32BE(data.length, 8)
  return new Uint8Array(Buffer.concat([head, data, Buffer.alloc(data.length % 2)]))
}

/** Puts a segment into a JPEG, behind those that begin it (APP0, APP1, APP2). Returns it as it is where it is no JPEG or the segment too long. */
export function addJpegSegment(jpeg: Uint8Array, marker: number, payload: Uint8Array): Uint8Array {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8 || payload.length > 65_533) return jpeg
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength)
  let at = 2
  while (at + 4 < jpeg.length && jpeg[at] === 0xff && jpeg[at + 1]! >= 0xe0 && jpeg[at + 1]! <= 0xe2) at += 2 + view.getUint16(at + 2)
  const head = Uint8Array.of(0xff, marker, (payload.length + 2) >> 8, (payload.length + 2) & 0xff)
  return new Uint8Array(Buffer.concat([jpeg.subarray(0, at), head, payload, jpeg.subarray(at)]))
}

function iimOf(block: Uint8Array): Uint8Array | undefined {
  if (block[0] === 0x1c) return block
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength)
  let at = bytes.toString('latin1', 0, PHOTOSHOP.length) === PHOTOSHOP ? PHOTOSHOP.length : 0
  while (at + 12 <= bytes.length && bytes.toString('latin1', at, at + 4) === '8BIM') {
    const number = bytes.readUInt16BE(at + 4)
    // The name is a Pascal string, padded to an even length with its count.
    const lengthAt = at + 6 + ((bytes[at + 6]! + 2) & ~1)
    if (lengthAt + 4 > bytes.length) return undefined
    const length = bytes.readUInt32BE(lengthAt)
    const from = lengthAt + 4
    if (from + length > bytes.length) return undefined
    if (number === IIM_RESOURCE) return bytes.subarray(from, from + length)
    at = from + length + (length % 2)
  }
  return undefined
}

interface Dataset {
  readonly record: number
  readonly dataset: number
  /** With its header. */
  readonly bytes: Uint8Array
}

/** Undefined where a length reaches beyond the block: nothing is better than a place that was cut out by half. */
function datasets(iim: Uint8Array): Dataset[] | undefined {
  const found: Dataset[] = []
  let at = 0
  while (at + 5 <= iim.length && iim[at] === 0x1c) {
    let length = (iim[at + 3]! << 8) | iim[at + 4]!
    let from = at + 5
    if (length & 0x8000) {
      const lengthBytes = length & 0x7fff
      if (lengthBytes > 4 || from + lengthBytes > iim.length) return undefined
      length = iim.subarray(from, from + lengthBytes).reduce((sum, byte) => sum * 256 + byte, 0)
      from += lengthBytes
    }
    if (from + length > iim.length) return undefined
    found.push({ record: iim[at + 1]!, dataset: iim[at + 2]!, bytes: iim.subarray(at, from + length) })
    at = from + length
  }
  return found
}
