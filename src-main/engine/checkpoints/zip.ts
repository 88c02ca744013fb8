import { crc32, inflateRawSync } from 'node:zlib'
import { MemoryBytes, part, type Bytes } from './bytes.ts'
import { doNotUse, refuse } from './refuse.ts'

/** A file in an archive. `open` checks its place and checksum, and inflates it where it is deflated. */
export interface ZipEntry {
  readonly name: string
  /** Bytes when unpacked, as the archive says; `open` never gives more. */
  readonly size: number
  readonly packed: number
  open(): Bytes
}

const endBytes = 22
const entryCap = 100_000
/** Weights shrink by a tenth, zeros without end: what grows more than this from a megabyte on is a bomb. */
const growthCap = 64
const growthFree = 1 << 20

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

interface Listed {
  readonly name: string
  readonly method: number
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly at: number
}

/**
 * The entries of a zip archive, by its central directory alone, with zip64. Strict, so that the archive has one reading only: names are plain relative
 * paths, entries neither overlap nor leave the file, nothing is encrypted, linked or split. Errors: zip.*.
 */
export function readZip(bytes: Bytes): ReadonlyMap<string, ZipEntry> {
  const directory = findDirectory(bytes)
  const records = readDirectory(bytes, directory)
  const inOrder = [...records].sort((a, b) => a.at - b.at)
  const entries = new Map<string, ZipEntry>()
  inOrder.forEach((record, i) => {
    const limit = inOrder[i + 1]?.at ?? directory.at
    // 30 bytes of header come before every name.
    if (record.at + 30 + record.packed > limit)
      throw refuse('zip.overlap', bytes.where, `its entry ${JSON.stringify(record.name)} reaches into what follows it`, doNotUse)
    entries.set(record.name, entryOf(bytes, record, limit))
  })
  return entries
}

/** Place, size and count of the central directory, from the record at the archive's end. */
function findDirectory(bytes: Bytes): { at: number; size: number; count: number } {
  const tail = Math.min(bytes.size, endBytes + 65_535)
  const end = view(bytes.read(bytes.size - tail, tail))
  let at = end.byteLength - endBytes
  while (at >= 0 && !(end.getUint32(at, true) === 0x06054b50 && at + endBytes + end.getUint16(at + 20, true) === end.byteLength)) at--
  if (at < 0) throw refuse('zip.no-directory', bytes.where, 'it begins like an archive but has no directory at its end: it was cut short')
  const where = bytes.size - tail + at
  const disks = end.getUint16(at + 4, true) + end.getUint16(at + 6, true)
  let found = { at: end.getUint32(at + 16, true), size: end.getUint32(at + 12, true), count: end.getUint16(at + 10, true) }
  let stop = where
  const locator = where >= 20 ? view(bytes.read(where - 20, 20)) : undefined
  if (locator?.getUint32(0, true) === 0x07064b50) {
    stop = big(bytes, locator, 8)
    const record = view(bytes.read(stop, 56))
    if (record.getUint32(0, true) !== 0x06064b50)
      throw refuse('zip.no-directory', bytes.where, 'its zip64 directory is not where it should be')
    found = { at: big(bytes, record, 48), size: big(bytes, record, 40), count: big(bytes, record, 32) }
  } else if (disks > 0) throw refuse('zip.split', bytes.where, 'it is one part of a split archive', 'Join the parts first.')
  if (found.count > entryCap) throw refuse('zip.too-many', bytes.where, `it claims ${found.count} entries`, doNotUse)
  if (found.at + found.size !== stop || found.count * 46 > found.size)
    throw refuse('zip.no-directory', bytes.where, 'its directory does not fill the place that it claims')
  return found
}

function readDirectory(bytes: Bytes, { at, size, count }: { at: number; size: number; count: number }): Listed[] {
  const raw = bytes.read(at, size)
  const data = view(raw)
  const records: Listed[] = []
  const seen = new Set<string>()
  let place = 0
  for (let i = 0; i < count; i++) {
    if (place + 46 > size || data.getUint32(place, true) !== 0x02014b50)
      throw refuse('zip.no-directory', bytes.where, `entry ${i} of its directory is none`)
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((o) => data.getUint16(place + o, true)) as [number, number, number]
    const next = place + 46 + nameLength + extraLength + commentLength
    if (next > size) throw refuse('zip.no-directory', bytes.where, `entry ${i} of its directory is cut short`)
    const name = nameOf(bytes, raw.subarray(place + 46, place + 46 + nameLength))
    if (seen.has(name)) throw refuse('zip.name-twice', bytes.where, `it holds ${JSON.stringify(name)} twice`, doNotUse)
    seen.add(name)
    const extra = view(raw.slice(place + 46 + nameLength, place + 46 + nameLength + extraLength))
    const record = wide(bytes, extra, {
      name,
      method: data.getUint16(place + 10, true),
      crc: data.getUint32(place + 16, true),
      packed: data.getUint32(place + 20, true),
      size: data.getUint32(place + 24, true),
      at: data.getUint32(place + 42, true),
    })
    check(bytes, record, data.getUint16(place + 8, true), data.getUint32(place + 38, true))
    records.push(record)
    place = next
  }
  if (place !== size) throw refuse('zip.no-directory', bytes.where, 'its directory goes on after its last entry')
  return records
}

