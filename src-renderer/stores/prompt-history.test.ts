import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { merged, promptFile, readPrompts, remembered, type PromptEntry } from './prompt-history.ts'

const entry = (text: string, changes: Partial<PromptEntry> = {}): PromptEntry => ({
  text,
  neutral: '',
  isStarred: false,
  count: 1,
  used: '2026-01-01T00:00:00.000Z',
  on: [],
  ...changes,
})
const use = (text: string, used = '2026-02-01T00:00:00.000Z', on = 'holiday.jpg') => ({ text, neutral: '', on, used })

describe('the history of prompts', () => {
  it('puts what is used to the front, counts it, and keeps its star and picture', () => {
    const before = [entry('older'), entry('smiling', { isStarred: true, picture: 'AAAA', on: ['portrait.jpg'] })]
    const [first, second, ...more] = remembered(before, use('smiling'))
    expect(first).toMatchObject({ text: 'smiling', isStarred: true, picture: 'AAAA', count: 2, on: ['holiday.jpg', 'portrait.jpg'] })
    expect([second?.text, more]).toStrictEqual(['older', []])
  })

  it('comes back from its file as it was', () => {
    const text = fc.string({ minLength: 1, maxLength: 40 })
    const entries = fc.uniqueArray(
      fc.record({ text, neutral: fc.string({ maxLength: 20 }), isStarred: fc.boolean(), count: fc.integer({ min: 1, max: 99 }) }),
      { selector: (each) => each.text, maxLength: 20 },
    )
    fc.assert(
      fc.property(entries, (some) => {
        const list = some.map((each) => entry(each.text, each))
        expect(readPrompts(JSON.parse(JSON.stringify(promptFile(list))))).toStrictEqual(list)
      }),
      { numRuns: 50, seed: 4 },
    )
  })

  it('passes over what is no entry, and refuses what is no such file', () => {
    const file = { format: 'stylebridge-prompts-1', prompts: [{ text: 'red hair', count: -3 }, { text: '' }, 7, { text: 'x'.repeat(500) }] }
    expect(readPrompts(file)).toStrictEqual([entry('red hair', { used: '' })])
    for (const other of [undefined, [], { prompts: [] }, { format: 2, prompts: [] }]) expect(readPrompts(other)).toBeUndefined()
  })

  it('stays small enough to be kept: old pictures go first, then old words, never a star', () => {
    const many = Array.from({ length: 4000 }, (_, i) =>
      entry(`prompt ${i} ${'w'.repeat(350)}`, { picture: 'P'.repeat(4000), isStarred: i === 3999 }),
    )
    const { prompts } = promptFile(many)
    expect(JSON.stringify(prompts).length).toBeLessThan(2_000_000)
    expect(prompts[0]!.picture).toBeDefined()
    expect(prompts.at(-1)).toMatchObject({ text: many[3999]!.text, isStarred: true })
  })

  it('takes another history in without losing either', () => {
    const own = [entry('smiling', { used: '2026-03', count: 5 }), entry('red hair', { used: '2026-01' })]
    const others = [entry('smiling', { used: '2026-02', isStarred: true }), entry('with a hat', { used: '2026-02' })]
    expect(merged(own, others).map(({ text, isStarred, count }) => [text, isStarred, count])).toStrictEqual([
      ['smiling', true, 5],
      ['with a hat', false, 1],
      ['red hair', false, 1],
    ])
  })
})
