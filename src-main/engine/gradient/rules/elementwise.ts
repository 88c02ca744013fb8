import type { Graph, Value } from '../../onnx/graph.ts'
import type { Rule } from '../rule.ts'

/** One input, one output: dX from (x, y, dY). */
const unary =
  (dX: (g: Graph, v: { x: Value; y: Value; dY: Value }) => Value): Rule =>
  (c, g) => [() => dX(g, { x: c.x(0), y: c.y, dY: c.dY })]

/** Constant almost everywhere. */
const flat: Rule = () => []

/** The larger (or smaller) input takes dY; of equal ones the first. */
const extreme =
  (isFirst: (g: Graph, a: Value, b: Value) => Value): Rule =>
  (c, g) => {
    if (c.node.inputs.length !== 2) return c.refuse('only two inputs are differentiated')
    const first = isFirst(g, c.x(0), c.x(1))
    return [() => g.where(first, c.dY, 0), () => g.where(first, 0, c.dY)]
  }

const pow: Rule = (c, g) => {
  const [x, p] = [c.x(0), c.x(1)]
  const known = c.numbers(1)
  const exponent = known?.length === 1 ? known[0]! : undefined
  return [
    () => {
      if (exponent === 2) return g.mul(c.dY, g.mul(2, x))
      return exponent === undefined ? g.mul(c.dY, g.mul(p, g.pow(x, g.sub(p, 1)))) : g.mul(c.dY, g.mul(exponent, g.pow(x, exponent - 1)))
    },
    () => g.mul(c.dY, g.mul(c.y, g.log(x))),
  ]
}

const clip: Rule = (c, g) => {
  const [lo, hi] = [c.node.inputs[1], c.node.inputs[2]]
  return [
    () => {
      const above = lo ? g.where(g.greater(c.x(0), lo), c.dY, 0) : c.dY
      return hi ? g.where(g.less(c.x(0), hi), above, 0) : above
    },
  ]
}

const floating = (v: Value) => v.dtype === 'float32' || v.dtype === 'float16'

export const elementwiseRules: Readonly<Record<string, Rule>> = {
  Identity: unary((_, { dY }) => dY),
  Add: (c) => [() => c.dY, () => c.dY],
  Sub: (c, g) => [() => c.dY, () => g.neg(c.dY)],
  Mul: (c, g) => [() => g.mul(c.dY, c.x(1)), () => g.mul(c.dY, c.x(0))],
  Div: (c, g) => [() => g.div(c.dY, c.x(1)), () => g.neg(g.mul(c.dY, g.div(c.y, c.x(1))))],
  Pow: pow,
  Max: extreme((g, a, b) => g.not(g.less(a, b))),
  Min: extreme((g, a, b) => g.not(g.greater(a, b))),
  Neg: unary((g, { dY }) => g.neg(dY)),
  Abs: unary((g, { x, dY }) => g.mul(dY, g.sign(x))),
  Exp: unary((g, { y, dY }) => g.mul(dY, y)),
  Log: unary((g, { x, dY }) => g.div(dY, x)),
  Sqrt: unary((g, { y, dY }) => g.div(g.mul(0.5, dY), y)),
  Reciprocal: unary((g, { y, dY }) => g.neg(g.mul(dY, g.square(y)))),
  Tanh: unary((g, { y, dY }) => g.mul(dY, g.sub(1, g.square(y)))),
  Sigmoid: unary((g, { y, dY }) => g.mul(dY, g.mul(y, g.sub(1, y)))),
  Softplus: unary((g, { x, dY }) => g.mul(dY, g.sigmoid(x))),
  Erf: unary((g, { x, dY }) => g.mul(dY, g.mul(2 / Math.sqrt(Math.PI), g.exp(g.neg(g.square(x)))))),
  Sin: unary((g, { x, dY }) => g.mul(dY, g.cos(x))),
  Cos: unary((g, { x, dY }) => g.neg(g.mul(dY, g.sin(x)))),
  Relu: unary((g, { x, dY }) => g.where(g.greater(x, 0), dY, 0)),
  LeakyRelu: (c, g) => [() => g.where(g.greater(c.x(0), 0), c.dY, g.mul(c.number('alpha', 0.01), c.dY))],
  Clip: clip,
  Where: (c, g) => [undefined, () => g.where(c.x(0), c.dY, 0), () => g.where(c.x(0), 0, c.dY)],
  Cast: (c, g) => [floating(c.x(0)) && floating(c.y) ? () => g.cast(c.dY, c.x(0).dtype) : undefined],
  Floor: flat,
  Sign: flat,
  Shape: flat,
  ArgMax: flat,
  Equal: flat,
  Greater: flat,
  Less: flat,
  Not: flat,
}
