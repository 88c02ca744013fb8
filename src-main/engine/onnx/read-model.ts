import { StudioError } from '../../contract/errors.ts'
import type { Dim, Shape } from './dims.ts'
import type { ExternalData } from './external.ts'
import { Graph, type Value } from './graph.ts'
import { bytesIn, fields, packedVarints } from './protobuf-read.ts'
import { readTensor, textOf } from './read-tensor.ts'
import { DTYPE_OF } from './shapes-elementwise.ts'
import type { Attribute } from './shapes.ts'
import { type DType, type TensorData, int64, valuesOver } from './tensor.ts'

/** Operators mean the same from here on, once `axes` of reductions have become an input. */
const OPSETS = { from: 13, to: 21 }

export interface ReadOptions {
  /** The bytes of a tensor outside the file; its place is checked to be relative. Without it such tensors are refused. */
  readonly external?: (place: ExternalData) => Uint8Array
}

/**
 * An ONNX model as a graph: our own files, and strangers' that use plain operators of opset 13 to 21 without subgraphs.
 * Nothing is allocated for what the file merely claims. Throws a StudioError 'onnx.…' for each way of being wrong: truncated, varint, wire-type,
 * no-graph, opset, domain, operator, attribute, element-type, tensor-size, external-data, unknown-value, value-type, name, shape, unreadable.
 */
export function readModel(bytes: Uint8Array, options: ReadOptions = {}): Graph {
  try {
    return readFile(bytes, options)
  } catch (cause) {
    if (cause instanceof StudioError) throw cause
    // A shape rule met an attribute of a kind that it never meets in a graph of ours.
    const what = cause instanceof Error ? cause.message : String(cause)
    throw new StudioError(
      'onnx.unreadable',
      { where: 'the ONNX file', what, todo: 'Export the model again with standard operators.' },
      { cause },
    )
  }
}

function readFile(bytes: Uint8Array, options: ReadOptions): Graph {
  let graph: Uint8Array | undefined
  let opset = 0
  for (const [field, value] of fields(bytes)) {
    if (field === 7) graph = bytesIn(value)
    else if (field === 8) {
      const [domain, version] = readOpset(bytesIn(value))
      if (domain === '' || domain === 'ai.onnx') opset = version
    }
  }
  if (!graph) throw refuse('onnx.no-graph', 'the ONNX file', 'it holds no graph', 'The file is damaged or is no ONNX model.')
  if (opset < OPSETS.from || opset > OPSETS.to) {
    throw refuse(
      'onnx.opset',
      'the ONNX file',
      `its operators are of version ${opset}`,
      `Export it with an opset from ${OPSETS.from} to ${OPSETS.to}.`,
    )
  }
  return readGraph(graph, options)
}

const refuse = (code: string, where: string, what: string, todo: string) => new StudioError(code, { where, what, todo })

function readOpset(bytes: Uint8Array): [string, number] {
  let domain = ''
  let version = 0
  for (const [field, value] of fields(bytes)) {
    if (field === 1) domain = textOf(value)
    else if (field === 2) version = Number(value)
  }
  return [domain, version]
}

function readGraph(bytes: Uint8Array, options: ReadOptions): Graph {
  const parts = { nodes: [] as Uint8Array[], tensors: [] as Uint8Array[], inputs: [] as Uint8Array[], outputs: [] as Uint8Array[] }
  let name = ''
  for (const [field, value] of fields(bytes)) {
    if (field === 1) parts.nodes.push(bytesIn(value))
    else if (field === 2) name = textOf(value)
    else if (field === 5) parts.tensors.push(bytesIn(value))
    else if (field === 11) parts.inputs.push(bytesIn(value))
    else if (field === 12) parts.outputs.push(bytesIn(value))
  }
  const g = new Graph(name)
  for (const part of parts.tensors) {
    const { name, tensor } = readTensor(part, options.external)
    g.initializer(name, tensor)
  }
  for (const part of parts.inputs) {
    const { name, dtype, shape } = readValue(part)
    // Older writers list initializers among the inputs, as defaults.
    if (!g.initializers.has(name)) g.input(name, shape, dtype)
  }
  for (const part of parts.nodes) readNode(g, part)
  for (const part of parts.outputs) {
    const { name } = readValue(part)
    g.output(name, known(g, name, 'an output'))
  }
  return g
}

