import { StudioError } from '../../contract/errors.ts'
import type { ExternalData } from './external.ts'
import { bytesIn, fields, packedVarints } from './protobuf-read.ts'
import { DTYPE_OF } from './shapes-elementwise.ts'
import { BYTES_OF, type DType, type TensorData, type TensorValues, valuesOver } from './tensor.ts'

const utf8 = new TextDecoder()
export const textOf = (bytes: bigint | Uint8Array): string => (typeof bytes === 'bigint' ? String(bytes) : utf8.decode(bytes))
const many = (value: bigint | Uint8Array): bigint[] => (typeof value === 'bigint' ? [value] : packedVarints(value))

/** TensorProto. Values are views over the file where they are aligned. Throws 'onnx.element-type', 'onnx.tensor-size' or 'onnx.external-data'. */
export function readTensor(bytes: Uint8Array, external?: (place: ExternalData) => Uint8Array): { name: string; tensor: TensorData } {
  const shape: number[] = []
  let name = ''
  let type = 0
  let raw: Uint8Array | undefined
  const floats: Uint8Array[] = []
  const integers: bigint[] = []
  const place: Record<string, string> = {}
  let isExternal = false
  for (const [field, value] of fields(bytes)) {
    if (field === 1) shape.push(...many(value).map(Number))
    else if (field === 2) type = Number(value)
    else if (field === 4) floats.push(bytesIn(value))
    else if (field === 5 || field === 7) for (const v of many(value)) integers.push(v)
    else if (field === 8) name = textOf(value)
    else if (field === 9) raw = bytesIn(value)
    else if (field === 13) Object.assign(place, entry(bytesIn(value)))
    else if (field === 14) isExternal = value === 1n
  }
  const where = `tensor "${name}" of the ONNX file`
  const dtype = DTYPE_OF.get(type)
  if (!dtype)
    throw new StudioError('onnx.element-type', {
      where,
      what: `element type ${type} is not supported`,
      todo: 'Export the model in float32 or float16.',
    })
  const count = shape.reduce((n, d) => n * d, 1)
  if (shape.some((d) => d < 0) || !Number.isSafeInteger(count)) throw wrongSize(where, `[${shape.join(', ')}] is no shape`)
  if (isExternal) raw = readExternal(where, place, external, count * BYTES_OF[dtype])
  if (raw && raw.length !== count * BYTES_OF[dtype]) throw wrongSize(where, `${raw.length} bytes do not fill ${dtype}[${shape.join(', ')}]`)
  const data = raw ? valuesOver(dtype, raw) : unpacked(dtype, floats, integers)
  if (data.length !== count) throw wrongSize(where, `${data.length} values do not fill ${dtype}[${shape.join(', ')}]`)
  return { name, tensor: { dtype, shape, data } }
}

const wrongSize = (where: string, what: string) =>
  new StudioError('onnx.tensor-size', { where, what, todo: 'The file is damaged; get it again from where it came.' })

function entry(bytes: Uint8Array): Record<string, string> {
  let key = ''
  let text = ''
  for (const [field, value] of fields(bytes)) {
    if (field === 1) key = textOf(value)
    else if (field === 2) text = textOf(value)
  }
  return ['location', 'offset', 'length'].includes(key) ? { [key]: text } : {}
}

function readExternal(
  where: string,
  place: Record<string, string>,
  read: ((place: ExternalData) => Uint8Array) | undefined,
  bytes: number,
): Uint8Array {
  const { location = '', offset = '0', length = String(bytes) } = place
  const isSafe =
    /^[\w .-]+(\/[\w .-]+)*$/.test(location) && !location.split('/').includes('..') && /^\d{1,15}$/.test(offset) && Number(length) === bytes
  if (!isSafe || !read) {
    const what = read ? `its values are said to lie in "${location}" at ${offset}, ${length} bytes` : 'its values lie in another file'
    throw new StudioError('onnx.external-data', { where, what, todo: 'Save the model as one file, with its weights inside.' })
  }
  return read({ location, offset: Number(offset), length: bytes })
}

/** Values that are not raw: floats as fixed-width fields, the rest as integers (float16 as its bits). */
function unpacked(dtype: DType, floats: readonly Uint8Array[], integers: readonly bigint[]): TensorValues {
  if (dtype === 'float32') return valuesOver('float32', Buffer.concat(floats))
  if (dtype === 'int64') return BigInt64Array.from(integers)
  const numbers = integers.map(Number)
  if (dtype === 'int32') return Int32Array.from(numbers)
  return dtype === 'float16' ? Uint16Array.from(numbers) : Uint8Array.from(numbers)
}
