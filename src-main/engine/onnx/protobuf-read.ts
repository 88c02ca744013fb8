import { StudioError } from '../../contract/errors.ts'

/** One field of a message: integers as bigint, fixed-width numbers and nested messages as their bytes (views, never copies). */
export type Field = readonly [number: number, value: bigint | Uint8Array]

const damaged = (code: string, at: number, what: string) =>
  new StudioError(code, {
    where: `byte ${at} of the ONNX file`,
    what,
    todo: 'The file is damaged or is no ONNX model; get it again from where it came.',
  })

/**
 * The fields of one protobuf message. Nothing is allocated for what a length claims: every length is compared with the bytes that are there,
 * and nested messages are views that the caller opens one known level at a time, so that no file decides how deep we go.
 * Throws 'onnx.truncated', 'onnx.varint' or 'onnx.wire-type'.
 */
export function* fields(bytes: Uint8Array): Generator<Field> {
  const cursor = { bytes, at: 0 }
  while (cursor.at < bytes.length) {
    const start = cursor.at
    const tag = varint(cursor)
    const wire = Number(tag & 7n)
    const number = Number(tag >> 3n)
    if (wire === 0) yield [number, varint(cursor)]
    else if (wire === 1) yield [number, take(cursor, 8)]
    else if (wire === 2) yield [number, take(cursor, Number(varint(cursor)))]
    else if (wire === 5) yield [number, take(cursor, 4)]
    else throw damaged('onnx.wire-type', bytes.byteOffset + start, `wire type ${wire} is not used by ONNX`)
  }
}

/** A field's bytes, where the format wants text, a message or packed numbers. Throws 'onnx.wire-type' for an integer. */
export function bytesIn(value: bigint | Uint8Array): Uint8Array {
  if (typeof value !== 'bigint') return value
  throw new StudioError('onnx.wire-type', {
    where: 'the ONNX file',
    what: 'a number stands where a message should',
    todo: 'The file is damaged; get it again.',
  })
}

/** The integers of a packed field. */
export function packedVarints(bytes: Uint8Array): bigint[] {
  const cursor = { bytes, at: 0 }
  const out: bigint[] = []
  while (cursor.at < bytes.length) out.push(varint(cursor))
  return out
}

interface Cursor {
  readonly bytes: Uint8Array
  at: number
}

function varint(c: Cursor): bigint {
  let value = 0n
  for (let i = 0; i < 10; i++) {
    const byte = c.bytes[c.at++]
    if (byte === undefined) throw damaged('onnx.truncated', c.bytes.byteOffset + c.at - 1, 'a number is cut off')
    value |= BigInt(byte & 127) << BigInt(7 * i)
    if (byte < 128) return BigInt.asIntN(64, value)
  }
  throw damaged('onnx.varint', c.bytes.byteOffset + c.at - 10, 'a number has more than ten bytes')
}

function take(c: Cursor, length: number): Uint8Array {
  if (length < 0 || length > c.bytes.length - c.at) {
    throw damaged('onnx.truncated', c.bytes.byteOffset + c.at, `${length} bytes are announced, ${c.bytes.length - c.at} are left`)
  }
  c.at += length
  return c.bytes.subarray(c.at - length, c.at)
}
