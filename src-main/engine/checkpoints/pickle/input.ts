import type { Bytes } from '../bytes.ts'
import { refuse } from '../refuse.ts'
import { Blob } from './values.ts'

const windowBytes = 1 << 16
/** Longest text or number in words; the longest texts in published files are sources of 30 kB. */
const textCap = 1 << 24
const lineCap = 1 << 16

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
// Not TextDecoder's latin1, which is Windows' code page 1252.
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

/** A pickle's bytes, read forwards through a window, so that large byte strings are stepped over and stay in the file. */
export class PickleInput {
  readonly source: Bytes
  at: number
  #window: Uint8Array = new Uint8Array(0)
  #start = 0

  constructor(source: Bytes, at = 0) {
    this.source = source
    this.at = at
  }

  byte(): number {
    let index = this.at - this.#start
    if (index >= this.#window.length || index < 0) {
      this.#need(1)
      index = this.at - this.#start
    }
    this.at++
    return this.#window[index]!
  }

  uint(bytes: 1 | 2 | 4): number {
    let value = 0
    for (let i = 0; i < bytes; i++) value += this.byte() * 2 ** (8 * i)
    return value
  }

  int32(): number {
    return this.uint(4) | 0
  }

  /** A length of eight bytes, refused where it exceeds the file. */
  length64(): number {
    const low = this.uint(4)
    const length = this.uint(4) * 2 ** 32 + low
    this.checkLength(length)
    return length
  }

  float64(): number {
    return new DataView(this.#copy(8).buffer).getFloat64(0)
  }

  /** Little-endian two's complement. */
  long(length: number): number | bigint {
    if (length > 256) throw refuse('pickle.huge-number', this.source.where, `it holds an integer of ${length} bytes`)
    let value = 0n
    const bytes = this.#copy(length)
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!)
    if (length > 0 && bytes[length - 1]! >= 128) value -= 1n << BigInt(8 * length)
    return narrow(value)
  }

  text(length: number): string {
    if (length > textCap) throw refuse('pickle.huge-text', this.source.where, `it holds a text of ${length} bytes`)
    const bytes = this.#copy(length)
    try {
      return utf8.decode(bytes)
    } catch (cause) {
      // Python writes lone surrogates, which are no UTF-8.
      throw refuse('pickle.not-text', this.source.where, `the text at byte ${this.at - length} is not UTF-8`, undefined, cause)
    }
  }

  /** Byte strings of Python 2: texts there. */
  latin1(length: number): string {
    if (length > textCap) throw refuse('pickle.huge-text', this.source.where, `it holds a text of ${length} bytes`)
    return latin1(this.#copy(length))
  }

  blob(length: number): Blob {
    this.checkLength(length)
    const blob = new Blob(this.source, this.at, length)
    this.at += length
    return blob
  }

  line(): string {
    const bytes: number[] = []
    for (let byte = this.byte(); byte !== 10; byte = this.byte()) {
      if (bytes.push(byte) > lineCap) throw refuse('pickle.huge-text', this.source.where, `it holds a line of more than ${lineCap} bytes`)
    }
    if (bytes.at(-1) === 13) bytes.pop()
    return latin1(Uint8Array.from(bytes))
  }

  checkLength(length: number): void {
    if (length <= this.source.size - this.at) return
    throw refuse(
      'pickle.truncated',
      this.source.where,
      `at byte ${this.at} it announces ${length} bytes, ${this.source.size - this.at} are left`,
    )
  }

  #copy(length: number): Uint8Array<ArrayBuffer> {
    this.checkLength(length)
    const index = this.at - this.#start
    const isInWindow = index >= 0 && index + length <= this.#window.length
    const bytes = isInWindow ? this.#window.slice(index, index + length) : this.source.read(this.at, length)
    this.at += length
    return bytes
  }

  #need(length: number): void {
    if (this.source.size - this.at < length)
      throw refuse('pickle.truncated', this.source.where, `it ends in the middle, at byte ${this.at}`)
    this.#start = this.at
    this.#window = this.source.read(this.at, Math.min(windowBytes, this.source.size - this.at))
  }
}

/** A number where that is exact, a bigint otherwise. */
export const narrow = (value: bigint): number | bigint => {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
