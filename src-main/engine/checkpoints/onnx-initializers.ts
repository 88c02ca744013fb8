import { bytesIn, fields } from '../onnx/protobuf-read.ts'
import { readTensor, textOf } from '../onnx/read-tensor.ts'
import { bytesOf } from '../onnx/tensor.ts'
import { MemoryBytes, type Bytes } from './bytes.ts'
import { refuse } from './refuse.ts'
import { ForeignTensor } from './tensors.ts'

/** protobuf cannot describe more. */
const fileCap = 2 ** 31

/**
 * The weights of an ONNX model, without its graph. The file is held in memory while they are used, the tensors are views over it.
 * Errors: onnx.*, checkpoint.too-large.
 */
export function readInitializers(bytes: Bytes): { tensors: Map<string, ForeignTensor>; metadata: Readonly<Record<string, string>> } {
  const { where } = bytes
  if (bytes.size > fileCap) throw refuse('checkpoint.too-large', where, `an ONNX file has at most ${fileCap} bytes, it has ${bytes.size}`)
  const tensors = new Map<string, ForeignTensor>()
  const metadata: Record<string, string> = {}
  let graph: Uint8Array | undefined
  for (const [number, value] of fields(bytes.read(0, bytes.size))) {
    if (number === 7) graph = bytesIn(value)
    else if (number === 2) metadata.producer = textOf(bytesIn(value)).slice(0, 100)
  }
  if (!graph) throw refuse('onnx.no-graph', where, 'it holds no graph', 'The file is damaged or is no ONNX model.')
  for (const [number, value] of fields(graph)) {
    if (number !== 5) continue
    const { name, tensor } = readTensor(bytesIn(value))
    const { dtype, shape } = tensor
    if (tensors.has(name)) throw refuse('onnx.name', where, `it holds the weights ${JSON.stringify(name)} twice`)
    const storage = { dtype, count: tensor.data.length, open: () => new MemoryBytes(bytesOf(tensor), where) }
    tensors.set(name, new ForeignTensor({ storage, shape, where }))
  }
  return { tensors, metadata }
}
