import { MemoryBytes, type Bytes } from '../bytes.ts'
import { refuse } from '../refuse.ts'
import { foreignBytes, ForeignTensor, type ForeignDType } from '../tensors.ts'
import { Blob, Instance, NumpyType, type Context, type Plain, type Rule } from './values.ts'

/** numpy's arrays: rebuilt empty, then given (version, shape, type, isFortran, bytes) as their state. */
const arrayClass = 'numpy.ndarray'

const damaged = (where: string, what: string) => refuse('pickle.bad-array', where, what, 'It is damaged; get it again.')

const names: Record<string, Rule> = {
  'numpy.ndarray': {},
  'numpy.dtype': {
    call([code], { where }) {
      if (typeof code !== 'string' || code.length > 16) throw damaged(where, 'an array has no number type')
      return new NumpyType(code)
    },
  },
}
for (const core of ['numpy.core', 'numpy._core']) {
  names[`${core}.multiarray._reconstruct`] = { call: () => new Instance(arrayClass) }
  names[`${core}.multiarray.scalar`] = { call: scalar }
  names[`${core}.numeric._frombuffer`] = { call: fromBuffer }
}
for (const kind of ['float16', 'float32', 'float64', 'int8', 'int16', 'int32', 'int64', 'uint8', 'bool_']) names[`numpy.${kind}`] = {}

export const numpyGlobals: Readonly<Record<string, Rule>> = names

const dtypes: Record<string, ForeignDType> = {
  f8: 'float64',
  f4: 'float32',
  f2: 'float16',
  i8: 'int64',
  i4: 'int32',
  i2: 'int16',
  i1: 'int8',
  u1: 'uint8',
  b1: 'bool',
}

/** The tensor that a pickled numpy array holds; undefined if the value is none. Errors: pickle.bad-array, tensor.*. */
export function numpyArray(value: Plain | undefined, where: string): ForeignTensor | undefined {
  if (value instanceof ForeignTensor) return value
  if (!(value instanceof Instance) || value.className !== arrayClass) return undefined
  if (!Array.isArray(value.state)) throw damaged(where, 'an array has no content')
  const [, shape, type, isFortran, content] = value.state as readonly Plain[]
  return arrayOf(shape, type, isFortran === true, content, where)
}

function arrayOf(
  shape: Plain | undefined,
  type: Plain | undefined,
  isFortran: boolean,
  content: Plain | undefined,
  where: string,
): ForeignTensor {
  if (!Array.isArray(shape) || !shape.every((size) => typeof size === 'number')) throw damaged(where, 'an array has no shape')
  const blob = typeof content === 'string' ? asBlob(content, where) : content
  if (!(type instanceof NumpyType) || !(blob instanceof Blob)) throw damaged(where, 'an array holds Python objects, not numbers')
  const dtype = dtypes[type.code.replace(/^[<>|=]/, '')]
  if (!dtype) throw damaged(where, `an array has the number type ${JSON.stringify(type.code)}`)
  const size = foreignBytes[dtype]
  const isBigEndian = size > 1 && (type.isBigEndian || type.code.startsWith('>'))
  const bytes: Bytes = { where, size: blob.length, read: (offset, length) => blob.source.read(blob.offset + offset, length) }
  const open = () => (isBigEndian ? new MemoryBytes(swapped(blob.bytes(), size), where) : bytes)
  const dims = shape
  const strides = dims.map((_, i) => dims.slice(0, i).reduce((product, d) => product * d, 1))
  const storage = { dtype, count: Math.floor(blob.length / size), open }
  return new ForeignTensor({ storage, shape: dims, where, ...(isFortran ? { strides } : {}) })
}

/** A single number, given as its type and bytes. */
function scalar([type, content]: readonly Plain[], { where, spend }: Context): Plain {
  if (typeof content === 'string') spend(content.length)
  const values = arrayOf([1], type, false, content, where).read().data
  const value = values[0] ?? 0
  return typeof value === 'bigint' ? Number(value) : value
}

/** Protocol 5: (bytes, type, shape, order). */
function fromBuffer([content, type, shape, order]: readonly Plain[], { where, spend }: Context): Plain {
  if (typeof content === 'string') spend(content.length)
  return arrayOf(shape, type, order === 'F', content, where)
}

function asBlob(text: string, where: string): Blob {
  const bytes = Buffer.from(text, 'latin1')
  return new Blob(new MemoryBytes(bytes, where), 0, bytes.length)
}

function swapped(bytes: Uint8Array, size: number): Uint8Array {
  for (let at = 0; at + size <= bytes.length; at += size) bytes.subarray(at, at + size).reverse()
  return bytes
}
