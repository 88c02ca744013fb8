export type DType = 'float32' | 'float16' | 'int64' | 'int32' | 'bool' | 'uint8'

/** float16 is kept as its bits, so that no platform needs a Float16Array. */
export type TensorValues = Float32Array | Uint16Array | BigInt64Array | Int32Array | Uint8Array

/** Plain values of a tensor in C order; `data.length` is the product of `shape` (1 for the empty shape). */
export interface TensorData {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly data: TensorValues
}

export const BYTES_OF: Readonly<Record<DType, number>> = { float32: 4, float16: 2, int64: 8, int32: 4, bool: 1, uint8: 1 }

/** Number of elements of a shape; 1 for a scalar. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1)

/** A checked tensor. Throws a RangeError if the data does not fill the shape. */
export function tensor(dtype: DType, shape: readonly number[], data: TensorValues): TensorData {
  if (data.length !== sizeOf(shape)) throw new RangeError(`${data.length} values do not fill the shape [${shape.join(', ')}]`)
  return { dtype, shape: [...shape], data }
}

/** A float32 tensor; zeros if no data is given. */
export function float32(shape: readonly number[], data?: Float32Array | readonly number[]): TensorData {
  const values = data === undefined ? new Float32Array(sizeOf(shape)) : data instanceof Float32Array ? data : Float32Array.from(data)
  return tensor('float32', shape, values)
}

/** An int64 tensor from integers. */
export function int64(shape: readonly number[], data: readonly (number | bigint)[] | BigInt64Array): TensorData {
  return tensor('int64', shape, data instanceof BigInt64Array ? data : BigInt64Array.from(data, BigInt))
}

/** The bytes of a tensor's values as they lie in memory (little endian on every platform that we run on). */
export function bytesOf(t: TensorData): Uint8Array {
  return new Uint8Array(t.data.buffer, t.data.byteOffset, t.data.byteLength)
}

/** Values of `dtype` over bytes; copies only if the bytes are not aligned. */
export function valuesOver(dtype: DType, bytes: Uint8Array): TensorValues {
  const size = BYTES_OF[dtype]
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice()
  const [buffer, offset, length] = [aligned.buffer, aligned.byteOffset, Math.floor(aligned.byteLength / size)]
  if (dtype === 'float32') return new Float32Array(buffer, offset, length)
  if (dtype === 'float16') return new Uint16Array(buffer, offset, length)
  if (dtype === 'int64') return new BigInt64Array(buffer, offset, length)
  if (dtype === 'int32') return new Int32Array(buffer, offset, length)
  return new Uint8Array(buffer, offset, length)
}

/** A tensor as float32: float16 is widened exactly, integers become numbers, float32 is returned as it is. */
export function toFloat32(t: TensorData): TensorData {
  if (t.dtype === 'float32') return t
  const data = t.dtype === 'float16' ? halfToFloat(t.data as Uint16Array) : Float32Array.from(t.data as Int32Array, Number)
  return { dtype: 'float32', shape: t.shape, data }
}

let halves: Float32Array | undefined

/** IEEE half-precision bits to float32, exactly (every half is a float). */
export function halfToFloat(bits: Uint16Array): Float32Array {
  halves ??= Float32Array.from({ length: 65536 }, (_, h) => oneHalf(h))
  const out = new Float32Array(bits.length)
  for (let i = 0; i < bits.length; i++) out[i] = halves[bits[i]!]!
  return out
}

function oneHalf(h: number): number {
  const sign = h & 0x8000 ? -1 : 1
  const exponent = (h >> 10) & 31
  const fraction = h & 1023
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** float32 to half-precision bits, rounded to nearest even; beyond ±65504 (after rounding) it is ±Infinity. */
export function floatToHalf(x: Float32Array): Uint16Array {
  const bits = new Uint32Array(x.buffer, x.byteOffset, x.length)
  const out = new Uint16Array(x.length)
  for (let i = 0; i < x.length; i++) {
    const b = bits[i]!
    const sign = (b >>> 16) & 0x8000
    const magnitude = b & 0x7fffffff
    if (magnitude > 0x7f800000) out[i] = sign | 0x7e00
    else if (magnitude >= 0x477ff000) out[i] = sign | 0x7c00
    else if (magnitude < 0x38800000) out[i] = sign | roundToEven(Math.abs(x[i]!) * 2 ** 24)
    else out[i] = sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13)
  }
  return out
}

function roundToEven(x: number): number {
  const floor = Math.floor(x)
  const rest = x - floor
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor
}
