import { figuresOf, reaches, shown, type Evaluation } from './evaluation.ts'
import type { EvaluationRow } from './evaluate.ts'

/** What `evaluate` prints: a line a prompt, then the figures beside their goals. Somebody bald cannot be made balder: see "of rest". */
export function evaluationText(evaluation: Evaluation): string {
  const figures = figuresOf(evaluation).map((figure) => {
    const goal =
      figure.goal === undefined ? '' : `goal ${figure.atMost ? '≤' : '≥'} ${figure.goal}${figure.unit === '' ? '' : ` ${figure.unit}`}`
    return `${figure.name.padEnd(72)} ${shown(figure.value, figure.unit).padStart(9)}   ${goal.padEnd(13)} ${{ true: 'reached', false: 'missed', undefined: '' }[`${reaches(figure)}`]}`.trimEnd()
  })
  const layers = Object.entries(evaluation.explainedVariance).map(([layer, share]) => `${layer.padEnd(16)} ${(100 * share).toFixed(1)} %`)
  return [
    promptTable(evaluation.rows),
    ...(layers.length > 0 ? ['', 'Variance of the styles that the bridge explains, held out:', ...layers] : []),
    '',
    ...figures,
  ].join('\n')
}

function promptTable(rows: readonly EvaluationRow[]): string {
  const percent = (x: number) => (Number.isNaN(x) ? '–' : `${Math.round(100 * x)} %`).padStart(6)
  const number = (x: number) => x.toFixed(2).padStart(7)
  const head = `${'prompt'.padEnd(32)}  moved  of rest  change  before   after  drifts  others  flips  identity   same  length  channels`
  const lines = rows.map((row) => {
    const name = row.unknownWords.length > 0 ? `${row.text} *` : row.text
    const effects = `${String(row.drifts.length).padStart(7)} ${number(row.otherNumbers)} ${percent(row.otherChoices)}`
    return `${name.padEnd(32)} ${percent(row.moved)}   ${percent(row.movedOfRest)} ${number(row.change)}  ${percent(row.fulfilledBefore)}  ${percent(row.fulfilledAfter)} ${effects}   ${number(row.identity)} ${percent(row.samePerson)} ${number(row.length)}    ${percent(row.channels)}`
  })
  return [head, ...lines, '* has words that the pack’s vocabulary never saw whole'].join('\n')
}
