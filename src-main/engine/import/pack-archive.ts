import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { basename, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { Cancelled, StudioError } from '../../contract/errors.ts'
import { FileBytes, type Bytes } from '../checkpoints/bytes.ts'
import { readZip, type ZipEntry } from '../checkpoints/zip.ts'
import { parseManifest, type PackManifest } from '../packs/manifest.ts'
import { openPack } from '../packs/pack.ts'
import { writePack, type FileSource } from '../packs/write.ts'
import { zipDirectory, zipHeader, type ZipPlace } from './zip-layout.ts'

export interface ArchiveOptions {
  readonly signal?: AbortSignal
  /** Bytes. */
  readonly progress?: (step: number, of: number) => void
}

const step = 1 << 20
const manifestCap = 4_000_000

/**
 * Writes a pack as one `.stylebridge-pack` file: a zip without compression (weights do not shrink), pack.json first. The pack is verified before; the same
 * pack gives the same bytes; a reader sees the whole file or none. Errors: those of `openPack`, Cancelled.
 */
export async function exportPack(folder: string, file: string, options: ArchiveOptions = {}): Promise<{ bytes: number }> {
  const { manifest } = await openPack(folder)
  const names = ['pack.json', ...manifest.files.map(({ path }) => path)]
  const temporary = `${file}.${process.pid}.part`
  const out = await open(temporary, 'w')
  const sources = names.map((name) => new FileBytes(join(folder, ...name.split('/'))))
  try {
    const of = sources.reduce((sum, { size }) => sum + size, 0)
    const places: ZipPlace[] = []
    let [at, done] = [0, 0]
    for (const [i, source] of sources.entries()) {
      const place = { name: names[i]!, size: source.size, crc: checksum(source), at }
      places.push(place)
      at += await writeAll(out, zipHeader(place))
      for (const part of parts(source)) {
        if (options.signal?.aborted) throw new Cancelled()
        at += await writeAll(out, part)
        options.progress?.((done += part.length), of)
      }
    }
    const end = zipDirectory(places, at)
    await writeAll(out, end)
    await out.sync()
    await out.close()
    await rename(temporary, file)
    return { bytes: at + end.length }
  } catch (error) {
    await out.close().catch(() => undefined)
    await rm(temporary, { force: true })
    throw error
  } finally {
    sources.forEach((source) => source.close())
  }
}

/** True if a file is a zip archive with a pack.json at its root. Errors: none, whatever the file is. */
export function isPackArchive(file: string): boolean {
  let bytes: FileBytes | undefined
  try {
    bytes = new FileBytes(file)
    return Buffer.from(bytes.read(0, 4)).toString('latin1') === 'PK\x03\x04' && readZip(bytes).has('pack.json')
  } catch {
    return false
  } finally {
    bytes?.close()
  }
}

/**
 * Unpacks a `.stylebridge-pack` into `folder`. Every file is checked against its sha256 before anything is written, and nothing but what pack.json lists is
 * taken. Errors: zip.*, pack.*, pack.wrong-hash, pack.missing-file, Cancelled.
 */
export async function unpackPack(file: string, folder: string, options: ArchiveOptions = {}): Promise<PackManifest> {
  const bytes = new FileBytes(file)
  try {
    const entries = readZip(bytes)
    const where = basename(file)
    const { files, ...draft } = readManifest(entries, where)
    const of = 2 * files.reduce((sum, listed) => sum + listed.bytes, 0)
    let done = 0
    const tell = (count: number) => {
      if (options.signal?.aborted) throw new Cancelled()
      options.progress?.((done += count), of)
    }
    const sources: Record<string, FileSource> = {}
    for (const { path, sha256, bytes: size } of files) {
      const opened = entryOf(entries, path, size, where).open()
      const hash = createHash('sha256')
      for (const part of parts(opened)) {
        hash.update(part)
        tell(part.length)
      }
      if (hash.digest('hex') !== sha256)
        throw damaged('pack.wrong-hash', where, `its file "${path}" is not the one that the pack was made with`)
      sources[path] = { write: (to) => copy(opened, to, tell) }
    }
    return await writePack(folder, draft, sources)
  } finally {
    bytes.close()
  }
}

function readManifest(entries: ReadonlyMap<string, ZipEntry>, where: string): PackManifest {
  const entry = entries.get('pack.json')
  if (!entry || entry.size > manifestCap) throw damaged('pack.no-pack', where, 'there is no pack.json in it')
  const opened = entry.open()
  return parseManifest(Buffer.from(opened.read(0, opened.size)).toString('utf8'), where)
}

function entryOf(entries: ReadonlyMap<string, ZipEntry>, path: string, size: number, where: string): ZipEntry {
  const entry = entries.get(path)
  if (!entry) throw damaged('pack.missing-file', where, `its file "${path}" is missing`)
  if (entry.size !== size) throw damaged('pack.wrong-size', where, `its file "${path}" has ${entry.size} bytes instead of ${size}`)
  return entry
}

const damaged = (code: string, where: string, what: string) =>
  new StudioError(code, { where, what, todo: 'It was damaged or changed: get the pack again.' })

function* parts(bytes: Bytes): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < bytes.size; at += step) yield bytes.read(at, Math.min(step, bytes.size - at))
}

function checksum(bytes: Bytes): number {
  let crc = 0
  for (const part of parts(bytes)) crc = crc32(part, crc)
  return crc
}

async function copy(from: Bytes, to: string, tell: (count: number) => void): Promise<void> {
  const out = await open(to, 'w')
  try {
    for (const part of parts(from)) {
      await writeAll(out, part)
      tell(part.length)
    }
    await out.sync()
  } finally {
    await out.close()
  }
}

async function writeAll(out: FileHandle, bytes: Uint8Array): Promise<number> {
  for (let done = 0; done < bytes.length;) done += (await out.write(bytes, done)).bytesWritten
  return bytes.length
}
