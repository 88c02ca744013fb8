import type { Graph, Value } from '../../onnx/graph.ts'
import type { Rule } from '../rule.ts'

/** x̂ = (x − mean)·r with r = 1/√(variance + epsilon), both over `axes`. */
function standardise(g: Graph, x: Value, axes: readonly number[], epsilon: number): { normal: Value; r: Value } {
  const centred = g.sub(x, g.reduceMean(x, axes))
  const r = g.rsqrt(g.add(g.reduceMean(g.square(centred), axes), epsilon))
  return { normal: g.mul(centred, r), r }
}

/** dX = r·(d − mean(d) − x̂·mean(d·x̂)), d the gradient of x̂. */
const back = (g: Graph, d: Value, { normal, r }: { normal: Value; r: Value }, axes: readonly number[]): Value =>
  g.mul(r, g.sub(g.sub(d, g.reduceMean(d, axes)), g.mul(normal, g.reduceMean(g.mul(d, normal), axes))))

const layer: Rule = (c, g) => {
  const [x, scale] = [c.x(0), c.x(1)]
  const first = c.number('axis', -1)
  const start = first < 0 ? first + x.shape.length : first
  const axes = x.shape.flatMap((_, i) => (i >= start ? [i] : []))
  const epsilon = c.number('epsilon', 1e-5)
  return [
    () => back(g, g.mul(c.dY, scale), standardise(g, x, axes, epsilon), axes),
    () => g.mul(c.dY, standardise(g, x, axes, epsilon).normal),
    () => c.dY,
  ]
}

/** [C] beside [N,C,…] */
const perChannel = (g: Graph, v: Value, rank: number): Value => g.reshape(v, [-1, ...new Array<number>(rank - 2).fill(1)])

const instance: Rule = (c, g) => {
  const [x, scale] = [c.x(0), c.x(1)]
  const rank = x.shape.length
  const axes = x.shape.flatMap((_, i) => (i >= 2 ? [i] : []))
  const others = [0, ...axes]
  const epsilon = c.number('epsilon', 1e-5)
  return [
    () => back(g, g.mul(c.dY, perChannel(g, scale, rank)), standardise(g, x, axes, epsilon), axes),
    () => g.reduceSum(g.mul(c.dY, standardise(g, x, axes, epsilon).normal), others, false),
    () => g.reduceSum(c.dY, others, false),
  ]
}

/** With fixed statistics: y = (x − mean)·r·scale + bias. */
const batch: Rule = (c, g) => {
  const rank = c.x(0).shape.length
  const others = c.x(0).shape.flatMap((_, i) => (i === 1 ? [] : [i]))
  const r = () => g.rsqrt(g.add(c.x(4), c.number('epsilon', 1e-5)))
  return [
    () => g.mul(c.dY, perChannel(g, g.mul(c.x(1), r()), rank)),
    () => g.mul(r(), g.reduceSum(g.mul(c.dY, g.sub(c.x(0), perChannel(g, c.x(3), rank))), others, false)),
    () => g.reduceSum(c.dY, others, false),
  ]
}

export const normalisationRules: Readonly<Record<string, Rule>> = {
  LayerNormalization: layer,
  InstanceNormalization: instance,
  BatchNormalization: batch,
}
