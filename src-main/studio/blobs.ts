import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { link, mkdir, open, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Blob } from '../contract/calls.ts'
import { StudioError } from '../contract/errors.ts'
import { blobType } from './blob-type.ts'
import { syncFile, writeAtomic } from './files.ts'

/** What may stay on disk between two starts, and what one upload may bring, in bytes. */
export const BLOB_LIMIT = 2_000_000_000
export const UPLOAD_LIMIT = 500_000_000

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/**
 * Pixels and files that both processes and the page name by their sha256. A blob is on disk before anybody hears its name, so it outlives
 * every process; writing the same bytes again only marks them as used.
 */
export class BlobStore {
  readonly folder: string
  private readonly kept: string | undefined

  /** @param folder of the cache @param kept a folder whose blobs are never cleaned away: what documents need */
  constructor(folder: string, kept?: string) {
    this.folder = folder
    this.kept = kept
  }

  async put(bytes: Uint8Array): Promise<Blob> {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const blob = { sha256, type: blobType(bytes.subarray(0, 32)), bytes: bytes.byteLength }
    if (await this.touch(sha256)) return blob
    const temporary = await this.temporary()
    await writeFile(temporary, bytes)
    await this.place(temporary, sha256)
    return blob
  }

  /** Writes an upload as it comes. Error 'blob.too-large' past `limitBytes`; what was written by then is removed. */
  async putStream(chunks: AsyncIterable<Uint8Array>, limitBytes: number): Promise<Blob> {
    const temporary = await this.temporary()
    const file = await open(temporary, 'w')
    const hash = createHash('sha256')
    let head = new Uint8Array(0)
    let bytes = 0
    try {
      for await (const chunk of chunks) {
        bytes += chunk.byteLength
        if (bytes > limitBytes) throw tooLarge(limitBytes)
        if (head.length < 32) head = new Uint8Array([...head, ...chunk.subarray(0, 32)])
        hash.update(chunk)
        await file.write(chunk)
      }
    } catch (thrown) {
      await file.close()
      await rm(temporary, { force: true })
      throw thrown
    }
    await file.close()
    const sha256 = hash.digest('hex')
    await this.place(temporary, sha256)
    return { sha256, type: blobType(head), bytes }
  }

  /** The whole blob, its hash checked. Errors 'blob.missing', 'blob.damaged'. */
  async read(sha256: string): Promise<Uint8Array> {
    let isDamaged = false
    for (const path of this.paths(sha256)) {
      const bytes = await readFile(path).catch(() => undefined)
      if (bytes === undefined) continue
      if (createHash('sha256').update(bytes).digest('hex') === sha256) {
        await this.touch(sha256)
        return bytes
      }
      isDamaged = true
      await rm(path, { force: true })
    }
    if (isDamaged) {
      throw new StudioError('blob.damaged', {
        where: sha256.slice(0, 12),
        what: 'the cached file was changed',
        todo: 'Open the photo again.',
      })
    }
    throw missing(sha256)
  }

  /** For serving: the type that the bytes tell, the size, and a stream. Undefined when there is no such blob. */
  async serve(sha256: string): Promise<{ type: string; bytes: number; stream: () => NodeJS.ReadableStream } | undefined> {
    if (!isSha256(sha256)) return undefined
    const path = await this.find(sha256)
    const file = path === undefined ? undefined : await open(path).catch(() => undefined)
    if (path === undefined || file === undefined) return undefined
    try {
      const head = new Uint8Array(32)
      const { bytesRead } = await file.read(head, 0, 32, 0)
      const { size } = await file.stat()
      return { type: blobType(head.subarray(0, bytesRead)), bytes: size, stream: () => createReadStream(path) }
    } finally {
      await file.close()
    }
  }