function nameOf(bytes: Bytes, raw: Uint8Array): string {
  let name: string
  try {
    name = utf8.decode(raw)
  } catch (cause) {
    throw refuse('zip.bad-name', bytes.where, 'it holds a file whose name is not UTF-8', doNotUse, cause)
  }
  const parts = name.replace(/\/$/, '').split('/')
  const isPlain = name.length <= 1024 && !/[\p{Cc}\\:]/u.test(name) && parts.every((p) => p !== '' && p !== '.' && p !== '..')
  if (!isPlain)
    throw refuse(
      'zip.bad-name',
      bytes.where,
      `it holds a file named ${JSON.stringify(name.slice(0, 100))}, which is no plain path`,
      doNotUse,
    )
  return name
}

/** Sizes and place of more than 4 GB, from the zip64 field. */
function wide(bytes: Bytes, extra: DataView, record: Listed): Listed {
  const full = { ...record }
  for (let at = 0; at + 4 <= extra.byteLength;) {
    const [id, length] = [extra.getUint16(at, true), extra.getUint16(at + 2, true)]
    if (id === 1) {
      let next = at + 4
      for (const key of ['size', 'packed', 'at'] as const) {
        if (record[key] !== 0xffffffff || next + 8 > Math.min(at + 4 + length, extra.byteLength)) continue
        full[key] = big(bytes, extra, next)
        next += 8
      }
    }
    at += 4 + length
  }
  return full
}

function check(bytes: Bytes, record: Listed, flags: number, attributes: number): void {
  const shown = JSON.stringify(record.name)
  if (flags & 0x41) throw refuse('zip.encrypted', bytes.where, `its entry ${shown} is encrypted`, 'Unpack it with its password first.')
  // The upper half is Unix' mode; 0o12 is a link.
  if (attributes >>> 28 === 0o12) throw refuse('zip.link', bytes.where, `its entry ${shown} is a link`, doNotUse)
  if (record.method !== 0 && record.method !== 8)
    throw refuse('zip.method', bytes.where, `its entry ${shown} is packed by method ${record.method}`, 'Pack it again with plain zip.')
  if (record.method === 0 && record.packed !== record.size)
    throw refuse('zip.bad-size', bytes.where, `its entry ${shown} claims two different sizes`)
  if (record.size > growthFree && record.size > growthCap * record.packed)
    throw refuse('zip.bomb', bytes.where, `its entry ${shown} would grow from ${record.packed} to ${record.size} bytes`, doNotUse)
}

function entryOf(bytes: Bytes, record: Listed, limit: number): ZipEntry {
  let isChecked = false
  // Tensors that share a storage come one after the other; it is not unpacked for each.
  let unpacked: WeakRef<Bytes> | undefined
  return {
    name: record.name,
    size: record.size,
    packed: record.packed,
    open() {
      const packed = part(bytes, dataPlace(bytes, record, limit), record.packed)
      const opened = record.method === 0 ? packed : (unpacked?.deref() ?? inflated(packed, record))
      if (!isChecked && checksum(opened) !== record.crc)
        throw refuse('zip.damaged', bytes.where, `its entry ${JSON.stringify(record.name)} does not have the checksum that it should have`)
      isChecked = true
      if (record.method !== 0) unpacked = new WeakRef(opened)
      return opened
    },
  }
}

/** Where an entry's bytes begin, behind its own header, which must say what the directory says. */
function dataPlace(bytes: Bytes, { name, at, packed }: Listed, limit: number): number {
  const header = view(bytes.read(at, 30))
  const nameLength = header.getUint16(26, true)
  const place = at + 30 + nameLength + header.getUint16(28, true)
  const isSame = header.getUint32(0, true) === 0x04034b50 && Buffer.from(bytes.read(at + 30, nameLength)).equals(Buffer.from(name))
  if (!isSame || place + packed > limit)
    throw refuse('zip.bad-entry', bytes.where, `its entry ${JSON.stringify(name)} is not where its directory says`, doNotUse)
  return place
}

function inflated(packed: Bytes, { name, size }: Listed): Bytes {
  let out: Buffer | undefined
  try {
    out = inflateRawSync(packed.read(0, packed.size), { maxOutputLength: Math.max(1, size) })
  } catch (cause) {
    throw refuse(
      'zip.bad-deflate',
      packed.where,
      `its entry ${JSON.stringify(name)} cannot be unpacked, or is larger than it claims`,
      undefined,
      cause,
    )
  }
  if (out.length !== size) throw refuse('zip.bad-size', packed.where, `its entry ${JSON.stringify(name)} is smaller than it claims`)
  return new MemoryBytes(out, packed.where)
}

function checksum(bytes: Bytes): number {
  const step = 1 << 20
  let crc = 0
  for (let at = 0; at < bytes.size; at += step) crc = crc32(bytes.read(at, Math.min(step, bytes.size - at)), crc)
  return crc
}

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function big(bytes: Bytes, data: DataView, at: number): number {
  const value = data.getBigUint64(at, true)
  if (value > BigInt(bytes.size) * BigInt(growthCap) + BigInt(growthFree))
    throw refuse('zip.bad-size', bytes.where, `it speaks of ${value} bytes, but has ${bytes.size}`, doNotUse)
  return Number(value)
}
