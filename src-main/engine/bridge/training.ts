import { bridgeShapes, type Bridge } from '../nets/bridge.ts'
import { float32, type TensorData } from '../onnx/tensor.ts'
import type { Device } from '../runtime/devices.ts'
import { createSession, type Session } from '../runtime/session.ts'
import { Centering, type Center, type CenterSources } from './centers.ts'
import { lossDefaults, type LossWeights } from './losses.ts'
import { Batches } from './batches.ts'
import { checkCancelled } from './models.ts'
import { standardLength } from './directions.ts'
import type { Bank } from './samples.ts'
import { predictionGraph, trainingGraph, type Fixed } from './training-graph.ts'
import { loadState, saveState, type TrainingState } from './training-state.ts'
import { explainedVariance, type ExplainedVariance, type LatentRows } from './variance.ts'

export interface TrainingOptions {
  readonly steps: number
  readonly batch: number
  readonly seed: number
  readonly center: Center
  readonly rate: { readonly first: number; readonly last: number }
  /** β of the averaged weights, a step. */
  readonly averaging: number
  readonly weights: LossWeights
  /** κ: f ← normalise(f + κ·u), u a random unit vector (clip2latent's remedy for the gap between texts and pictures). */
  readonly noise: number
  /** Steps between looks at the held-out samples; each look also saves the state. */
  readonly lookEvery: number
}

/** METHOD 2.7, scaled to a bank of 20,000 samples on a CPU. */
export const trainingDefaults: TrainingOptions = {
  steps: 1000,
  batch: 256,
  seed: 0,
  center: 'bank',
  rate: { first: 1e-3, last: 1e-5 },
  averaging: 0.995,
  weights: lossDefaults,
  noise: 0,
  lookEvery: 250,
}

export interface TrainingProgress {
  readonly step: number
  readonly loss: number
  readonly explained?: ExplainedVariance
}

export interface Training {
  readonly a: Bridge
  readonly fixed: Fixed
  readonly sources: CenterSources
  /** Where training starts: every learned parameter. */
  readonly initial: Record<string, TensorData>
  readonly trained: Bank
  readonly heldOut: Bank
}

export interface Trained {
  /** The averaged weights of the look that explained most of the held-out samples. */
  readonly parameters: Record<string, TensorData>
  readonly step: number
  readonly loss: { readonly trained: number; readonly heldOut: number }
  readonly explained: ExplainedVariance
  /** rms over channels of B(0) ÷ σ_s. */
  readonly atZero: number
}

/** Steps in one run of the graph. */
const unrolled = 5

/**
 * Trains the bridge. The same inputs and seed give the same weights, also when the job was killed and goes on from `stateFile`.
 * Error: Cancelled (the state of the last look stays).
 */
export async function train(
  { a, fixed, sources, initial, trained, heldOut }: Training,
  device: Device,
  given: Partial<TrainingOptions>,
  io: { stateFile: string; threads?: number; signal?: AbortSignal; progress?: (at: TrainingProgress) => void },
): Promise<Trained> {
  const options = { ...trainingDefaults, ...given }
  const batch = Math.min(options.batch, trained.count)
  const batches = new Batches(trained, a, batch, options)
  const centering = new Centering(options.center, sources)
  let state = (await loadState(io.stateFile, a)) ?? freshState(a, initial)
  // A moving center is a function of the batches before: run over them again.
  if (options.center === 'ema') for (let step = 0; step < state.step; step++) centering.residuals(...batches.rows(step))

  const sessionOptions = { threads: io.threads }
  const [stepping, predicting] = [
    await createSession(trainingGraph(a, fixed, batch, unrolled, options.weights), device, sessionOptions),
    await createSession(predictionGraph(a, fixed), device, sessionOptions),
  ]
  // Measured from the bank's center whatever center trained, so that all can be compared.
  const { deltaF, deltaW } = new Centering('bank', sources).residuals(heldOut.f, heldOut.w)
  const truth = { deltaW, deltaS: rowsTimes(deltaW, fixed.affines) }
  const look = (parameters: Record<string, TensorData>) => lookAt(predicting, a, parameters, deltaF, truth)
  try {
    while (state.step < options.steps) {
      checkCancelled(io.signal)
      const { next, loss } = await advance(stepping, state, batches, centering, options)
      state = next
      if (state.step % options.lookEvery < unrolled || state.step >= options.steps) {
        const explained = await look(state.averaged)
        const heldOutLoss = 1 - explained.s
        if (!state.best || heldOutLoss < state.best.heldOut)
          state = { ...state, best: { parameters: state.averaged, step: state.step, heldOut: heldOutLoss, trained: loss } }
        await saveState(io.stateFile, state)
        io.progress?.({ step: state.step, loss, explained })
      } else io.progress?.({ step: state.step, loss })
    }
    const best = state.best!
    const { parameters, step, heldOut: loss } = best
    return {
      parameters,
      step,
      loss: { trained: best.trained, heldOut: loss },
      explained: await look(parameters),
      atZero: await atZero(predicting, a, parameters, fixed),
    }
  } finally {
    await stepping.release()
    await predicting.release()
  }
}

