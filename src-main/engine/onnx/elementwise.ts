import { GraphCore, type Operand, type Value } from './core.ts'
import { DTYPE_NUMBER } from './shapes-elementwise.ts'
import type { DType } from './tensor.ts'

/** Operators that act on each element, with numpy's broadcasting, and reductions. Shapes: any. */
export class ElementwiseGraph extends GraphCore {
  add = (a: Operand, b: Operand): Value => this.#binary('Add', a, b)
  sub = (a: Operand, b: Operand): Value => this.#binary('Sub', a, b)
  mul = (a: Operand, b: Operand): Value => this.#binary('Mul', a, b)
  div = (a: Operand, b: Operand): Value => this.#binary('Div', a, b)
  pow = (a: Operand, b: Operand): Value => this.#binary('Pow', a, b)
  min = (a: Operand, b: Operand): Value => this.#binary('Min', a, b)
  max = (a: Operand, b: Operand): Value => this.#binary('Max', a, b)
  /** bool results */
  equal = (a: Operand, b: Operand): Value => this.#binary('Equal', a, b)
  greater = (a: Operand, b: Operand): Value => this.#binary('Greater', a, b)
  less = (a: Operand, b: Operand): Value => this.#binary('Less', a, b)

  neg = (x: Value): Value => this.one('Neg', [x])
  abs = (x: Value): Value => this.one('Abs', [x])
  sign = (x: Value): Value => this.one('Sign', [x])
  exp = (x: Value): Value => this.one('Exp', [x])
  log = (x: Value): Value => this.one('Log', [x])
  sqrt = (x: Value): Value => this.one('Sqrt', [x])
  reciprocal = (x: Value): Value => this.one('Reciprocal', [x])
  /** 1 / √x */
  rsqrt = (x: Value): Value => this.reciprocal(this.sqrt(x))
  /** x² */
  square = (x: Value): Value => this.one('Mul', [x, x])
  tanh = (x: Value): Value => this.one('Tanh', [x])
  sigmoid = (x: Value): Value => this.one('Sigmoid', [x])
  erf = (x: Value): Value => this.one('Erf', [x])
  sin = (x: Value): Value => this.one('Sin', [x])
  cos = (x: Value): Value => this.one('Cos', [x])
  floor = (x: Value): Value => this.one('Floor', [x])
  not = (x: Value): Value => this.one('Not', [x])
  relu = (x: Value): Value => this.one('Relu', [x])
  /** log(1 + eˣ) */
  softplus = (x: Value): Value => this.one('Softplus', [x])
  /** x, or alpha·x where x < 0 */
  leakyRelu = (x: Value, alpha: number): Value => this.one('LeakyRelu', [x], { alpha })
  /** x held within lo…hi; undefined is no bound. */
  clip = (x: Value, lo?: number, hi?: number): Value =>
    this.one('Clip', [x, lo === undefined ? undefined : this.lift(lo, x.dtype), hi === undefined ? undefined : this.lift(hi, x.dtype)])
  /** a where the bool condition holds, b elsewhere. */
  where = (condition: Value, a: Operand, b: Operand): Value => {
    const dtype = typeof a === 'number' ? (typeof b === 'number' ? 'float32' : b.dtype) : a.dtype
    return this.one('Where', [condition, this.lift(a, dtype), this.lift(b, dtype)])
  }
  cast = (x: Value, dtype: DType): Value => (x.dtype === dtype ? x : this.one('Cast', [x], { to: DTYPE_NUMBER[dtype] }))

  /** Sum over axes, all of them if none are named. */
  reduceSum = (x: Value, axes?: readonly number[], keepdims = true): Value => this.#reduce('ReduceSum', x, axes, keepdims)
  reduceMean = (x: Value, axes?: readonly number[], keepdims = true): Value => this.#reduce('ReduceMean', x, axes, keepdims)
  reduceMax = (x: Value, axes?: readonly number[], keepdims = true): Value => this.#reduce('ReduceMax', x, axes, keepdims)
  reduceMin = (x: Value, axes?: readonly number[], keepdims = true): Value => this.#reduce('ReduceMin', x, axes, keepdims)
  /** int64 index of the largest element along an axis. */
  argMax = (x: Value, axis: number, keepdims = true): Value => this.one('ArgMax', [x], { axis, keepdims: Number(keepdims) })
  cumSum = (x: Value, axis: number): Value => this.one('CumSum', [x, this.lift(axis, 'int64')])
  softmax = (x: Value, axis: number): Value => this.one('Softmax', [x], { axis })
  logSoftmax = (x: Value, axis: number): Value => this.one('LogSoftmax', [x], { axis })

  #binary(type: string, a: Operand, b: Operand): Value {
    const dtype = typeof a === 'number' ? (typeof b === 'number' ? 'float32' : b.dtype) : a.dtype
    return this.one(type, [this.lift(a, dtype), this.lift(b, dtype)])
  }

  #reduce(type: string, x: Value, axes: readonly number[] | undefined, keepdims: boolean): Value {
    // An empty list means "all axes" to ONNX, but "none" to a caller who computed it.
    if (axes?.length === 0) return x
    return this.one(type, [x, axes && this.vector(axes)], { keepdims: Number(keepdims) })
  }
}
