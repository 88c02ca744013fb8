import { direction, type EditRequest } from '../bridge/directions.ts'
import { checkCancelled, type Models } from '../bridge/models.ts'
import { sampleZ } from '../bridge/samples.ts'
import { float32, type TensorData } from '../onnx/tensor.ts'
import type { Statistics } from '../packs/statistics.ts'
import type { EditPrompt } from './edit-prompts.ts'
import type { Judge, Verdicts } from './judge.ts'
import { fulfilment, sideEffects, type Wish } from './wishes.ts'

export interface EvaluationOptions {
  /** People to edit; each is a sample of the generator that no bank holds. */
  readonly count: number
  readonly strength?: number
  readonly focus?: EditRequest['focus']
  readonly toRgb?: boolean
  readonly form?: EditRequest['form']
  readonly signal?: AbortSignal
  readonly progress?: (done: number, of: number) => void
}

/** One prompt's figures over all people. */
export interface EvaluationRow {
  readonly text: string
  /** Share of people for whom every asked attribute moved the asked way. */
  readonly moved: number
  /** The same among the people who did not have it before; NaN if all had. */
  readonly movedOfRest: number
  /** Mean change of the asked attributes: deviations for numbers, log-odds for choices. */
  readonly change: number
  /** Share of people for whom every asked attribute is fulfilled afterwards: a number above half a deviation, a choice likelier than not. */
  readonly fulfilledBefore: number
  readonly fulfilledAfter: number
  /** Mean |change| of the numbers that were not asked about, in deviations; share of choices that flipped. */
  readonly otherNumbers: number
  readonly otherChoices: number
  /** Mean distance of the identity descriptors; different people are about 0.6 apart or more. */
  readonly identity: number
  /** Length of the direction in deviations, and the share of channels that it moves. */
  readonly length: number
  readonly channels: number
}

/** Seed of the people that edits are tried on; banks use other seeds. */
const peopleSeed = 20_221_009
const batch = 8

/** Tries every prompt at one strength on the same people and lets the judges say what happened. Error: Cancelled. */
export async function evaluateEdits(
  models: Models,
  statistics: Statistics,
  judge: Judge,
  prompts: readonly EditPrompt[],
  options: EvaluationOptions,
): Promise<EvaluationRow[]> {
  const people = await models.stylesOfW(await models.mapping(sampleZ(peopleSeed, 0, options.count, models.pack.manifest.generator.zDim)))
  const before = await seen(models, judge, people, undefined, options)
  const results: EvaluationRow[] = []
  for (const [i, prompt] of prompts.entries()) {
    const { text: target, neutral } = prompt
    const { focus, toRgb, form } = options
    const found = await direction(models, statistics, { target, ...(neutral ? { neutral } : {}), focus: focus ?? 'auto', toRgb, form })
    const step = found.deltaS.map((x) => x * (options.strength ?? 1))
    const after = await seen(models, judge, people, step, options)
    results.push({ ...compared(judge, prompt, before, after), length: found.length, channels: found.channelsUsed / found.channelsTotal })
    options.progress?.(i + 1, prompts.length)
  }
  return results
}

async function seen(
  models: Models,
  judge: Judge,
  people: TensorData,
  step: Float32Array | undefined,
  { signal }: EvaluationOptions,
): Promise<Verdicts> {
  const [count = 0, total = 0] = people.shape
  const attributes: Float32Array[] = []
  const identities: Float32Array[] = []
  for (let from = 0; from < count; from += batch) {
    checkCancelled(signal)
    const s = (people.data as Float32Array).slice(from * total, Math.min(from + batch, count) * total)
    if (step) for (let i = 0; i < s.length; i++) s[i]! += step[i % total]!
    const verdicts = await judge.look(await models.synthesize(float32([s.length / total, total], s)))
    attributes.push(...verdicts.attributes)
    identities.push(...verdicts.identities)
  }
  return { attributes, identities }
}

type Compared = Omit<EvaluationRow, 'length' | 'channels'>

function compared(judge: Judge, { text, wishes, alongside = [] }: EditPrompt, before: Verdicts, after: Verdicts): Compared {
  const asked = new Set([...alongside, ...wishes.map((wish) => ('number' in wish ? wish.number : wish.choice))])
  const people = before.attributes.map((was, i) => {
    const is = after.attributes[i]!
    const gains = wishes.map((wish) => fulfilment(judge.outputs, is, wish) - fulfilment(judge.outputs, was, wish))
    const effects = sideEffects(judge.outputs, was, is, asked)
    return {
      moved: Number(gains.every((gain) => gain > 0)),
      change: mean(gains),
      fulfilledBefore: Number(wishes.every((wish) => fulfilled(judge, was, wish))),
      fulfilledAfter: Number(wishes.every((wish) => fulfilled(judge, is, wish))),
      otherNumbers: effects.numbers,
      otherChoices: effects.choices,
      identity: distance(before.identities[i]!, after.identities[i]!),
    }
  })
  const rest = people.filter(({ fulfilledBefore }) => fulfilledBefore === 0)
  const of = (key: keyof (typeof people)[number]) => mean(people.map((person) => person[key]))
  return {
    text,
    moved: of('moved'),
    movedOfRest: mean(rest.map(({ moved }) => moved)),
    change: of('change'),
    fulfilledBefore: of('fulfilledBefore'),
    fulfilledAfter: of('fulfilledAfter'),
    otherNumbers: of('otherNumbers'),
    otherChoices: of('otherChoices'),
    identity: of('identity'),
  }
}

const fulfilled = (judge: Judge, verdict: Float32Array, wish: Wish): boolean =>
  fulfilment(judge.outputs, verdict, wish) > ('number' in wish ? 0.5 : 0)

const mean = (x: readonly number[]): number => x.reduce((sum, value) => sum + value, 0) / x.length

const distance = (a: Float32Array, b: Float32Array): number => Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0))

/** The table that `evaluate` prints, with the number of prompts that reach 80 %. Somebody bald cannot be made balder: see "of rest". */
export function evaluationTable(rows: readonly EvaluationRow[]): string {
  const percent = (x: number) => (Number.isNaN(x) ? '–' : `${Math.round(100 * x)} %`).padStart(6)
  const number = (x: number) => x.toFixed(2).padStart(7)
  const head = `${'prompt'.padEnd(30)}  moved  of rest  change  before   after  others  flips  identity  length  channels`
  const lines = rows.map(
    (row) =>
      `${row.text.padEnd(30)} ${percent(row.moved)}   ${percent(row.movedOfRest)} ${number(row.change)}  ${percent(row.fulfilledBefore)}  ${percent(row.fulfilledAfter)} ${number(row.otherNumbers)} ${percent(row.otherChoices)}   ${number(row.identity)} ${number(row.length)}    ${percent(row.channels)}`,
  )
  const good = rows.filter((row) => row.moved >= 0.8).length
  const ofRest = rows.filter((row) => !(row.movedOfRest < 0.8)).length
  return [
    head,
    ...lines,
    `${good} of ${rows.length} prompts move the asked attribute the asked way in at least 80 % of the people,`,
    `${ofRest} in at least 80 % of those who did not have it before ("of rest").`,
  ].join('\n')
}
