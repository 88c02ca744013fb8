import type { Node, Value } from './core.ts'
import type { Graph } from './graph.ts'
import type { ExternalData } from './external.ts'
import { ProtobufWriter } from './protobuf.ts'
import { DTYPE_NUMBER } from './shapes-elementwise.ts'
import type { Attribute } from './shapes.ts'
import { type TensorData, bytesOf } from './tensor.ts'

export type { ExternalData } from './external.ts'
export { type ReadOptions, readModel } from './read-model.ts'

export const OPSET = 21
const IR_VERSION = 10

/** ONNX attributes that are floats; every other number is an integer. */
export const FLOAT_ATTRIBUTES: ReadonlySet<string> = new Set([
  'alpha',
  'beta',
  'gamma',
  'epsilon',
  'momentum',
  'cubic_coeff_a',
  'extrapolation_value',
  'value_float',
])

export interface WriteOptions {
  /** Asked for every initializer; undefined keeps it inside the model. */
  readonly external?: (name: string, t: TensorData) => ExternalData | undefined
}

/** A graph as ONNX ModelProto bytes, opset 21. Nodes and initializers that no output needs are left out; inputs stay. */
export function writeModel(graph: Graph, options: WriteOptions = {}): Uint8Array {
  const { nodes, initializers } = reachable(graph)
  return new ProtobufWriter()
    .int(1, IR_VERSION)
    .string(2, 'stylebridge')
    .message(7, (m) => {
      for (const node of nodes) m.message(1, (n) => writeNode(n, node))
      // An output is a name of its own, so that one value can leave under several names and an input can be an output.
      for (const [name, value] of graph.outputs) {
        const own = outputName(graph, name)
        if (own !== value.name) m.message(1, (n) => n.string(1, value.name).string(2, own).string(4, 'Identity'))
      }
      m.string(2, graph.name)
      for (const [name, t] of initializers) m.message(5, (x) => writeTensor(x, name, t, options.external?.(name, t)))
      for (const value of graph.inputs) m.message(11, (v) => writeValue(v, value.name, value))
      for (const [name, value] of graph.outputs) m.message(12, (v) => writeValue(v, outputName(graph, name), value))
    })
    .message(8, (m) => m.string(1, '').int(2, OPSET))
    .finish()
}

/** The name an output bears inside the model: its own, unless another value, an input or an initializer has it. */
export function outputName(graph: Graph, name: string): string {
  const holder = graph.value(name)
  const isResult = holder !== undefined && holder === graph.outputs.get(name) && graph.producer(holder) !== undefined
  return holder === undefined || isResult ? name : `${name}'`
}

/** What the outputs need, in order. */
export function reachable(graph: Graph): { nodes: Node[]; initializers: [string, TensorData][] } {
  const wanted = new Set<Value>(graph.outputs.values())
  const nodes: Node[] = []
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((o) => wanted.has(o))) continue
    for (const i of node.inputs) if (i) wanted.add(i)
    nodes.push(node)
  }
  const names = new Set([...wanted].map((v) => v.name))
  return { nodes: nodes.reverse(), initializers: [...graph.initializers].filter(([name]) => names.has(name)) }
}

function writeNode(n: ProtobufWriter, node: Node): void {
  for (const i of node.inputs) n.string(1, i?.name ?? '')
  for (const o of node.outputs) n.string(2, o.name)
  n.string(3, node.outputs[0]!.name).string(4, node.type)
  for (const [name, value] of Object.entries(node.attributes)) if (value !== undefined) n.message(5, (a) => writeAttribute(a, name, value))
}

function writeAttribute(a: ProtobufWriter, name: string, value: Attribute): void {
  a.string(1, name)
  if (typeof value === 'string') a.string(4, value).int(20, 3)
  else if (typeof value === 'number' && FLOAT_ATTRIBUTES.has(name)) a.float(2, value).int(20, 1)
  else if (typeof value === 'number') a.int(3, value).int(20, 2)
  else if ('dtype' in value) a.message(5, (t) => writeTensor(t, '', value)).int(20, 4)
  else if (typeof value[0] === 'string') {
    for (const s of value) a.string(9, s as string)
    a.int(20, 8)
  } else {
    for (const x of value as readonly number[]) a.int(8, x)
    a.int(20, 7)
  }
}

function writeTensor(x: ProtobufWriter, name: string, t: TensorData, external?: ExternalData): void {
  for (const d of t.shape) x.int(1, d)
  x.int(2, DTYPE_NUMBER[t.dtype]).string(8, name)
  if (!external) {
    x.bytes(9, bytesOf(t))
    return
  }
  for (const [key, value] of Object.entries(external)) x.message(13, (e) => e.string(1, key).string(2, String(value)))
  x.int(14, 1)
}

function writeValue(v: ProtobufWriter, name: string, { dtype, shape }: Value): void {
  v.string(1, name).message(2, (type) =>
    type.message(1, (t) => {
      t.int(1, DTYPE_NUMBER[dtype]).message(2, (s) => {
        for (const d of shape) s.message(1, (m) => (typeof d === 'number' ? m.int(1, d) : m.string(2, d)))
      })
    }),
  )
}
