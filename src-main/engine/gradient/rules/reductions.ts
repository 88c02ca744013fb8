import type { Graph, Value } from '../../onnx/graph.ts'
import { type Rule, type RuleContext, expandLike, negativeAxes } from '../rule.ts'

/** The axes that a reduction ran over, from its second input. */
function reducedAxes(c: RuleContext): number[] {
  const rank = c.x(0).shape.length
  const axes = c.node.inputs[1] ? c.numbers(1) : c.ints('axes')
  return negativeAxes(axes ?? Array.from({ length: rank }, (_, i) => i), rank)
}

/** v with the reduced axes put back as 1. */
const keep = (c: RuleContext, g: Graph, v: Value, axes: readonly number[]): Value =>
  c.number('keepdims', 1) === 1 || axes.length === 0 ? v : g.unsqueeze(v, axes)

const count = (c: RuleContext, axes: readonly number[]): number => c.sizes(axes.map((a) => c.x(0).shape[a]!)).reduce((a, b) => a * b, 1)

const sum: Rule = (c, g) => [() => expandLike(g, keep(c, g, c.dY, reducedAxes(c)), c.x(0))]

const mean: Rule = (c, g) => {
  const axes = reducedAxes(c)
  const x = c.x(0)
  return [
    () => {
      const dY = keep(c, g, c.dY, axes)
      if (axes.every((a) => typeof x.shape[a] === 'number')) return expandLike(g, g.mul(1 / count(c, axes), dY), x)
      // A batch of any size: its share is the mean of ones.
      const ones = expandLike(g, g.constant(1), x)
      return expandLike(g, g.div(dY, g.reduceSum(ones, axes)), x)
    },
  ]
}

/** Equal largest (smallest) elements share dY. */
const extreme: Rule = (c, g) => {
  const axes = reducedAxes(c)
  return [
    () => {
      const chosen = g.cast(g.equal(c.x(0), keep(c, g, c.y, axes)), 'float32')
      return g.mul(chosen, g.div(keep(c, g, c.dY, axes), g.reduceSum(chosen, axes)))
    },
  ]
}

/** y = softmax(x): dX = (dY − Σ dY·y)·y */
const softmax: Rule = (c, g) => {
  const axis = c.number('axis', -1)
  return [
    () => {
      const dYy = g.mul(c.dY, c.y)
      return g.sub(dYy, g.mul(c.y, g.reduceSum(dYy, [axis])))
    },
  ]
}

/** y = log softmax(x): dX = dY − eʸ·Σ dY */
const logSoftmax: Rule = (c, g) => [() => g.sub(c.dY, g.mul(g.exp(c.y), g.reduceSum(c.dY, [c.number('axis', -1)])))]

export const reductionRules: Readonly<Record<string, Rule>> = {
  ReduceSum: sum,
  ReduceMean: mean,
  ReduceMax: extreme,
  ReduceMin: extreme,
  Softmax: softmax,
  LogSoftmax: logSoftmax,
}
