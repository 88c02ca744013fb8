import { halfToFloat, sizeOf, valuesOver, type TensorData } from '../onnx/tensor.ts'
import type { Bytes } from './bytes.ts'
import { refuse } from './refuse.ts'

/** Number types of foreign files, with their size in bytes. */
export const foreignBytes = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
} as const
export type ForeignDType = keyof typeof foreignBytes

/** Numbers in a row, shared by the tensors that view them. `open` finds or inflates the bytes when they are first needed. */
export interface Storage {
  readonly dtype: ForeignDType
  /** How many numbers the file says it has; checked against what is there by `open`. */
  readonly count: number
  open(): Bytes
}

/** A tensor that lies in a foreign file: a strided view of a storage. Offset and strides count numbers, not bytes. */
export class ForeignTensor {
  readonly storage: Storage
  readonly dtype: ForeignDType
  readonly shape: readonly number[]
  readonly strides: readonly number[]
  readonly offset: number
  readonly #where: string

  /** Errors: tensor.bad-shape, tensor.outside-storage. */
  constructor(view: {
    storage: Storage
    dtype?: ForeignDType
    shape: readonly number[]
    strides?: readonly number[]
    offset?: number
    where: string
  }) {
    const { storage, dtype = storage.dtype, shape, strides = rowStrides(shape), offset = 0, where } = view
    this.storage = storage
    this.dtype = dtype
    this.shape = shape
    this.strides = strides
    this.offset = offset
    this.#where = where
    const fits = shape.length <= 16 && strides.length === shape.length && [...shape, ...strides, offset].every(isCount)
    if (!fits || !Number.isSafeInteger(sizeOf(shape)))
      throw refuse('tensor.bad-shape', where, `a tensor has the shape [${shape.join(', ')}] and the strides [${strides.join(', ')}]`)
    const available = Math.floor((storage.count * foreignBytes[storage.dtype]) / foreignBytes[dtype])
    if (this.#end() > available)
      throw refuse('tensor.outside-storage', where, `a tensor of the shape [${shape.join(', ')}] reaches beyond its ${available} numbers`)
  }

  /** Numbers in the tensor. */
  get count(): number {
    return sizeOf(this.shape)
  }

  /**
   * The values in C order: float64 and bfloat16 become float32, int16 and int8 int32, the rest stays.
   * Errors: tensor.expanded (a view that repeats its storage), checkpoint.truncated, those of the storage.
   */
  read(): TensorData {
    const { shape, dtype, count } = this
    const size = foreignBytes[dtype]
    const span = this.#end() - this.offset
    // A stride of 0 repeats numbers without storing them: a few bytes could claim gigabytes.
    if (count > span && count > 4096)
      throw refuse('tensor.expanded', this.#where, `a tensor of ${count} numbers repeats only ${span} stored ones`)
    const bytes = count === 0 ? new Uint8Array(0) : this.storage.open().read(this.offset * size, span * size)
    const isPlain = this.strides.every((stride, i) => shape[i] === 1 || stride === rowStrides(shape)[i])
    return widened(dtype, shape, isPlain || count === 0 ? bytes : gathered(bytes, size, shape, this.strides))
  }

  /** One past the last number that the view touches; 0 for an empty one. */
  #end(): number {
    if (this.shape.includes(0)) return 0
    return this.shape.reduce((last, size, i) => last + (size - 1) * this.strides[i]!, this.offset) + 1
  }
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

/** Strides of a tensor in C order: [2,3,4] → [12,4,1]. */
export function rowStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length)
  for (let i = shape.length - 1, stride = 1; i >= 0; i--) {
    strides[i] = stride
    stride *= shape[i]!
  }
  return strides
}

/** The view's numbers, `size` bytes each, in C order. */
function gathered(bytes: Uint8Array, size: number, shape: readonly number[], strides: readonly number[]): Uint8Array<ArrayBuffer> {
  const words = (b: Uint8Array) => {
    const a = b.byteOffset % size === 0 ? b : b.slice()
    if (size === 8) return new BigUint64Array(a.buffer, a.byteOffset, a.length / 8)
    if (size === 4) return new Uint32Array(a.buffer, a.byteOffset, a.length / 4)
    return size === 2 ? new Uint16Array(a.buffer, a.byteOffset, a.length / 2) : a
  }
  const count = sizeOf(shape)
  const out = new Uint8Array(count * size)
  const [from, to] = [words(bytes), words(out)]
  const index = new Array<number>(shape.length).fill(0)
  const last = shape.length - 1
  const [inner, step] = [shape[last]!, strides[last]!]
  for (let done = 0, at = 0; done < count;) {
    for (let i = 0, place = at; i < inner; i++, place += step) to[done++] = from[place]!
    for (let axis = last - 1; axis >= 0; axis--) {
      at += strides[axis]!
      if (++index[axis]! < shape[axis]!) break
      at -= strides[axis]! * shape[axis]!
      index[axis] = 0
    }
  }
  return out
}

function widened(dtype: ForeignDType, shape: readonly number[], bytes: Uint8Array<ArrayBuffer>): TensorData {
  const { buffer, byteOffset, length } = bytes
  switch (dtype) {
    case 'float64':
      return { dtype: 'float32', shape, data: Float32Array.from(new Float64Array(buffer, byteOffset, length / 8)) }
    case 'bfloat16': {
      // bfloat16 is the upper half of a float32.
      const bits = Uint32Array.from(new Uint16Array(buffer, byteOffset, length / 2), (half) => half << 16)
      return { dtype: 'float32', shape, data: new Float32Array(bits.buffer) }
    }
    case 'int16':
      return { dtype: 'int32', shape, data: Int32Array.from(new Int16Array(buffer, byteOffset, length / 2)) }
    case 'int8':
      return { dtype: 'int32', shape, data: Int32Array.from(new Int8Array(buffer, byteOffset, length)) }
    default:
      return { dtype, shape, data: valuesOver(dtype, bytes) }
  }
}

/** The values as float32, whatever float type they have; integers become numbers. */
export function floatsOf(t: TensorData): Float32Array {
  if (t.data instanceof Float32Array) return t.data
  if (t.dtype === 'float16') return halfToFloat(t.data as Uint16Array)
  return Float32Array.from(t.data as Int32Array, Number)
}
