import { direction, type EditRequest } from '../bridge/directions.ts'
import { checkCancelled, type Models } from '../bridge/models.ts'
import { sampleZ } from '../bridge/samples.ts'
import { float32, type TensorData } from '../onnx/tensor.ts'
import type { Statistics } from '../packs/statistics.ts'
import type { EditPrompt } from './edit-prompts.ts'
import type { Judge, Verdicts } from './judge.ts'
import { mean, rowOf } from './numbers.ts'
import { dataUrl } from './thumbnail.ts'
import { drifting, fulfilment, sideEffects, type Wish } from './wishes.ts'

export interface EvaluationOptions {
  /** People to edit; each is a sample of the generator that no bank holds. */
  readonly count: number
  /** Names the people: choices are made on some, figures reported of others. */
  readonly seed?: number
  readonly strength?: number
  readonly focus?: EditRequest['focus']
  /** Pairs of pictures kept for each prompt, the worst first; none if absent. */
  readonly pictures?: number
  readonly signal?: AbortSignal
  readonly progress?: (done: number, of: number) => void
}

/** One prompt's figures over all people. */
export interface EvaluationRow {
  readonly text: string
  /** Words that the pack's vocabulary never saw whole. */
  readonly unknownWords: readonly string[]
  /** Share of people for whom every asked attribute moved the asked way. */
  readonly moved: number
  /** The same among the people who did not have it before; NaN if all had. */
  readonly movedOfRest: number
  /** Mean change of the asked attributes: deviations for numbers, log-odds for choices. */
  readonly change: number
  /** Share of people for whom every asked attribute is fulfilled: a number above half a deviation, a choice likelier than not. */
  readonly fulfilledBefore: number
  readonly fulfilledAfter: number
  /** Numbers not asked about that move by more than .25 deviations in the mean over people. */
  readonly drifts: readonly { readonly name: string; readonly by: number }[]
  /** Mean |change| of the numbers that were not asked about, in deviations; share of choices that flipped. */
  readonly otherNumbers: number
  readonly otherChoices: number
  /** Mean distance of the identity descriptors, and the share of people who stay the same person to them. */
  readonly identity: number
  readonly samePerson: number
  /** Shares of people whom face-api finds happier, and older, than before. */
  readonly happier: number
  readonly older: number
  /** Length of the direction in deviations, and the share of channels that it moves. */
  readonly length: number
  readonly channels: number
  readonly pictures: readonly { readonly before: string; readonly after: string; readonly change: number }[]
}

/** Seed of the people that edits are tried on unless told otherwise; banks use other seeds, and nothing was chosen by looking at these. */
export const peopleSeed = 20_261_124
/** Face-api's own limit between one person and another. */
export const samePersonWithin = 0.6
const driftLimit = 0.25
const batch = 8

/** Tries every prompt at one strength on the same people and lets the judges say what happened. Error: Cancelled. */
export async function evaluateEdits(
  models: Models,
  statistics: Statistics,
  judge: Judge,
  prompts: readonly EditPrompt[],
  options: EvaluationOptions,
): Promise<EvaluationRow[]> {
  const { seed = peopleSeed, count, strength = 1, focus = 'auto' } = options
  const people = await models.stylesOfW(await models.mapping(sampleZ(seed, 0, count, models.pack.manifest.generator.zDim)))
  const before = await seen(models, judge, people, undefined, options)
  const results: EvaluationRow[] = []
  for (const [i, prompt] of prompts.entries()) {
    const { text: target, neutral } = prompt
    const found = await direction(models, statistics, { target, ...(neutral ? { neutral } : {}), focus })
    const step = found.deltaS.map((x) => x * strength)
    const after = await seen(models, judge, people, step, options)
    const { length, channelsUsed, channelsTotal } = found
    const { changes, ...figures } = compared(judge, prompt, before, after)
    results.push({
      ...figures,
      unknownWords: await models.unknownWords(target),
      length,
      channels: channelsUsed / channelsTotal,
      pictures: await worst(changes, before, after, options.pictures ?? 0, models.pack.manifest.imageSize),
    })
    options.progress?.(i + 1, prompts.length)
  }
  return results
}

