import { expect, it } from 'vitest'
import { figuresOf, reaches, type Evaluation } from './evaluation.ts'
import { evaluationPage } from './evaluation-page.ts'
import { evaluationText } from './evaluation-text.ts'
import type { EvaluationRow } from './evaluate.ts'
import { editPrompts } from './edit-prompts.ts'

const row = (text: string, changes: Partial<EvaluationRow> = {}): EvaluationRow => ({
  text,
  ...{ unknownWords: [], moved: 1, movedOfRest: 1, change: 1, fulfilledBefore: 0.1, fulfilledAfter: 0.9, drifts: [] },
  ...{
    otherNumbers: 0.1,
    otherChoices: 0.05,
    identity: 0.3,
    samePerson: 1,
    happier: 0.95,
    older: 0.5,
    length: 0.5,
    channels: 0.1,
    pictures: [],
  },
  ...changes,
})
const evaluation: Evaluation = {
  pack: { id: 'tiny', title: 'Tiny & <faces>', hash: '0123456789abcdef', imageSize: 16 },
  ...{ people: 8, seed: 1, strength: 1, explainedVariance: { 'b4.conv1': 0.5 } },
  rows: [
    row('smiling'),
    row('geriatric', { unknownWords: ['geriatric'], moved: 0.4, drifts: [{ name: 'skin_tone', by: -0.5 }] }),
    row('with red hair', { samePerson: 0.5, pictures: [{ before: 'data:,before', after: 'data:,after', change: -0.2 }] }),
  ],
}
const figure = (part: string) => figuresOf(evaluation).find(({ name }) => name.includes(part))!

it('words never seen count by themselves, and prompts about identity do not count for identity', () => {
  expect(figure('known words').value).toBe(100)
  expect(figure('never seen').value).toBe(40)
  expect(reaches(figure('never seen'))).toBe(false)
  expect(figure('same person').value).toBe(75)
  expect(figure('other attributes').value).toBeCloseTo(1 / 3, 6)
  expect(reaches(figure('other attributes'))).toBe(true)
  expect(figure('happier').value).toBeCloseTo(95, 6)
})

it('the page has the worst prompt first, no other file in it, and no foreign markup', () => {
  const page = evaluationPage(evaluation)
  expect(page.indexOf('geriatric')).toBeLessThan(page.indexOf('with red hair'))
  expect(page).toContain('Tiny &#38; &#60;faces&#62;')
  expect(page).not.toMatch(/(?:src|href)="(?!data:)/)
  expect(page).not.toMatch(/https?:/)
})

it('the table has a line for each prompt and says which words are new', () => {
  const lines = evaluationText(evaluation).split('\n')
  expect(lines.filter((line) => /^(smiling|geriatric \*|with red hair) /.test(line))).toHaveLength(3)
})

it('there are sixty prompts, each once', () => {
  expect(new Set(editPrompts.map(({ text }) => text)).size).toBe(60)
})
