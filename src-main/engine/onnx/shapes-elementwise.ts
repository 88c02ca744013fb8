import { type Dim, broadcast } from './dims.ts'
import type { ShapeContext, ShapeRule, Typed } from './shapes.ts'
import type { DType } from './tensor.ts'

const same: ShapeRule = (c) => c.need(0)

const floating: ShapeRule = (c) => {
  const x = c.need(0)
  return x.dtype === 'float32' || x.dtype === 'float16' ? x : c.fail(`${x.dtype} is not a floating type`)
}

function broadcasting(c: ShapeContext, inputs: readonly Typed[]): Typed {
  const dtype = inputs[0]!.dtype
  if (inputs.some((i) => i.dtype !== dtype)) return c.fail('types differ')
  return { dtype, shape: broadcast(...inputs.map((i) => i.shape)) ?? c.fail('shapes do not broadcast') }
}

const variadic: ShapeRule = (c) =>
  broadcasting(
    c,
    c.inputs.map((_, i) => c.need(i)),
  )

const comparison: ShapeRule = (c) => ({ dtype: 'bool', shape: broadcasting(c, [c.need(0), c.need(1)]).shape })

const clip: ShapeRule = (c) => {
  const x = c.need(0)
  for (const bound of c.inputs.slice(1))
    if (bound && (bound.shape.length > 0 || bound.dtype !== x.dtype)) c.fail('a bound is no scalar of the same type')
  return x
}

const where: ShapeRule = (c) => {
  const condition = c.need(0)
  if (condition.dtype !== 'bool') c.fail('the condition is not bool')
  const { dtype, shape } = broadcasting(c, [c.need(1), c.need(2)])
  return { dtype, shape: broadcast(condition.shape, shape) ?? c.fail('shapes do not broadcast') }
}

/** ONNX's numbers of element types (TensorProto.DataType). */
export const DTYPE_NUMBER: Readonly<Record<DType, number>> = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float16: 10 }
export const DTYPE_OF = new Map<number, DType>(Object.entries(DTYPE_NUMBER).map(([k, v]) => [v, k as DType]))

const cast: ShapeRule = (c) => ({
  dtype: DTYPE_OF.get(c.int('to', 0)) ?? c.fail(`element type ${c.int('to', 0)} is not supported`),
  shape: c.need(0).shape,
})

const softmax: ShapeRule = (c) => {
  axisOf(c, c.int('axis', -1), c.need(0).shape.length)
  return floating(c)
}

/** An axis in 0…rank−1, counted from the end if negative. */
export function axisOf(c: ShapeContext, axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis
  return positive >= 0 && positive < rank ? positive : c.fail(`axis ${axis} is outside rank ${rank}`)
}

/** Reductions: axes as input 1 (opset 18), all of them if absent. */
const reduce: ShapeRule = (c) => {
  const x = c.need(0)
  const given = c.inputs[1] ? (c.integers(1) ?? c.fail('the axes must be an initializer')) : (c.ints('axes') ?? x.shape.map((_, i) => i))
  const axes = new Set(given.map((a) => axisOf(c, a, x.shape.length)))
  const keep = c.int('keepdims', 1) === 1
  return { dtype: x.dtype, shape: x.shape.flatMap<Dim>((d, i) => (axes.has(i) ? (keep ? [1] : []) : [d])) }
}

const argMax: ShapeRule = (c) => {
  const { shape } = c.need(0)
  const axis = axisOf(c, c.int('axis', 0), shape.length)
  return { dtype: 'int64', shape: shape.flatMap<Dim>((d, i) => (i !== axis ? [d] : c.int('keepdims', 1) ? [1] : [])) }
}

const each = (types: string, rule: ShapeRule) => Object.fromEntries(types.split(' ').map((t) => [t, rule]))

export const elementwiseShapes: Readonly<Record<string, ShapeRule>> = {
  ...each('Identity Neg Abs Sign CumSum Trilu Not', same),
  ...each('Exp Log Sqrt Reciprocal Tanh Sigmoid Erf Floor Ceil Round Sin Cos LeakyRelu Elu Softplus Gelu HardSigmoid', floating),
  ...each('Relu', same),
  ...each('Add Sub Mul Div Pow Mod And Or', (c) => broadcasting(c, [c.need(0), c.need(1)])),
  ...each('Min Max Sum Mean', variadic),
  ...each('Equal Greater Less GreaterOrEqual LessOrEqual', comparison),
  ...each('ReduceSum ReduceMean ReduceMax ReduceMin ReduceProd ReduceL2 ReduceSumSquare ReduceLogSumExp', reduce),
  ...each('Softmax LogSoftmax', softmax),
  PRelu: (c) => broadcasting(c, [c.need(0), c.need(1)]),
  Clip: clip,
  Where: where,
  Cast: cast,
  ArgMax: argMax,
  ArgMin: argMax,
}