function known(g: Graph, name: string, by: string): Value {
  return (
    g.value(name) ??
    raise(refuse('onnx.unknown-value', `${by} in graph "${g.name}"`, `nothing before it makes "${name}"`, 'The file is damaged.'))
  )
}

function raise(error: StudioError): never {
  throw error
}

function readNode(g: Graph, bytes: Uint8Array): void {
  const [inputs, outputs] = [[] as string[], [] as string[]]
  const attributes: Record<string, Attribute> = {}
  let type = ''
  let domain = ''
  for (const [field, value] of fields(bytes)) {
    if (field === 1) inputs.push(textOf(value))
    else if (field === 2) outputs.push(textOf(value))
    else if (field === 4) type = textOf(value)
    else if (field === 5) Object.assign(attributes, Object.fromEntries([readAttribute(bytesIn(value))]))
    else if (field === 7) domain = textOf(value)
  }
  const where = `${type} in graph "${g.name}"`
  if (domain !== '' && domain !== 'ai.onnx')
    throw refuse('onnx.domain', where, `it is an operator of "${domain}"`, 'Export the model with standard operators only.')
  const values = inputs.map((name) => (name === '' ? undefined : known(g, name, type)))
  if (type === 'Constant') {
    const { value } = attributes
    if (typeof value !== 'object' || !('dtype' in value))
      throw refuse('onnx.attribute', where, 'it holds no tensor', 'Export the model again.')
    g.initializer(outputs[0] ?? '', value)
    return
  }
  if (type.startsWith('Reduce') && attributes.axes) {
    values[1] = axesInput(g, attributes.axes)
    delete attributes.axes
  }
  g.node(type, values, attributes, outputs)
}

const axesInput = (g: Graph, axes: Attribute): Value => {
  const list = axes as readonly number[]
  return g.constant(int64([list.length], list))
}

function readAttribute(bytes: Uint8Array): [string, Attribute] {
  let name = ''
  const integers: number[] = []
  const floats: number[] = []
  const strings: string[] = []
  let single: number | string | TensorData | undefined
  for (const [field, value] of fields(bytes)) {
    if (field === 1) name = textOf(value)
    else if (field === 2) single = valuesOver('float32', bytesIn(value))[0] as number
    else if (field === 3) single = Number(value)
    else if (field === 4) single = textOf(value)
    else if (field === 5) single = readTensor(bytesIn(value)).tensor
    else if (field === 7) for (const v of valuesOver('float32', bytesIn(value))) floats.push(Number(v))
    else if (field === 8) integers.push(...(typeof value === 'bigint' ? [value] : packedVarints(value)).map(Number))
    else if (field === 9) strings.push(textOf(value))
    else if (field === 6 || field === 10 || field === 11) {
      throw refuse(
        'onnx.attribute',
        `attribute "${name}" of the ONNX file`,
        'it is a graph of its own',
        'Export the model without branches and loops.',
      )
    }
  }
  return [name, single ?? (strings.length > 0 ? strings : floats.length > 0 ? floats : integers)]
}

/** ValueInfoProto of a tensor; a size without number or name is a '?' of its own. */
function readValue(bytes: Uint8Array): { name: string; dtype: DType; shape: Shape } {
  let name = ''
  let dtype: DType | undefined
  let shape: Dim[] = []
  for (const [field, value] of fields(bytes)) {
    if (field === 1) name = textOf(value)
    if (field !== 2) continue
    for (const [kind, tensor] of fields(bytesIn(value))) {
      if (kind !== 1) continue
      for (const [part, content] of fields(bytesIn(tensor))) {
        if (part === 1) dtype = DTYPE_OF.get(Number(content))
        else if (part === 2) shape = [...fields(bytesIn(content))].map(([, d], i) => readDim(bytesIn(d), `?${name}.${i}`))
      }
    }
  }
  if (!dtype)
    throw refuse(
      'onnx.value-type',
      `value "${name}" of the ONNX file`,
      'it is no tensor of a type that we know',
      'Export the model in float32.',
    )
  return { name, dtype, shape }
}

function readDim(bytes: Uint8Array, unknown: string): Dim {
  for (const [field, value] of fields(bytes)) {
    if (field === 1) return Number(value) < 0 ? unknown : Number(value)
    if (field === 2 && textOf(value) !== '') return textOf(value)
  }
  return unknown
}
