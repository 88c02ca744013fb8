import type { EvaluationRow } from './evaluate.ts'
import type { InversionReport } from './closeness.ts'
import { mean } from './numbers.ts'
import type { Understanding } from './understanding.ts'

/** Everything that `evaluate` finds out about a pack. */
export interface Evaluation {
  readonly pack: { readonly id: string; readonly title: string; readonly hash: string; readonly imageSize: number }
  readonly people: number
  readonly seed: number
  readonly strength: number
  readonly rows: readonly EvaluationRow[]
  /** Shares of the bridge's held-out variance, by style layer. */
  readonly explainedVariance: Readonly<Record<string, number>>
  /** Only where test pictures were given. */
  readonly generatorPsnr?: number
  readonly understanding?: Understanding
  readonly inversions?: InversionReport
}

/** A figure beside its goal. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: '%' | 'dB' | ''
  readonly goal?: number
  /** Whether less is better. */
  readonly atMost?: boolean
}

/** Prompts that ask for another person: the identity may go. */
const aboutIdentity = /\b(old|young|female|male|man|woman|skin|teenager|geriatric|macho|ladylike)\b/

/** The table of the summary: what was measured beside what was wanted. */
export function figuresOf({ rows, generatorPsnr, understanding, inversions }: Evaluation): Figure[] {
  const of = (some: readonly EvaluationRow[], value: (row: EvaluationRow) => number) => 100 * mean(some.map(value))
  const known = rows.filter(({ unknownWords }) => unknownWords.length === 0)
  const unknown = rows.filter(({ unknownWords }) => unknownWords.length > 0)
  const one = (text: string, value: (row: EvaluationRow) => number) =>
    rows.filter((row) => row.text === text).map((row) => 100 * value(row))
  const figures: (Figure | undefined)[] = [
    generatorPsnr === undefined
      ? undefined
      : { name: 'generator against the renderer, same z', value: generatorPsnr, unit: 'dB', goal: 27 },
    understanding && {
      name: 'a sentence’s nearest picture has all that it says',
      value: 100 * understanding.retrieval.fitting,
      unit: '%',
      goal: 60,
    },
    understanding && {
      name: 'zero-shot questions, balanced accuracy',
      value: 100 * mean(understanding.zeroShot.map((x) => x.accuracy)),
      unit: '%',
      goal: 92,
    },
    {
      name: `asked attribute moves the asked way, ${known.length} prompts of known words`,
      value: of(known, (row) => row.moved),
      unit: '%',
      goal: 92,
    },
    unknown.length === 0
      ? undefined
      : { name: `the same, ${unknown.length} prompts with words never seen`, value: of(unknown, (row) => row.moved), unit: '%', goal: 80 },
    {
      name: 'other attributes that move by more than .25 deviations, a prompt',
      value: mean(rows.map((row) => row.drifts.length)),
      unit: '',
      goal: 1.5,
      atMost: true,
    },
    {
      name: 'the same person to face-api, prompts not about identity',
      value: of(
        rows.filter(({ text }) => !aboutIdentity.test(text)),
        (row) => row.samePerson,
      ),
      unit: '%',
      goal: 85,
    },
    ...one('smiling', (row) => row.happier).map((value): Figure => ({
      name: '“smiling” is happier to face-api',
      value,
      unit: '%',
      goal: 90,
    })),
    ...one('an old face', (row) => row.older).map((value): Figure => ({
      name: '“an old face” is older to face-api',
      value,
      unit: '%',
      goal: 90,
    })),
    ...(inversions?.ways ?? []).map(({ way, psnr }): Figure => ({
      name: `inversion, ${way}`,
      value: psnr,
      unit: 'dB',
      ...(way === 'instant' ? {} : { goal: 26 }),
    })),
  ]
  return figures.filter((figure) => figure !== undefined)
}

export const reaches = ({ value, goal, atMost }: Figure): boolean | undefined =>
  goal === undefined || Number.isNaN(value) ? undefined : atMost ? value <= goal : value >= goal

/** A number of one digit after the point, with its unit; "–" where there is none. */
export const shown = (value: number, unit: string): string =>
  Number.isNaN(value) ? '–' : `${value.toFixed(1)}${unit === '' ? '' : ` ${unit}`}`