  /** Removes the blobs that were not used for the longest time until `limitBytes` are kept, and what crashed writers left. For the start of a host. */
  async clean(limitBytes: number): Promise<void> {
    const found: { path: string; bytes: number; used: number }[] = []
    for (const { path, name, bytes, used } of await filesIn(this.folder)) {
      if (isSha256(name)) found.push({ path, bytes, used })
      else if (Date.now() - used > HOUR_MS) await rm(path, { force: true })
    }
    let kept = 0
    for (const { path, bytes } of found.sort((a, b) => b.used - a.used)) {
      kept += bytes
      if (kept > limitBytes) await rm(path, { force: true })
    }
  }

  /** Where a blob's file lies now. */
  async find(sha256: string): Promise<string | undefined> {
    if (!isSha256(sha256)) return undefined
    for (const path of this.paths(sha256)) if (await isFile(path)) return path
    return undefined
  }

  /** Keeps a blob until `keepOnly` is told otherwise. @returns whether there is such a blob */
  async keep(sha256: string): Promise<boolean> {
    if (this.kept === undefined || !isSha256(sha256)) return false
    const target = join(this.kept, sha256.slice(0, 2), sha256)
    if (await isFile(target)) return true
    const source = await this.find(sha256)
    if (source === undefined) return false
    await mkdir(dirname(target), { recursive: true })
    await this.touch(sha256)
    // One file under two names, where both folders lie on one disk.
    await link(source, target).catch(async (thrown: NodeJS.ErrnoException) => {
      if (thrown.code !== 'EEXIST') await writeAtomic(target, await readFile(source))
    })
    await syncFile(target)
    return true
  }

  /** Removes kept blobs that nothing names any more. Those of the last day stay: another program may be about to name them. */
  async keepOnly(isNeeded: (sha256: string) => boolean): Promise<void> {
    if (this.kept === undefined) return
    for (const { path, name, used } of await filesIn(this.kept)) {
      if (isSha256(name) && !isNeeded(name) && Date.now() - used > DAY_MS) await rm(path, { force: true })
    }
  }

  /** Removes a blob that nobody will ask for again. */
  async forget(sha256: string): Promise<void> {
    await rm(this.path(sha256), { force: true })
  }

  private path(sha256: string): string {
    if (!isSha256(sha256)) throw missing(sha256)
    return join(this.folder, sha256.slice(0, 2), sha256)
  }

  private paths(sha256: string): string[] {
    const cached = this.path(sha256)
    return this.kept === undefined ? [cached] : [cached, join(this.kept, sha256.slice(0, 2), sha256)]
  }

  private async touch(sha256: string): Promise<boolean> {
    const now = new Date()
    let isThere = false
    for (const path of this.paths(sha256))
      isThere =
        (await utimes(path, now, now).then(
          () => true,
          () => false,
        )) || isThere
    return isThere
  }

  private async temporary(): Promise<string> {
    await mkdir(this.folder, { recursive: true })
    return join(this.folder, `${randomUUID()}.part`)
  }

  private async place(temporary: string, sha256: string): Promise<void> {
    await mkdir(join(this.folder, sha256.slice(0, 2)), { recursive: true })
    await rename(temporary, this.path(sha256))
  }
}

const isFile = (path: string) =>
  stat(path).then(
    (info) => info.isFile(),
    () => false,
  )

async function filesIn(folder: string): Promise<{ path: string; name: string; bytes: number; used: number }[]> {
  const found = []
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const info = await stat(path).catch(() => undefined)
    if (info !== undefined) found.push({ path, name: entry.name, bytes: info.size, used: info.mtimeMs })
  }
  return found
}

const isSha256 = (name: string) => /^[0-9a-f]{64}$/.test(name)

const missing = (name: string) =>
  new StudioError('blob.missing', { where: name.slice(0, 12), what: 'it is no longer in the cache', todo: 'Open the photo again.' })

const tooLarge = (limitBytes: number) =>
  new StudioError('blob.too-large', {
    where: 'The file',
    what: `it is larger than ${Math.round(limitBytes / 1e6)} MB`,
    todo: 'Choose a smaller file.',
  })
