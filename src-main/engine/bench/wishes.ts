import type { JudgeOutput } from './judge.ts'

/** Something that an edit was asked for, in the judge's attributes: a number that should grow (or fall), or a choice that should become likelier. */
export type Wish =
  | { readonly number: string; readonly grows: boolean }
  | { readonly choice: string; readonly options: readonly string[]; readonly likelier: boolean }

/** How far a picture fulfils a wish: a number in standard deviations, a choice as log-odds of the options; more is better. */
export function fulfilment(outputs: readonly JudgeOutput[], verdict: Float32Array, wish: Wish): number {
  if ('number' in wish) {
    const index = outputs.findIndex(({ kind, name }) => kind === 'number' && name === wish.number)
    if (index < 0) throw new RangeError(`the judge knows no number "${wish.number}"`)
    return (wish.grows ? 1 : -1) * verdict[index]!
  }
  const odds = logOdds(outputs, verdict, wish.choice, wish.options)
  return wish.likelier ? odds : -odds
}

/** log(p ÷ (1 − p)), p the softmax probability that the choice is one of the options. */
function logOdds(outputs: readonly JudgeOutput[], verdict: Float32Array, choice: string, options: readonly string[]): number {
  const [yes, no]: [number[], number[]] = [[], []]
  outputs.forEach((output, i) => {
    if (output.kind === 'option' && output.name === choice) (options.includes(output.option) ? yes : no).push(verdict[i]!)
  })
  if (yes.length !== options.length || no.length === 0) throw new RangeError(`the judge does not know "${choice}" as ${options.join(', ')}`)
  return logSumExp(yes) - logSumExp(no)
}

function logSumExp(x: readonly number[]): number {
  const most = Math.max(...x)
  return most + Math.log(x.reduce((sum, value) => sum + Math.exp(value - most), 0))
}

/** What else changed between two pictures: mean |change| of the numbers nobody asked about, in deviations, and the share of choices that flipped. */
export function sideEffects(
  outputs: readonly JudgeOutput[],
  before: Float32Array,
  after: Float32Array,
  asked: ReadonlySet<string>,
): { numbers: number; choices: number } {
  let [sum, count] = [0, 0]
  outputs.forEach(({ kind, name }, i) => {
    if (kind !== 'number' || asked.has(name)) return
    sum += Math.abs(after[i]! - before[i]!)
    count++
  })
  const choices = [...new Set(outputs.flatMap(({ kind, name }) => (kind === 'option' && !asked.has(name) ? [name] : [])))]
  const flipped = choices.filter((choice) => chosen(outputs, before, choice) !== chosen(outputs, after, choice))
  return { numbers: count > 0 ? sum / count : 0, choices: choices.length > 0 ? flipped.length / choices.length : 0 }
}

/**
 * Numbers that nobody asked about and that an edit moves by more than `limit` deviations in the mean over people: what it does to
 * everybody, as opposed to what a judge's eye for one picture wavers by. Largest first.
 */
export function drifting(
  outputs: readonly JudgeOutput[],
  before: readonly Float32Array[],
  after: readonly Float32Array[],
  asked: ReadonlySet<string>,
  limit: number,
): { name: string; by: number }[] {
  const drifts = outputs.flatMap(({ kind, name }, k) => {
    if (kind !== 'number' || asked.has(name)) return []
    return { name, by: before.reduce((sum, was, i) => sum + after[i]![k]! - was[k]!, 0) / before.length }
  })
  return drifts.filter(({ by }) => Math.abs(by) > limit).toSorted((a, b) => Math.abs(b.by) - Math.abs(a.by))
}

function chosen(outputs: readonly JudgeOutput[], verdict: Float32Array, choice: string): number {
  let best = -1
  outputs.forEach(({ kind, name }, i) => {
    if (kind === 'option' && name === choice && (best < 0 || verdict[i]! > verdict[best]!)) best = i
  })
  return best
}