interface Seen extends Verdicts {
  /** Kept only where pictures are wanted. */
  readonly pictures: Float32Array[]
}

async function seen(
  models: Models,
  judge: Judge,
  people: TensorData,
  step: Float32Array | undefined,
  { signal, pictures = 0 }: EvaluationOptions,
): Promise<Seen> {
  const [count = 0, total = 0] = people.shape
  const all: Seen = { attributes: [], identities: [], happy: [], years: [], pictures: [] }
  for (let from = 0; from < count; from += batch) {
    checkCancelled(signal)
    const s = (people.data as Float32Array).slice(from * total, Math.min(from + batch, count) * total)
    if (step) for (let i = 0; i < s.length; i++) s[i]! += step[i % total]!
    const image = await models.synthesize(float32([s.length / total, total], s))
    const verdicts = await judge.look(image)
    for (const key of ['attributes', 'identities'] as const) all[key].push(...verdicts[key])
    for (const key of ['happy', 'years'] as const) all[key].push(...verdicts[key])
    if (pictures > 0) for (let i = 0; i < image.shape[0]!; i++) all.pictures.push(rowOf(image, i))
  }
  return all
}

type Figures = Omit<EvaluationRow, 'unknownWords' | 'length' | 'channels' | 'pictures'> & { readonly changes: readonly number[] }

function compared(judge: Judge, { text, wishes, alongside = [] }: EditPrompt, before: Verdicts, after: Verdicts): Figures {
  const asked = new Set([...alongside, ...wishes.map((wish) => ('number' in wish ? wish.number : wish.choice))])
  const people = before.attributes.map((was, i) => {
    const is = after.attributes[i]!
    const gains = wishes.map((wish) => fulfilment(judge.outputs, is, wish) - fulfilment(judge.outputs, was, wish))
    const effects = sideEffects(judge.outputs, was, is, asked)
    const identity = distance(before.identities[i]!, after.identities[i]!)
    return {
      moved: Number(gains.every((gain) => gain > 0)),
      change: mean(gains),
      fulfilledBefore: Number(wishes.every((wish) => fulfilled(judge, was, wish))),
      fulfilledAfter: Number(wishes.every((wish) => fulfilled(judge, is, wish))),
      otherNumbers: effects.numbers,
      otherChoices: effects.choices,
      identity,
      samePerson: Number(identity < samePersonWithin),
      happier: Number(after.happy[i]! > before.happy[i]!),
      older: Number(after.years[i]! > before.years[i]!),
    }
  })
  const keys = Object.keys(people[0] ?? {}) as (keyof (typeof people)[number])[]
  const means = Object.fromEntries(keys.map((key) => [key, mean(people.map((person) => person[key]))])) as (typeof people)[number]
  const rest = people.filter(({ fulfilledBefore }) => fulfilledBefore === 0)
  return {
    text,
    ...means,
    movedOfRest: mean(rest.map(({ moved }) => moved)),
    drifts: drifting(judge.outputs, before.attributes, after.attributes, asked, driftLimit),
    changes: people.map(({ change }) => change),
  }
}

/** The people whom an edit served worst, before and after. */
async function worst(
  changes: readonly number[],
  before: Seen,
  after: Seen,
  count: number,
  size: number,
): Promise<EvaluationRow['pictures']> {
  const order = changes.map((change, i) => ({ change, i })).toSorted((a, b) => a.change - b.change)
  return Promise.all(
    order.slice(0, count).map(async ({ change, i }) => ({
      before: await dataUrl(before.pictures[i]!, size),
      after: await dataUrl(after.pictures[i]!, size),
      change,
    })),
  )
}

const fulfilled = (judge: Judge, verdict: Float32Array, wish: Wish): boolean =>
  fulfilment(judge.outputs, verdict, wish) > ('number' in wish ? 0.5 : 0)

const distance = (a: Float32Array, b: Float32Array): number => Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0))
