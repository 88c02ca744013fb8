import { createHash } from 'node:crypto'
import { StudioError } from '../../contract/errors.ts'
import { type Shape, show } from './dims.ts'
import type { Graph } from './graph.ts'
import { type Attributes, inferShapes } from './shapes.ts'
import { type DType, type TensorData, bytesOf, float32, int64, tensor } from './tensor.ts'

/** One result in a graph: an input, an initializer or an output of a node. Made by its graph alone. */
export interface Value {
  readonly name: string
  readonly dtype: DType
  readonly shape: Shape
  readonly graph: Graph
}

export interface Node {
  readonly type: string
  readonly inputs: readonly (Value | undefined)[]
  readonly outputs: readonly Value[]
  readonly attributes: Attributes
}

/** A number stands for a scalar constant of the other operand's type. */
export type Operand = Value | number

/** Inputs, initializers, nodes in topological order, outputs; every value has its type and shape from the moment it exists. */
export class GraphCore {
  readonly name: string
  readonly inputs: Value[] = []
  readonly outputs = new Map<string, Value>()
  readonly nodes: Node[] = []
  readonly initializers = new Map<string, TensorData>()
  readonly #values = new Map<string, Value>()
  readonly #producers = new Map<Value, Node>()
  readonly #constants = new Map<string, Value>()
  #count = 0

  constructor(name: string) {
    this.name = name
  }

  /** A value that is fed when the graph runs; strings in `shape` are sizes known only then. */
  input(name: string, shape: Shape, dtype: DType = 'float32'): Value {
    const value = this.#value(name, dtype, shape)
    this.inputs.push(value)
    return value
  }

  /** Names `value` as a result of the graph. One value may have several names. Throws 'onnx.name' if the name is taken. */
  output(name: string, value: Value): Value {
    this.#own(value, `output "${name}"`)
    if (this.outputs.has(name)) throw this.#taken(name)
    this.outputs.set(name, value)
    return value
  }

  /** A named tensor of the graph; the same tensor under the same name again gives the same value. Throws 'onnx.name' if it is another one. */
  initializer(name: string, t: TensorData): Value {
    const existing = this.#values.get(name)
    if (existing) {
      const present = this.initializers.get(name)
      if (present && sameTensor(present, t)) return existing
      throw this.#taken(name)
    }
    const value = this.#value(name, t.dtype, t.shape)
    this.initializers.set(name, t)
    return value
  }

  /** A constant, float32 unless a tensor says otherwise; a list without a shape is a vector. Equal constants are one value. */
  constant(x: number | readonly number[] | TensorData, shape?: readonly number[]): Value {
    const t = typeof x === 'number' ? float32(shape ?? [], [x]) : 'dtype' in x ? x : float32(shape ?? [x.length], x)
    const key = `${t.dtype}${show(t.shape)}${createHash('sha1').update(bytesOf(t)).digest('hex')}`
    let value = this.#constants.get(key)
    if (!value) {
      value = this.initializer(this.#fresh('constant'), t)
      this.#constants.set(key, value)
    }
    return value
  }

  /** Appends a node. Throws 'onnx.shape' or 'onnx.operator' naming the operator and the shapes it was given. */
  op(type: string, inputs: readonly (Value | undefined)[], attributes: Attributes = {}, outputs = 1): Value[] {
    return this.node(
      type,
      inputs,
      attributes,
      Array.from({ length: outputs }, () => this.#fresh(type)),
    )
  }

  /** Appends a node whose outputs bear the names given; for readers. Throws as `op`, and 'onnx.name' if a name is taken. */
  node(type: string, inputs: readonly (Value | undefined)[], attributes: Attributes, names: readonly string[]): Value[] {
    for (const i of inputs) if (i) this.#own(i, type)
    const given = [...inputs]
    while (given.length > 0 && given.at(-1) === undefined) given.pop()
    const known = (i: number) => (given[i] ? this.initializers.get(given[i].name) : undefined)
    const shapeTold = (i: number) => {
      const maker = given[i] && this.#producers.get(given[i])
      return maker?.type === 'Shape' ? maker.inputs[0]!.shape : undefined
    }
    const typed = inferShapes(this.name, type, given, attributes, names.length, known, shapeTold)
    if (typed.length < names.length) {
      throw new StudioError('onnx.operator', {
        where: `${type} in graph "${this.name}"`,
        what: `${names.length} outputs are wanted, ${typed.length} are known`,
        todo: 'Add the others to its shape rule in engine/onnx/shapes-*.ts.',
      })
    }
    const outputs = typed.slice(0, names.length).map((t, i) => this.#value(names[i]!, t.dtype, t.shape))
    const node = { type, inputs: given, outputs, attributes }
    this.nodes.push(node)
    for (const o of outputs) this.#producers.set(o, node)
    return outputs
  }

  /** The node that makes a value; undefined for inputs and initializers. */
  producer(value: Value): Node | undefined {
    return this.#producers.get(value)
  }

  /** The value of that name, if there is one. */
  value(name: string): Value | undefined {
    return this.#values.get(name)
  }

  /** An operand as a value; a number becomes a scalar of `dtype`. */
  protected lift(x: Operand, dtype: DType = 'float32'): Value {
    if (typeof x !== 'number') return x
    if (dtype === 'int64') return this.constant(int64([], [x]))
    if (dtype === 'int32') return this.constant(tensor('int32', [], Int32Array.of(x)))
    return dtype === 'float16' ? this.op('Cast', [this.constant(x)], { to: 10 })[0]! : this.constant(x)
  }

  /** The first output of a node that has one. */
  protected one(type: string, inputs: readonly (Value | undefined)[], attributes: Attributes = {}): Value {
    return this.op(type, inputs, attributes)[0]!
  }

  /** Integers as the int64 vector that ONNX takes for shapes and axes. */
  protected vector(integers: readonly number[]): Value {
    return this.constant(int64([integers.length], integers))
  }

  #value(name: string, dtype: DType, shape: Shape): Value {
    if (name === '' || this.#values.has(name)) throw this.#taken(name)
    const value: Value = { name, dtype, shape: [...shape], graph: this as unknown as Graph }
    this.#values.set(name, value)
    return value
  }

  #fresh(type: string): string {
    let name: string
    do name = `${type.toLowerCase()}_${this.#count++}`
    while (this.#values.has(name))
    return name
  }

  #own(value: Value, by: string): void {
    if (value.graph === (this as unknown as Graph)) return
    throw new StudioError('onnx.foreign-value', {
      where: `${by} in graph "${this.name}"`,
      what: `the value "${value.name}" belongs to the graph "${value.graph.name}"`,
      todo: 'Build both on one graph.',
    })
  }

  #taken(name: string): StudioError {
    const what = name === '' ? 'a value needs a name' : `the name "${name}" is taken`
    return new StudioError('onnx.name', { where: `graph "${this.name}"`, what, todo: 'Give every value of a graph a name of its own.' })
  }
}

function sameTensor(a: TensorData, b: TensorData): boolean {
  if (a === b || (a.data === b.data && a.dtype === b.dtype && a.shape.join() === b.shape.join())) return true
  return a.dtype === b.dtype && a.shape.join() === b.shape.join() && Buffer.compare(bytesOf(a), bytesOf(b)) === 0
}
