import { part, type Bytes } from './bytes.ts'
import { headerLength, parseHeader, type DTypes } from './safetensors-header.ts'
import { ForeignTensor, type ForeignDType } from './tensors.ts'

const dtypes: DTypes<ForeignDType> = {
  F64: { dtype: 'float64', bytes: 8 },
  F32: { dtype: 'float32', bytes: 4 },
  F16: { dtype: 'float16', bytes: 2 },
  BF16: { dtype: 'bfloat16', bytes: 2 },
  I64: { dtype: 'int64', bytes: 8 },
  I32: { dtype: 'int32', bytes: 4 },
  I16: { dtype: 'int16', bytes: 2 },
  I8: { dtype: 'int8', bytes: 1 },
  U8: { dtype: 'uint8', bytes: 1 },
  BOOL: { dtype: 'bool', bytes: 1 },
}

/** A stranger's safetensors file: the engine's reader with more number types. Errors: safetensors.*. */
export function readForeignSafetensors(bytes: Bytes): {
  tensors: Map<string, ForeignTensor>
  metadata: Readonly<Record<string, string>>
} {
  const { where, size } = bytes
  const length = headerLength(bytes.read(0, Math.min(8, size)), size, where)
  const header = parseHeader(bytes.read(8, length), size, where, dtypes)
  const tensors = new Map<string, ForeignTensor>()
  for (const [name, { dtype, shape, offset, length }] of header.tensors) {
    const storage = { dtype, count: shape.reduce((n, d) => n * d, 1), open: () => part(bytes, offset, length) }
    tensors.set(name, new ForeignTensor({ storage, shape, where }))
  }
  return { tensors, metadata: header.metadata }
}
