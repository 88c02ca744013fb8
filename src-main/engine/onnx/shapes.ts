import { StudioError } from '../../contract/errors.ts'
import { type Shape, show } from './dims.ts'
import { elementwiseShapes } from './shapes-elementwise.ts'
import { layoutShapes } from './shapes-layout.ts'
import { linearShapes } from './shapes-linear.ts'
import type { DType, TensorData } from './tensor.ts'

/** A number is an integer attribute, except under the names in `FLOAT_ATTRIBUTES` (model.ts). */
export type Attribute = number | string | TensorData | readonly number[] | readonly string[]
export type Attributes = Readonly<Record<string, Attribute | undefined>>

export interface Typed {
  readonly dtype: DType
  readonly shape: Shape
}

/** What a shape rule sees of a node. Rules check what they use and `fail` in words. */
export interface ShapeContext {
  readonly type: string
  readonly inputs: readonly (Typed | undefined)[]
  readonly attributes: Attributes
  /** How many outputs the caller wants. */
  readonly outputs: number
  /** Input i, which the operator cannot do without. */
  need(i: number): Typed
  /** The integers of input i if they are known now (an initializer), else undefined. */
  integers(i: number): number[] | undefined
  numbers(i: number): number[] | undefined
  /** Input i as a shape: the integers of an initializer, or what a Shape operator tells of its input. */
  dims(i: number): Shape | undefined
  int(name: string, otherwise: number): number
  ints(name: string): number[] | undefined
  text(name: string, otherwise: string): string
  fail(what: string): never
}

export type ShapeRule = (c: ShapeContext) => Typed | readonly Typed[]

const RULES: Readonly<Record<string, ShapeRule>> = { ...elementwiseShapes, ...linearShapes, ...layoutShapes }

/** Types and shapes of a node's outputs. `known(i)` is the tensor of input i where it is an initializer,
 *  `shapeTold(i)` the shape that it consists of where a Shape operator made it. Throws 'onnx.shape' or 'onnx.operator'. */
export function inferShapes(
  graph: string,
  type: string,
  inputs: readonly (Typed | undefined)[],
  attributes: Attributes,
  outputs: number,
  known: (i: number) => TensorData | undefined,
  shapeTold: (i: number) => Shape | undefined,
): readonly Typed[] {
  const rule = Object.hasOwn(RULES, type) ? RULES[type] : undefined
  const where = `${type} in graph "${graph}"`
  if (!rule) {
    throw new StudioError('onnx.operator', {
      where,
      what: `there is no shape rule for ${type}`,
      todo: 'Add one to engine/onnx/shapes-*.ts.',
    })
  }
  const fail = (what: string): never => {
    const given = inputs.map((i) => (i ? `${i.dtype}${show(i.shape)}` : 'none')).join(', ')
    throw new StudioError('onnx.shape', {
      where,
      what: `${what}; its inputs are ${given}`,
      todo: 'Check the shapes that the net gives this operator.',
    })
  }
  const numbers = (i: number) => {
    const t = known(i)
    return t && t.dtype !== 'float16' ? Array.from(t.data as Int32Array, Number) : undefined
  }
  const result = rule({
    type,
    inputs,
    attributes,
    outputs,
    fail,
    need: (i) => inputs[i] ?? fail(`input ${i} is missing`),
    numbers,
    integers: numbers,
    dims: (i) => numbers(i) ?? shapeTold(i),
    int: (name, otherwise) => (attributes[name] as number | undefined) ?? otherwise,
    ints: (name) => attributes[name] as number[] | undefined,
    text: (name, otherwise) => (attributes[name] as string | undefined) ?? otherwise,
  })
  return 'dtype' in result ? [result] : result
}
