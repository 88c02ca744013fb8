import type { Graph, Value } from '../../onnx/graph.ts'
import type { Parameters } from '../parameters.ts'
import type { ClipActivation } from './architecture.ts'

/**
 * CLIP's transformer: `layers` pre-norm residual blocks over sequences of T tokens.
 * x [N·T,W] → [N·T,W]; rows stay flat, so that every dense layer is one Gemm on the pack's own weights. mask [T,T] is added to the scores.
 */
export function transformer(
  g: Graph,
  p: Parameters,
  name: string,
  x: Value,
  o: { layers: number; heads: number; tokens: number; mask?: Value; activation?: ClipActivation | undefined },
): Value {
  for (let i = 0; i < o.layers; i++) {
    const block = `${name}.resblocks.${i}`
    x = g.add(x, selfAttention(g, p, `${block}.attn`, norm(g, p, `${block}.ln_1`, x), o))
    x = g.add(x, perceptron(g, p, `${block}.mlp`, norm(g, p, `${block}.ln_2`, x), o.activation))
  }
  return x
}

/** LayerNorm over the last axis, epsilon 1e-5. */
export const norm = (g: Graph, p: Parameters, name: string, x: Value): Value =>
  g.layerNormalization(
    x,
    g.initializer(`${name}.weight`, p.tensor(`${name}.weight`)),
    g.initializer(`${name}.bias`, p.tensor(`${name}.bias`)),
  )

/** x Wᵀ + b for x [M,I], W [O,I]. */
export const dense = (g: Graph, p: Parameters, weight: string, bias: string, x: Value): Value =>
  g.gemm(x, g.initializer(weight, p.tensor(weight)), g.initializer(bias, p.tensor(bias)), { transB: true })

/** softmax(q kᵀ / √d + mask) v for q [N,h,Q,d], k and v [N,h,T,d], → [N·Q, h·d]. */
export function attend(g: Graph, q: Value, k: Value, v: Value, mask?: Value): Value {
  const [heads, d] = [q.shape[1] as number, q.shape[3] as number]
  const scores = g.matmul(g.mul(q, 1 / Math.sqrt(d)), g.transpose(k, [0, 1, 3, 2])) // [N,h,Q,T]
  const mixed = g.matmul(g.softmax(mask ? g.add(scores, mask) : scores, -1), v) // [N,h,Q,d]
  return g.reshape(g.transpose(mixed, [0, 2, 1, 3]), [-1, heads * d])
}

/** [N·T, h·d] → [N,h,T,d] */
export function splitHeads(g: Graph, x: Value, tokens: number, heads: number): Value {
  return g.transpose(g.reshape(x, [-1, tokens, heads, (x.shape[1] as number) / heads]), [0, 2, 1, 3])
}

function selfAttention(g: Graph, p: Parameters, name: string, x: Value, o: { heads: number; tokens: number; mask?: Value }): Value {
  const width = x.shape[1] as number
  const qkv = dense(g, p, `${name}.in_proj_weight`, `${name}.in_proj_bias`, x) // [N·T,3W]
  const [q, k, v] = g.split(qkv, 1, [width, width, width]).map((part) => splitHeads(g, part, o.tokens, o.heads)) as [Value, Value, Value]
  return dense(g, p, `${name}.out_proj.weight`, `${name}.out_proj.bias`, attend(g, q, k, v, o.mask))
}

/** Two dense layers with an activation between: QuickGELU, x · sigmoid(1.702 x), or GELU, x · (1 + erf(x/√2))/2. */
function perceptron(g: Graph, p: Parameters, name: string, x: Value, activation: ClipActivation = 'quickGelu'): Value {
  const y = dense(g, p, `${name}.c_fc.weight`, `${name}.c_fc.bias`, x) // [N·T,4W]
  const gate = activation === 'gelu' ? g.mul(g.add(g.erf(g.mul(y, Math.SQRT1_2)), 1), 0.5) : g.sigmoid(g.mul(y, 1.702))
  return dense(g, p, `${name}.c_proj.weight`, `${name}.c_proj.bias`, g.mul(y, gate))
}
