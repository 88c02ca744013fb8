import { float32, type TensorData } from '../onnx/tensor.ts'
import type { Statistics } from '../packs/statistics.ts'
import { createSession } from '../runtime/session.ts'
import { closenessFrom, psnrOf, type Closeness, type Inversion } from './inversion.ts'
import type { Models } from './models.ts'
import { refinedParameters, refinementGraph } from './refine-graph.ts'

export interface RefineProgress {
  /** 1 … of */
  readonly step: number
  readonly of: number
  /** Of the picture below. */
  readonly closeness: Closeness
  /** G(s) [1,3,R,R] as it is at this step. */
  readonly image: TensorData
}

export interface RefineOptions {
  /** The instant inversion. */
  readonly start: Pick<Inversion, 's'>
  readonly steps?: number
  /** An earlier result's state: goes on at its step. With the same `steps` the result is that of a run that never stopped. */
  readonly resume?: RefineState
  /** Stops after this many steps of a run of `steps`: the result of a run that was stopped there by hand. */
  readonly stopAt?: number
  /** Stop and keep: what was reached is the result. */
  readonly signal?: AbortSignal
  /** Waited for between two steps, so that other work gets through; a turn of the event loop without it. */
  readonly turn?: () => Promise<void>
  /** The first step, one about every half second, and the last. It is waited for. */
  readonly onStep?: (progress: RefineProgress) => void | Promise<void>
}

/** Everything that the next step depends on; plain tensors, to be kept beside the latent. */
export interface RefineState {
  readonly step: number
  readonly tensors: Readonly<Record<string, TensorData>>
}

export interface Refined extends Inversion {
  readonly method: 'refined'
  readonly steps: number
  readonly state: RefineState
}

/** Steps if not told otherwise. */
export const refineSteps = 300

/** Rate in standard deviations a step; it falls to a tenth over the last third. */
const firstRate = 0.1
const liveMs = 500

const rateAt = (step: number, of: number): number => firstRate * Math.min(1, 0.1 + (0.9 * (of - step)) / (of / 3))

/**
 * A latent whose picture is nearer to the aligned photo [1,3,R,R] in [-1,1] than the instant inversion's: optimisation in s by our own gradients
 * (refine-graph.ts), from `start`. The best latent by the loss of all steps is the result, so stopping at any step loses nothing.
 * Deterministic: no random number takes part.
 */
export async function refine(models: Models, statistics: Statistics, aligned: TensorData, options: RefineOptions): Promise<Refined> {
  const { start, steps = refineSteps, stopAt = steps, resume, signal, onStep } = options
  const turn = options.turn ?? (() => new Promise<void>((resolve) => setImmediate(resolve)))
  const session = await createSession(await refinementGraph(models, statistics), models.device)
  try {
    const fPhoto = await models.embedImage(aligned)
    const fixed = { start: start.s, photo: aligned, fPhoto }
    let moving = resume ? pick(resume.tensors, (name) => !name.startsWith('best.')) : firstState(session.inputs)
    let best: Best | undefined = resume ? bestOf(resume.tensors) : undefined
    let done = resume?.step ?? 0
    let shownAt = -Infinity
    // One run more than there are steps: a run shows the latent that the run before it made.
    while (done <= steps) {
      const last = done === steps || done >= stopAt || (signal?.aborted ?? false)
      const result = await session.run({ ...fixed, ...moving, rate: scalar(rateAt(done, steps)), step: scalar(done + 1) })
      const { image, s, loss, semantic, ...next } = result as Record<string, TensorData> & Seen
      if (best === undefined || number(loss) < best.loss) best = { loss: number(loss), s, image, semantic: number(semantic) }
      if (done > 0 && (last || done === 1 || performance.now() - shownAt >= liveMs)) {
        shownAt = performance.now()
        const closeness = closenessFrom(psnrOf(values(aligned), values(image)), number(semantic))
        await onStep?.({ step: done, of: steps, closeness, image })
      }
      if (last) break
      moving = next
      done++
      // Runs resolve at once: without a turn of the loop neither an abort nor another call would get through.
      await turn()
    }
    const { s, image, semantic } = best!
    const closeness = closenessFrom(psnrOf(values(aligned), values(image)), semantic)
    return { s, image, closeness, method: 'refined', steps: done, state: { step: done, tensors: { ...moving, ...bestTensors(best!) } } }
  } finally {
    await session.release()
  }
}

/** Milliseconds that one step takes on this device, the faster of two. */
export async function refineStepMs(
  models: Models,
  statistics: Statistics,
  aligned: TensorData,
  start: Pick<Inversion, 's'>,
): Promise<number> {
  const session = await createSession(await refinementGraph(models, statistics), models.device)
  try {
    const feeds = { start: start.s, photo: aligned, fPhoto: await models.embedImage(aligned), rate: scalar(firstRate), step: scalar(1) }
    let fastest = Infinity
    for (let i = 0; i < 2; i++) {
      await session.run({ ...feeds, ...firstState(session.inputs) })
      fastest = Math.min(fastest, session.lastMs)
    }
    return fastest
  } finally {
    await session.release()
  }
}

interface Seen {
  readonly image: TensorData
  readonly s: TensorData
  readonly loss: TensorData
  readonly semantic: TensorData
}

interface Best {
  readonly loss: number
  readonly semantic: number
  readonly s: TensorData
  readonly image: TensorData
}

/** Parameters and moments at zero. */
function firstState(
  inputs: readonly { readonly name: string; readonly shape: readonly (number | string)[] }[],
): Record<string, TensorData> {
  const isMoving = (name: string) => refinedParameters.some((p) => name === p || name === `m.${p}` || name === `v.${p}`)
  return Object.fromEntries(inputs.filter(({ name }) => isMoving(name)).map(({ name, shape }) => [name, float32(shape as number[])]))
}

const bestTensors = ({ loss, semantic, s, image }: Best): Record<string, TensorData> => ({
  'best.s': s,
  'best.image': image,
  'best.numbers': float32([2], [loss, semantic]),
})

function bestOf(tensors: RefineState['tensors']): Best {
  const [loss = Infinity, semantic = 0] = values(tensors['best.numbers']!)
  return { loss, semantic, s: tensors['best.s']!, image: tensors['best.image']! }
}

const pick = (tensors: RefineState['tensors'], wanted: (name: string) => boolean): Record<string, TensorData> =>
  Object.fromEntries(Object.entries(tensors).filter(([name]) => wanted(name)))
const scalar = (x: number): TensorData => float32([], [x])
const values = (t: TensorData): Float32Array => t.data as Float32Array
const number = (t: TensorData): number => values(t)[0]!
