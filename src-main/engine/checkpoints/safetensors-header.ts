import { StudioError } from '../../contract/errors.ts'
import type { DType } from '../onnx/tensor.ts'

/** The number types that a reader accepts, by the format's name; others are refused by name. */
export type DTypes<D extends string> = Readonly<Record<string, { readonly dtype: D; readonly bytes: number }>>

/** The format's dtypes that the engine computes with. */
const engineDTypes: DTypes<DType> = {
  F32: { dtype: 'float32', bytes: 4 },
  F16: { dtype: 'float16', bytes: 2 },
  I64: { dtype: 'int64', bytes: 8 },
  I32: { dtype: 'int32', bytes: 4 },
  U8: { dtype: 'uint8', bytes: 1 },
  BOOL: { dtype: 'bool', bytes: 1 },
}

/** Same limit as the reference implementation: a header of 100 MB names about a million tensors. */
export const headerCap = 100_000_000

export interface TensorInfo<D extends string = DType> {
  readonly dtype: D
  readonly shape: readonly number[]
  /** Bytes from the start of the file. */
  readonly offset: number
  /** Bytes. */
  readonly length: number
}

export interface SafetensorsHeader<D extends string = DType> {
  readonly tensors: ReadonlyMap<string, TensorInfo<D>>
  readonly metadata: Readonly<Record<string, string>>
}

const again = 'Get the file again from where it came from; if it was made here, make it again.'

/** A refusal of a safetensors file; `reason` ends its code, `what` carries the number that is wrong. */
export function refuse(reason: string, where: string, what: string, todo = again): StudioError {
  return new StudioError(`safetensors.${reason}`, { where, what, todo })
}

/**
 * Length in bytes of the JSON header, from the file's first eight bytes (little endian), checked before anything is allocated.
 * `fileBytes` is the true size of the file.
 * Errors: safetensors.too-short, safetensors.header-too-large, safetensors.header-past-end.
 */
export function headerLength(first: Uint8Array, fileBytes: number, where: string): number {
  if (fileBytes < 8 || first.length < 8) throw refuse('too-short', where, `it has ${fileBytes} bytes, a safetensors file has at least 8`)
  const claimed = new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true)
  if (claimed > BigInt(headerCap))
    throw refuse(
      'header-too-large',
      where,
      `its header claims ${claimed} bytes, the limit is ${headerCap}`,
      'This is no safetensors file, or it was damaged. ' + again,
    )
  const length = Number(claimed)
  if (8 + length > fileBytes)
    throw refuse('header-past-end', where, `its header claims ${length} bytes, but the file ends after ${fileBytes - 8}`)
  return length
}

/**
 * The tensors that a header describes. Demands that they are contiguous and cover the file exactly: no hole, no overlap, no tail,
 * so a file has one reading only and cannot also be something else.
 *
 * `header` is the JSON text without its length; `fileBytes` the true size of the file; `dtypes` those that the caller can use.
 * Errors: safetensors.header-not-json, .duplicate-name, .bad-entry, .unknown-dtype, .bad-shape, .length-mismatch, .overlap, .hole,
 * .truncated, .trailing-bytes.
 */
export function parseHeader(header: Uint8Array, fileBytes: number, where: string): SafetensorsHeader
export function parseHeader<D extends string>(header: Uint8Array, fileBytes: number, where: string, dtypes: DTypes<D>): SafetensorsHeader<D>
export function parseHeader(
  header: Uint8Array,
  fileBytes: number,
  where: string,
  dtypes: DTypes<string> = engineDTypes,
): SafetensorsHeader<string> {
  const entries = Object.entries(parseJson(header, where))
  const dataStart = 8 + header.length
  const tensors = new Map<string, TensorInfo<string>>()
  let metadata: Record<string, string> = {}
  for (const [name, entry] of entries) {
    if (name === '__metadata__') metadata = parseMetadata(entry, where)
    else tensors.set(name, parseEntry(name, entry, dataStart, where, dtypes))
  }
  checkCover(tensors, dataStart, fileBytes, where)
  return { tensors, metadata }
}

