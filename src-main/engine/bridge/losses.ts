import type { Graph, Value } from '../onnx/graph.ts'

export interface LossWeights {
  readonly w: number
  readonly s: number
  /** DeltaEdit's second term; 0 leaves it out. */
  readonly cosine: number
}

export const lossDefaults: LossWeights = { w: 1, s: 1, cosine: 0 }

/** Two residuals of the same latent, with its standard deviations: predicted and true [N,C], deviation [C]. */
interface Pair {
  readonly predicted: Value
  readonly target: Value
  readonly deviation: Value
}

/**
 * The losses of the bridge (METHOD 2.6), between latents only, taken after the mixing module; scalars.
 *
 *     L_w = mean ((Δŵ − Δw) / σ_w)²    L_s = mean ((m ⊙ Δŝ − Δs) / σ_s)²    L = λ_w L_w + λ_s L_s + λ_cos (1 − cos(m ⊙ Δŝ, Δs))
 *
 * L_s is 1 − the mean explained variance of the style channels.
 */
export function latentLosses(g: Graph, w: Pair, s: Pair, weights: LossWeights = lossDefaults): { total: Value; w: Value; s: Value } {
  const lossW = standardised(g, w)
  const lossS = standardised(g, s)
  let total = g.add(g.mul(weights.w, lossW), g.mul(weights.s, lossS))
  if (weights.cosine > 0) total = g.add(total, g.mul(weights.cosine, g.sub(1, meanCosine(g, s))))
  return { total, w: lossW, s: lossS }
}

function standardised(g: Graph, { predicted, target, deviation }: Pair): Value {
  return g.reduceMean(g.square(g.div(g.sub(predicted, target), deviation)), [0, 1], false)
}

function meanCosine(g: Graph, { predicted, target }: Pair): Value {
  const length = (x: Value) => g.sqrt(g.add(g.reduceSum(g.square(x), [1], false), 1e-12))
  const products = g.reduceSum(g.mul(predicted, target), [1], false)
  return g.reduceMean(g.div(products, g.mul(length(predicted), length(target))), [0], false)
}
