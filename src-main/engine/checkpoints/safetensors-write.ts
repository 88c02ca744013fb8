import { open, rename, rm } from 'node:fs/promises'
import { BYTES_OF, bytesOf, sizeOf, type DType, type TensorData } from '../onnx/tensor.ts'

const names: Record<DType, string> = { float32: 'F32', float16: 'F16', int64: 'I64', int32: 'I32', uint8: 'U8', bool: 'BOOL' }

export type NamedTensors = Readonly<Record<string, TensorData>> | ReadonlyMap<string, TensorData>

/**
 * Writes tensors in the order of their names: to a temporary file beside `file`, synced, then renamed, so that a reader sees the old
 * file or the whole new one. The same tensors give the same bytes.
 */
export async function writeSafetensors(
  file: string,
  tensors: NamedTensors,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const temporary = `${file}.${process.pid}.part`
  const { header, parts } = layOut(tensors, metadata)
  const handle = await open(temporary, 'w')
  try {
    for (const part of [header, ...parts]) await writeAll(handle, part)
    await handle.sync()
  } catch (error) {
    await handle.close()
    await rm(temporary, { force: true })
    throw error
  }
  await handle.close()
  await rename(temporary, file)
}

/** A tensor that is made when its turn comes; its numbers must have the announced type and shape. */
export interface LateTensor {
  readonly dtype: DType
  readonly shape: readonly number[]
  read(): TensorData
}

/** As `writeSafetensors`, one tensor at a time: as much memory as the largest one needs. `progress` gets the bytes written so far. */
export async function writeSafetensorsLate(
  file: string,
  tensors: ReadonlyMap<string, LateTensor>,
  progress?: (bytes: number) => void,
): Promise<void> {
  const sorted = [...tensors].sort(([a], [b]) => (a < b ? -1 : 1))
  const handle = await open(file, 'w')
  try {
    await writeAll(handle, headerOf(sorted, {}))
    let done = 0
    for (const [name, late] of sorted) {
      const made = late.read()
      if (made.dtype !== late.dtype || made.data.length !== sizeOf(late.shape)) throw new RangeError(`"${name}" is not what was announced`)
      await writeAll(handle, bytesOf(made))
      progress?.((done += made.data.byteLength))
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The bytes that `writeSafetensors` writes. */
export function encodeSafetensors(tensors: NamedTensors, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const { header, parts } = layOut(tensors, metadata)
  return Buffer.concat([header, ...parts])
}

function layOut(tensors: NamedTensors, metadata: Readonly<Record<string, string>>): { header: Uint8Array; parts: Uint8Array[] } {
  const pairs =
    tensors instanceof Map
      ? [...(tensors as ReadonlyMap<string, TensorData>)]
      : Object.entries(tensors as Readonly<Record<string, TensorData>>)
  const sorted = pairs.sort(([a], [b]) => (a < b ? -1 : 1))
  return { header: headerOf(sorted, metadata), parts: sorted.map(([, tensor]) => bytesOf(tensor)) }
}

/** The header of tensors in this order. */
function headerOf(
  sorted: readonly (readonly [string, { readonly dtype: DType; readonly shape: readonly number[] }])[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const entries: [string, unknown][] = Object.keys(metadata).length > 0 ? [['__metadata__', metadata]] : []
  let end = 0
  for (const [name, { dtype, shape }] of sorted) {
    const length = sizeOf(shape) * BYTES_OF[dtype]
    entries.push([name, { dtype: names[dtype], shape, data_offsets: [end, end + length] }])
    end += length
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)))
  // Padded with blanks so that data starts at a multiple of 8, as the reference implementation does.
  const padded = Math.ceil(json.length / 8) * 8
  const header = Buffer.alloc(8 + padded, ' ')
  header.writeBigUInt64LE(BigInt(padded), 0)
  json.copy(header, 8)
  return header
}

async function writeAll(handle: Awaited<ReturnType<typeof open>>, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += (await handle.write(bytes, done)).bytesWritten
}
