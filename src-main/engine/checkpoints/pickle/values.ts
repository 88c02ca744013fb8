import type { Bytes } from '../bytes.ts'
import type { ForeignTensor, Storage } from '../tensors.ts'

/**
 * What a pickle can become here: plain data and nothing else. Lists are arrays, tuples frozen arrays, dictionaries maps, sets sets. A file may make
 * them circular or share them, so whoever walks them keeps a set of what was seen and a limit of depth.
 */
export type Plain =
  | null
  | boolean
  | number
  | bigint
  | string
  | Blob
  | Instance
  | Global
  | NumpyType
  | ForeignTensor
  | StorageValue
  | readonly Plain[]
  | Plain[]
  | Dictionary
  | Set<Plain>

export type Dictionary = Map<Plain, Plain>

/** Bytes that stay in the file until they are asked for. */
export class Blob {
  readonly source: Bytes
  readonly offset: number
  readonly length: number
  constructor(source: Bytes, offset: number, length: number) {
    this.source = source
    this.offset = offset
    this.length = length
  }
  bytes(): Uint8Array<ArrayBuffer> {
    return this.source.read(this.offset, this.length)
  }
}

/** An object of a listed class: its name and its state, never its code. */
export class Instance {
  readonly className: string
  readonly args: readonly Plain[]
  state: Plain = null
  constructor(className: string, args: readonly Plain[] = []) {
    this.className = className
    this.args = args
  }
}

/** A listed name, e.g. "collections.OrderedDict", and what may be done with it. */
export class Global {
  readonly name: string
  readonly rule: Rule
  constructor(name: string, rule: Rule) {
    this.name = name
    this.rule = rule
  }
}

/** What calling a listed name builds; absent where it only stands for itself (a type, a number format). */
export interface Rule {
  readonly call?: (args: readonly Plain[], context: Context) => Plain
}

export interface Context {
  /** The file's name, for errors. */
  readonly where: string
  /** How many pickles lie around this one. */
  readonly depth: number
  /** Accounts for copies of what the file holds once, so that repeating a copy cannot fill the memory. Error: pickle.bomb. */
  readonly spend: (items: number) => void
}

/** numpy's number format: kind and size ('f4'), byte order. */
export class NumpyType {
  readonly code: string
  isBigEndian = false
  constructor(code: string) {
    this.code = code
  }
}

/** A torch storage that stands by itself. */
export class StorageValue {
  readonly storage: Storage
  constructor(storage: Storage) {
    this.storage = storage
  }
}

export const tuple = (items: Plain[]): readonly Plain[] => Object.freeze(items)

/** The value of a text key in a dictionary, or in the dictionary that is an instance's state. */
export function field(value: Plain | undefined, key: string): Plain | undefined {
  if (value instanceof Map) return value.get(key)
  return value instanceof Instance && value.state instanceof Map ? value.state.get(key) : undefined
}