function freshState(a: Bridge, initial: Record<string, TensorData>): TrainingState {
  const zeros = () => Object.fromEntries(Object.entries(bridgeShapes(a)).map(([name, shape]) => [name, float32(shape)]))
  return { step: 0, parameters: initial, m: zeros(), v: zeros(), averaged: initial }
}

/** `unrolled` steps. */
async function advance(
  session: Session,
  state: TrainingState,
  batches: Batches,
  centering: Centering,
  options: TrainingOptions,
): Promise<{ next: TrainingState; loss: number }> {
  const steps = Array.from({ length: unrolled }, (_, k) => state.step + k)
  const residuals = steps.map((step) => centering.residuals(...batches.rows(step)))
  const stack = (rows: Float32Array[], width: number) => {
    const all = float32([rows.reduce((n, r) => n + r.length, 0) / width, width])
    rows.reduce((at, r) => ((all.data as Float32Array).set(r, at), at + r.length), 0)
    return all
  }
  const feeds: Record<string, TensorData> = {
    deltaF: stack(
      residuals.map((r) => r.deltaF),
      batches.embed,
    ),
    deltaW: stack(
      residuals.map((r) => r.deltaW),
      batches.wDim,
    ),
    rate: float32(
      [unrolled],
      steps.map((step) => cosineRate(step, options)),
    ),
    step: float32(
      [unrolled],
      steps.map((step) => step + 1),
    ),
  }
  for (const name of Object.keys(state.parameters)) {
    feeds[`p.${name}`] = state.parameters[name]!
    feeds[`m.${name}`] = state.m[name]!
    feeds[`v.${name}`] = state.v[name]!
  }
  const results = await session.run(feeds)
  const set = (kind: string) => Object.fromEntries(Object.keys(state.parameters).map((name) => [name, results[`${kind}.${name}`]!]))
  const parameters = set('p')
  const next = {
    ...state,
    step: state.step + unrolled,
    parameters,
    m: set('m'),
    v: set('v'),
    averaged: average(state, parameters, options.averaging),
  }
  return { next, loss: (results['lossS']!.data as Float32Array)[0]! }
}

/** Averaged weights over the last 1 ÷ (1 − β) steps; over all steps while there are fewer. */
function average(state: TrainingState, parameters: Record<string, TensorData>, averaging: number): Record<string, TensorData> {
  const keep = Math.min(averaging ** unrolled, state.step / (state.step + unrolled))
  return Object.fromEntries(
    Object.entries(parameters).map(([name, t]) => {
      const old = state.averaged[name]!.data as Float32Array
      const fresh = t.data as Float32Array
      const mean = new Float32Array(fresh.length)
      for (let i = 0; i < mean.length; i++) mean[i] = keep * old[i]! + (1 - keep) * fresh[i]!
      return [name, { ...t, data: mean }]
    }),
  )
}

/** Learning rate of a step: a hundred steps of warming up, then a cosine. */
export function cosineRate(step: number, { steps, rate }: Pick<TrainingOptions, 'steps' | 'rate'>): number {
  const falling = rate.last + (rate.first - rate.last) * 0.5 * (1 + Math.cos((Math.PI * step) / steps))
  return falling * Math.min(1, (step + 1) / 100)
}

async function lookAt(
  session: Session,
  a: Bridge,
  parameters: Record<string, TensorData>,
  deltaF: Float32Array,
  truth: LatentRows,
): Promise<ExplainedVariance> {
  const feeds = Object.fromEntries(Object.entries(parameters).map(([name, t]) => [`p.${name}`, t]))
  const made = await session.run({ ...feeds, deltaF: float32([deltaF.length / a.embed, a.embed], deltaF) })
  const predicted = { deltaW: made['deltaW']!.data as Float32Array, deltaS: made['deltaS']!.data as Float32Array }
  return explainedVariance(predicted, truth, { w: a.wDim, s: a.styles })
}

async function atZero(session: Session, a: Bridge, parameters: Record<string, TensorData>, { sDeviation }: Fixed): Promise<number> {
  const feeds = Object.fromEntries(Object.entries(parameters).map(([name, t]) => [`p.${name}`, t]))
  const { deltaS } = await session.run({ ...feeds, deltaF: float32([1, a.embed]) }, ['deltaS'])
  return standardLength(deltaS!.data as Float32Array, sDeviation.data as Float32Array)
}

/** x [N,C] · matrixᵀ [C,R] → [N,R], once for a few hundred rows. */
function rowsTimes(x: Float32Array, matrix: TensorData): Float32Array {
  const [rows = 0, columns = 0] = matrix.shape
  const weights = matrix.data as Float32Array
  const count = x.length / columns
  const y = new Float32Array(count * rows)
  for (let i = 0; i < count; i++)
    for (let j = 0; j < rows; j++) {
      let sum = 0
      for (let k = 0; k < columns; k++) sum += x[i * columns + k]! * weights[j * columns + k]!
      y[i * rows + j] = sum
    }
  return y
}
