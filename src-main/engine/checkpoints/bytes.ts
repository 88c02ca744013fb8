import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import { refuse } from './refuse.ts'

/** Random access to a file's or entry's bytes. Nothing is held that was not asked for. */
export interface Bytes {
  /** The file's name, for errors. */
  readonly where: string
  /** Bytes that are really there, not what a header claims. */
  readonly size: number
  /** A copy of `length` bytes from `offset`. Error: checkpoint.truncated when they are not all there; nothing is allocated then. */
  read(offset: number, length: number): Uint8Array<ArrayBuffer>
}

/** Throws checkpoint.truncated unless offset … offset + length lies inside. */
export function demand(bytes: Bytes, offset: number, length: number): void {
  const isInside =
    Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0 && offset + length <= bytes.size
  if (isInside) return
  throw refuse('checkpoint.truncated', bytes.where, `it speaks of ${length} bytes at ${offset}, but has ${bytes.size} bytes`)
}

/** An open file. Reading is synchronous: these files are read in the engine's own process, a tensor at a time. */
export class FileBytes implements Bytes {
  readonly where: string
  readonly size: number
  readonly #descriptor: number

  /** Errors: checkpoint.no-file, checkpoint.not-a-file. */
  constructor(file: string) {
    this.where = basename(file)
    try {
      this.#descriptor = openSync(file, 'r')
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException
      const what = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`
      throw refuse('checkpoint.no-file', this.where, what, 'Check its place and permissions.', cause)
    }
    const stat = fstatSync(this.#descriptor)
    if (!stat.isFile()) {
      closeSync(this.#descriptor)
      throw refuse('checkpoint.not-a-file', this.where, 'it is not a file', 'Choose a file.')
    }
    this.size = stat.size
  }

  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    demand(this, offset, length)
    const out = new Uint8Array(length)
    for (let done = 0; done < length;) {
      const count = readSync(this.#descriptor, out, done, length - done, offset + done)
      if (count === 0) throw refuse('checkpoint.truncated', this.where, 'it became shorter while it was read')
      done += count
    }
    return out
  }

  close(): void {
    closeSync(this.#descriptor)
  }
}

/** Bytes in memory. */
export class MemoryBytes implements Bytes {
  readonly where: string
  readonly size: number
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array, where: string) {
    this.#bytes = bytes
    this.where = where
    this.size = bytes.length
  }

  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    demand(this, offset, length)
    // Buffer's own slice would be a view.
    return Uint8Array.from(this.#bytes.subarray(offset, offset + length))
  }
}

/** A part of other bytes, as bytes of its own. Error: checkpoint.truncated. */
export function part(bytes: Bytes, offset: number, length: number): Bytes {
  demand(bytes, offset, length)
  return {
    where: bytes.where,
    size: length,
    read(from, count) {
      demand(this, from, count)
      return bytes.read(offset + from, count)
    },
  }
}
