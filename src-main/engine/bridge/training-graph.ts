import { adamStep } from '../gradient/adam.ts'
import { gradients } from '../gradient/gradients.ts'
import { bridgeOf, bridgeShapes, type Bridge } from '../nets/bridge.ts'
import { Graph, type Value } from '../onnx/graph.ts'
import type { TensorData } from '../onnx/tensor.ts'
import { latentLosses, type LossWeights } from './losses.ts'

/** What stays fixed while the bridge learns. */
export interface Fixed {
  /** 1 ÷ rms of the components of deltaF, [1] */
  readonly inputGain: TensorData
  /** σ_w [W] and σ_s [S] */
  readonly wDeviation: TensorData
  readonly sDeviation: TensorData
  /** A [S,W] */
  readonly affines: TensorData
}

export const adamDefaults = { beta1: 0.9, beta2: 0.999, eps: 1e-8 } as const

/**
 * `unrolled` training steps (forward, backward, Adam) as one graph, so that parameters cross the border between JavaScript and the
 * runtime once a run. Inputs: every parameter as `p.NAME` with its moments `m.NAME` and `v.NAME`; deltaF [unrolled·N,D] and
 * deltaW [unrolled·N,W]; rate [unrolled] and step [unrolled] (1, 2, …). Outputs: the same three sets, lossW and lossS of the last step.
 */
export function trainingGraph(a: Bridge, fixed: Fixed, batch: number, unrolled: number, weights: LossWeights): Graph {
  const g = new Graph('training')
  const shapes = Object.entries(bridgeShapes(a))
  let state = new Map(
    shapes.map(([name, shape]) => {
      const input = (kind: string) => g.input(`${kind}.${name}`, shape)
      return [name, { param: input('p'), m: input('m'), v: input('v') }]
    }),
  )
  const deltaF = g.input('deltaF', [unrolled * batch, a.embed])
  const deltaW = g.input('deltaW', [unrolled * batch, a.wDim])
  const rate = g.input('rate', [unrolled])
  const step = g.input('step', [unrolled])
  let losses: { w: Value; s: Value } | undefined
  for (let k = 0; k < unrolled; k++) {
    const rows = (x: Value) => g.slice(x, 0, k * batch, (k + 1) * batch)
    const loss = bridgeLoss(g, a, fixed, (name) => state.get(name)!.param, rows(deltaF), rows(deltaW), weights)
    const names = [...state.keys()]
    const slopes = gradients(
      g,
      loss.total,
      names.map((name) => state.get(name)!.param),
    )
    const scalars = { rate: g.slice(rate, 0, k, k + 1), step: g.slice(step, 0, k, k + 1) }
    state = new Map(names.map((name, i) => [name, adamStep(g, { ...state.get(name)!, gradient: slopes[i]!, ...scalars, ...adamDefaults })]))
    losses = loss
  }
  for (const [name, { param, m, v }] of state) {
    g.output(`p.${name}`, param)
    g.output(`m.${name}`, m)
    g.output(`v.${name}`, v)
  }
  g.output('lossW', losses!.w)
  g.output('lossS', losses!.s)
  return g
}

/** The predictions of a bridge whose parameters are inputs `p.NAME`: deltaF [N,D] → deltaW, deltaS; for held-out samples. */
export function predictionGraph(a: Bridge, fixed: Fixed): Graph {
  const g = new Graph('prediction')
  const made = bridgeOf(g, a, parameterOf(g, fixed, inputsOf(g, a)), g.input('deltaF', ['N', a.embed]))
  g.output('deltaW', made.deltaW)
  g.output('deltaS', made.deltaS)
  return g
}

function bridgeLoss(
  g: Graph,
  a: Bridge,
  fixed: Fixed,
  learned: (name: string) => Value,
  deltaF: Value,
  deltaW: Value,
  weights: LossWeights,
): { total: Value; w: Value; s: Value } {
  const parameter = parameterOf(g, fixed, learned)
  const predicted = bridgeOf(g, a, parameter, deltaF)
  const deltaS = g.matmul(deltaW, g.transpose(parameter('affines.weight'), [1, 0])) // Δs = A·Δw, exactly
  return latentLosses(
    g,
    { predicted: predicted.deltaW, target: deltaW, deviation: parameter('wDeviation') },
    { predicted: predicted.deltaS, target: deltaS, deviation: g.initializer('sDeviation', fixed.sDeviation) },
    weights,
  )
}

function inputsOf(g: Graph, a: Bridge): (name: string) => Value {
  const inputs = new Map(Object.entries(bridgeShapes(a)).map(([name, shape]) => [name, g.input(`p.${name}`, shape)]))
  return (name) => inputs.get(name)!
}

/** What `bridgeOf` asks for: fixed values from the graph, the rest from who learns it. */
function parameterOf(g: Graph, fixed: Fixed, learned: (name: string) => Value): (name: string) => Value {
  return (name) => {
    if (name === 'inputGain' || name === 'wDeviation') return g.initializer(name, fixed[name])
    if (name === 'affines.weight') return g.initializer(name, fixed.affines)
    return learned(name)
  }
}