function parseJson(header: Uint8Array, where: string): object {
  let parsed: unknown
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header)
    parsed = JSON.parse(text)
  } catch {
    throw refuse('header-not-json', where, 'its header is not JSON')
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw refuse('header-not-json', where, 'its header is not a JSON object')
  const twice = repeatedKey(text)
  if (twice !== undefined) throw refuse('duplicate-name', where, `its header names "${twice}" twice`)
  return parsed
}

/** First key that occurs twice in one object of a valid JSON text; JSON.parse would silently keep the last. */
function repeatedKey(text: string): string | undefined {
  const open: Set<string>[] = []
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/g)) {
    if (token === '{') open.push(new Set())
    else if (token === '}') open.pop()
    else if (token.endsWith(':')) {
      const key = JSON.parse(token.slice(0, token.lastIndexOf('"') + 1)) as string
      const seen = open.at(-1)
      if (seen?.has(key)) return key
      seen?.add(key)
    }
  }
  return undefined
}

function parseMetadata(entry: unknown, where: string): Record<string, string> {
  if (typeof entry !== 'object' || entry === null || !Object.values(entry).every((value) => typeof value === 'string'))
    throw refuse('bad-entry', where, 'its "__metadata__" is not a list of texts')
  return entry as Record<string, string>
}

function parseEntry(name: string, entry: unknown, dataStart: number, where: string, dtypes: DTypes<string>): TensorInfo<string> {
  if (typeof entry !== 'object' || entry === null) throw refuse('bad-entry', where, `the entry of "${name}" is not an object`)
  const { dtype, shape, data_offsets: offsets, ...rest } = entry as Record<string, unknown>
  const surplus = Object.keys(rest)[0]
  if (surplus !== undefined) throw refuse('bad-entry', where, `the entry of "${name}" has an unknown field "${surplus}"`)
  if (typeof dtype !== 'string') throw refuse('bad-entry', where, `the entry of "${name}" has no dtype`)
  const known = Object.hasOwn(dtypes, dtype) ? dtypes[dtype] : undefined
  if (!known)
    throw refuse(
      'unknown-dtype',
      where,
      `"${name}" has the number type ${dtype}`,
      `Convert it to one of ${Object.keys(dtypes).join(', ')}.`,
    )
  if (!Array.isArray(shape) || !shape.every(isCount)) throw refuse('bad-shape', where, `the shape of "${name}" is ${JSON.stringify(shape)}`)
  // Multiplication in doubles is exact below 2^53 and monotone above, so an overflow cannot come back as a small number.
  const bytes = shape.reduce((product, size) => product * size, known.bytes)
  if (!Number.isSafeInteger(bytes))
    throw refuse('bad-shape', where, `the shape of "${name}", ${JSON.stringify(shape)}, is larger than any file`)
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    throw refuse('bad-entry', where, `the data_offsets of "${name}" are ${JSON.stringify(offsets)}`)
  const [from, to] = offsets as [number, number]
  if (to - from !== bytes)
    throw refuse('length-mismatch', where, `"${name}" claims ${to - from} bytes, its shape ${JSON.stringify(shape)} needs ${bytes}`)
  return { dtype: known.dtype, shape, offset: dataStart + from, length: bytes }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

function checkCover(tensors: ReadonlyMap<string, TensorInfo<string>>, dataStart: number, fileBytes: number, where: string): void {
  const inOrder = [...tensors].sort(([, a], [, b]) => a.offset - b.offset || a.length - b.length)
  let end = dataStart
  for (const [name, { offset, length }] of inOrder) {
    if (offset < end) throw refuse('overlap', where, `"${name}" overlaps the tensor before it by ${end - offset} bytes`)
    if (offset > end) throw refuse('hole', where, `${offset - end} bytes before "${name}" belong to no tensor`)
    end = offset + length
  }
  if (end > fileBytes) throw refuse('truncated', where, `it ends after ${fileBytes} of ${end} bytes`)
  if (end < fileBytes) throw refuse('trailing-bytes', where, `${fileBytes - end} bytes at its end belong to no tensor`)
}
