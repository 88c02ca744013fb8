import type { Node, Shape, Value } from '../onnx/graph.ts'
import type { Graph } from '../onnx/graph.ts'

/** What a rule sees of a node whose output has the gradient dY. */
export class RuleContext {
  readonly node: Node
  readonly g: Graph
  /** One entry an output; undefined where nothing depends on it. */
  readonly dYs: readonly (Value | undefined)[]

  constructor(g: Graph, node: Node, dYs: readonly (Value | undefined)[]) {
    this.g = g
    this.node = node
    this.dYs = dYs
  }

  /** The gradient of the only output that has one. */
  get dY(): Value {
    return this.dYs.find((d) => d !== undefined)!
  }
  get y(): Value {
    return this.node.outputs[0]!
  }
  /** Input i, which the operator cannot do without. */
  x(i: number): Value {
    return this.node.inputs[i]!
  }
  /** The numbers of input i if it is an initializer. */
  numbers(i: number): number[] | undefined {
    const value = this.node.inputs[i]
    const t = value && this.g.initializers.get(value.name)
    return t && Array.from(t.data as Float32Array, Number)
  }
  number(name: string, otherwise: number): number {
    return (this.node.attributes[name] as number | undefined) ?? otherwise
  }
  ints(name: string): number[] | undefined {
    return this.node.attributes[name] as number[] | undefined
  }
  text(name: string, otherwise: string): string {
    return (this.node.attributes[name] as string | undefined) ?? otherwise
  }
  /** For what a rule cannot differentiate; the walk adds the operator's name. */
  refuse(what: string): never {
    throw new RangeError(what)
  }
  /** The sizes of a shape along some axes, which must be known now. */
  sizes(shape: Shape): number[] {
    return shape.map((d) => (typeof d === 'number' ? d : this.refuse(`the size ${d} must be known`)))
  }
}

/** Builds the gradient of one input when it is wanted. It may be broader than the input: the walk sums over broadcast axes. */
export type Grad = () => Value

/** One entry an input; undefined: no gradient flows there. */
export type Rule = (c: RuleContext, g: Graph) => readonly (Grad | undefined)[]

/** dY in the shape of x, which has as many values. */
export function reshapeLike(g: Graph, v: Value, x: Value): Value {
  if (v.shape.join() === x.shape.join()) return v
  const symbolic = x.shape.filter((d) => typeof d === 'string').length
  return symbolic <= 1 ? g.reshape(v, x.shape) : g.op('Reshape', [v, g.shape(x)])[0]!
}

/** v repeated to the shape of x, to which it broadcasts. */
export function expandLike(g: Graph, v: Value, x: Value): Value {
  if (v.shape.join() === x.shape.join()) return v
  const sizes = x.shape.filter((d) => typeof d === 'number')
  return sizes.length === x.shape.length ? g.expand(v, sizes) : g.op('Expand', [v, g.shape(x)])[0]!
}

/** v summed over the axes along which x was broadcast to v's shape. */
export function sumLike(g: Graph, v: Value, x: Value): Value {
  const extra = v.shape.length - x.shape.length
  const leading = Array.from({ length: extra }, (_, i) => i)
  const repeated = x.shape.flatMap((d, i) => (d === 1 && v.shape[i + extra] !== 1 ? [i + extra] : []))
  const sum = g.reduceSum(v, [...leading, ...repeated])
  return extra > 0 ? g.squeeze(sum, leading) : sum
}

export const negativeAxes = (axes: readonly number[], rank: number): number[] => axes.map((a) => (a < 0 ? a + rank : a))
