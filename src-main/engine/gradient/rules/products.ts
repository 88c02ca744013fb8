import type { Graph, Value } from '../../onnx/graph.ts'
import type { Rule } from '../rule.ts'

const swapLast = (g: Graph, v: Value): Value => {
  const rank = v.shape.length
  return g.transpose(v, [...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1, rank - 2])
}

/** Y = A·B: dA = dY·Bᵀ, dB = Aᵀ·dY. Leading axes that were broadcast are summed by the walk. */
const matmul: Rule = (c, g) => {
  const [a, b] = [c.x(0), c.x(1)]
  if (a.shape.length < 2 || b.shape.length < 2) return c.refuse('a vector operand is not differentiated')
  const [k, p] = b.shape.slice(-2)
  // One matrix for a whole batch: its gradient is one product over all rows, instead of one a sample and a sum.
  const flat = b.shape.length === 2 && a.shape.length > 2 && typeof k === 'number' && typeof p === 'number'
  return [
    () => g.matmul(c.dY, swapLast(g, b)),
    () => (flat ? g.gemm(g.reshape(a, [-1, k]), g.reshape(c.dY, [-1, p]), undefined, { transA: true }) : g.matmul(swapLast(g, a), c.dY)),
  ]
}

/** Y = alpha·A'·B' + beta·C, where ' is an optional transposition. */
const gemm: Rule = (c, g) => {
  const [a, b] = [c.x(0), c.x(1)]
  const [transA, transB] = [c.number('transA', 0) === 1, c.number('transB', 0) === 1]
  const alpha = c.number('alpha', 1)
  const beta = c.number('beta', 1)
  return [
    () =>
      transA ? g.gemm(b, c.dY, undefined, { transA: transB, transB: true, alpha }) : g.gemm(c.dY, b, undefined, { transB: !transB, alpha }),
    () =>
      transB ? g.gemm(c.dY, a, undefined, { transA: true, transB: transA, alpha }) : g.gemm(a, c.dY, undefined, { transA: !transA, alpha }),
    () => (beta === 1 ? c.dY : g.mul(beta, c.dY)),
  ]
}

/** 'ab,bc->ac': the gradient of the first is 'ac,bc->ab', and so on. */
const einsum: Rule = (c, g) => {
  const [left, out] = c.text('equation', '').replaceAll(' ', '').split('->') as [string, string]
  const terms = left.split(',')
  return terms.map((own, i) => () => {
    const others = terms.filter((_, k) => k !== i)
    const seen = new Set([...out, ...others.join('')])
    if ([...own].some((letter) => !seen.has(letter)) || new Set(own).size !== own.length)
      c.refuse(`"${own}" sums or repeats an axis of its own`)
    return g.einsum(`${[out, ...others].join(',')}->${own}`, c.dY, ...terms.flatMap((_, k) => (k === i ? [] : [c.x(k)])))
  })
}

export const productRules: Readonly<Record<string, Rule>> = { MatMul: matmul, Gemm: gemm, Einsum: einsum }
