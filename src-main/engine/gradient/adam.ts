import type { Graph, Operand, Value } from '../onnx/graph.ts'

export interface AdamInputs {
  /** The parameter, its gradient and the two moments: all of one shape. The moments start at zero. */
  readonly param: Value
  readonly gradient: Value
  readonly m: Value
  readonly v: Value
  /** 1 at the first step, a float32 scalar: it corrects the bias of the moments. */
  readonly step: Value
  /** A number, or a scalar that is fed (a schedule). */
  readonly rate: Operand
  readonly beta1?: number
  readonly beta2?: number
  readonly eps?: number
}

/**
 * One step of Adam (Kingma and Ba, arXiv 1412.6980, algorithm 1), as PyTorch computes it:
 * m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², param ← param − rate · (m / (1−β₁ᵗ)) / (√(v / (1−β₂ᵗ)) + ε).
 */
export function adamStep(g: Graph, a: AdamInputs): { param: Value; m: Value; v: Value } {
  const { beta1 = 0.9, beta2 = 0.999, eps = 1e-8 } = a
  const m = g.add(g.mul(beta1, a.m), g.mul(1 - beta1, a.gradient))
  const v = g.add(g.mul(beta2, a.v), g.mul(1 - beta2, g.square(a.gradient)))
  const mHat = g.div(m, g.sub(1, g.pow(beta1, a.step)))
  const vHat = g.div(v, g.sub(1, g.pow(beta2, a.step)))
  const param = g.sub(a.param, g.mul(a.rate, g.div(mHat, g.add(g.sqrt(vHat), eps))))
  return { param, m, v }
}
