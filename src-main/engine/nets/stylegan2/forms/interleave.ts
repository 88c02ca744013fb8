import type { Graph, Value } from '../../../onnx/graph.ts'

/**
 * Puts the pixels of b² phases in their places: [N, b·b·C, h, h], phase (p, q) of all channels first, → y [N, C, b·h, b·h] with
 * y[b·i + p, b·j + q] from phase (p, q). It is DepthToSpace (DCR) as two transpositions, first of columns, then of whole rows, because ONNX
 * Runtime's CPU has fast paths for these and none for DepthToSpace (3 to 6 times slower, measured at 128 to 512 channels).
 */
export function interleave(g: Graph, x: Value, block: number, channels: number, size: number): Value {
  const columns = g.transpose(g.reshape(x, [-1, block, block, channels * size * size]), [0, 1, 3, 2])
  const rows = g.transpose(g.reshape(columns, [-1, block, channels, size, block * size]), [0, 2, 3, 1, 4])
  return g.reshape(rows, [-1, channels, block * size, block * size])
}
