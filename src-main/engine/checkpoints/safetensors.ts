import { open, type FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import { halfToFloat, valuesOver, type TensorData } from '../onnx/tensor.ts'
import { headerLength, parseHeader, refuse, type SafetensorsHeader, type TensorInfo } from './safetensors-header.ts'

export { encodeSafetensors, writeSafetensors, writeSafetensorsLate, type LateTensor, type NamedTensors } from './safetensors-write.ts'
export type { TensorInfo } from './safetensors-header.ts'

/**
 * Opens a safetensors file; only its header is read and checked now, tensors when they are asked for.
 * Errors: those of `headerLength` and `parseHeader`, and safetensors.no-file.
 */
export async function readSafetensors(file: string): Promise<SafetensorsFile> {
  const where = basename(file)
  const handle = await open(file, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw refuse(
      'no-file',
      where,
      cause.code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${cause.code})`,
      'Check its place and permissions.',
    )
  })
  try {
    const { size } = await handle.stat()
    const first = await readExactly(handle, 0, Math.min(8, size), where)
    const length = headerLength(first, size, where)
    return new SafetensorsFile(file, handle, parseHeader(await readExactly(handle, 8, length, where), size, where))
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** An open safetensors file. Close it; tensors that were read stay valid. */
export class SafetensorsFile {
  readonly file: string
  readonly names: readonly string[]
  readonly metadata: Readonly<Record<string, string>>
  readonly #handle: FileHandle
  readonly #tensors: ReadonlyMap<string, TensorInfo>

  constructor(file: string, handle: FileHandle, header: SafetensorsHeader) {
    this.file = file
    this.#handle = handle
    this.#tensors = header.tensors
    this.names = [...header.tensors.keys()].sort()
    this.metadata = header.metadata
  }

  has(name: string): boolean {
    return this.#tensors.has(name)
  }

  /** Type, shape and place (bytes from the start of the file) of a tensor. Error: safetensors.no-such-tensor. */
  info(name: string): TensorInfo {
    return infoOf(this.#tensors, name, basename(this.file))
  }

  /** A tensor as it is stored. */
  async read(name: string): Promise<TensorData> {
    const { dtype, shape, offset, length } = this.info(name)
    return { dtype, shape, data: valuesOver(dtype, await readExactly(this.#handle, offset, length, basename(this.file))) }
  }

  /** A float16 or float32 tensor as float32. */
  async readFloat32(name: string): Promise<TensorData> {
    return asFloat32(await this.read(name), name, basename(this.file))
  }

  /** All tensors, float16 widened to float32. */
  async readAllFloat32(): Promise<Record<string, TensorData>> {
    const all: Record<string, TensorData> = {}
    for (const name of this.names) {
      const tensor = await this.read(name)
      all[name] = tensor.dtype === 'float16' ? asFloat32(tensor, name, basename(this.file)) : tensor
    }
    return all
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

/** The same format over bytes in memory: name → tensor, each a copy. Errors as `readSafetensors`. */
export function parseSafetensors(
  bytes: Uint8Array,
  where = 'tensors',
): { tensors: Map<string, TensorData>; metadata: Readonly<Record<string, string>> } {
  const length = headerLength(bytes.subarray(0, 8), bytes.length, where)
  const header = parseHeader(bytes.subarray(8, 8 + length), bytes.length, where)
  const tensors = new Map<string, TensorData>()
  for (const [name, { dtype, shape, offset, length }] of header.tensors)
    tensors.set(name, { dtype, shape, data: valuesOver(dtype, bytes.slice(offset, offset + length)) })
  return { tensors, metadata: header.metadata }
}

/** Widens float16 to float32; float32 passes. Error: safetensors.not-float. */
export function asFloat32(tensor: TensorData, name: string, where: string): TensorData {
  if (tensor.dtype === 'float32') return tensor
  if (tensor.dtype === 'float16') return { dtype: 'float32', shape: tensor.shape, data: halfToFloat(tensor.data as Uint16Array) }
  throw refuse('not-float', where, `"${name}" holds ${tensor.dtype}, weights are float16 or float32`)
}

function infoOf(tensors: ReadonlyMap<string, TensorInfo>, name: string, where: string): TensorInfo {
  const info = tensors.get(name)
  if (!info) throw refuse('no-such-tensor', where, `it has no tensor "${name}"`, 'Use the file that belongs to this pack.')
  return info
}

async function readExactly(handle: FileHandle, offset: number, length: number, where: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done)
    if (bytesRead === 0) throw refuse('truncated', where, `it ended ${length - done} bytes early while it was read`)
    done += bytesRead
  }
  return bytes
}
