import type { Graph, Value } from '../../onnx/graph.ts'

/** x / |x| for each row of x [N,D]. */
export const unitLength = (g: Graph, x: Value): Value => g.mul(x, g.rsqrt(g.reduceSum(g.square(x), [1])))
