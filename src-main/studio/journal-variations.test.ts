import { expect, it } from 'vitest'
import type { StoredHistory } from '../contract/history.ts'
import { defaultComposite } from '../contract/document.ts'
import type { VariationGroup } from '../contract/variations.ts'
import { parseJournal } from './journal-lines.ts'

const history: StoredHistory = {
  format: 1,
  root: 0,
  opened: {
    format: 1,
    pack: { id: 'p', hash: 'h' },
    photo: { id: 'a'.repeat(64), name: 'a.jpg' },
    crop: { center: [1, 1], size: 2, angle: 0 },
    quality: 'instant',
    layers: [],
    composite: defaultComposite,
  },
  steps: [],
  current: 0,
  snapshots: [],
  pictures: [],
}
const group = (id: string, expected = 4): VariationGroup => ({ id, prompt: id, made: '', vary: [], expected, state: 's', results: [] })
const journal = (...lines: unknown[]) => [history, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('')
const variations = (changed: VariationGroup[], gone: string[] = []) => ({ kind: 'variations', changed, gone })

it('keeps the filmstrip: new groups first, changed ones in their place, none that are gone', () => {
  const { history: read, isTorn } = parseJournal(
    journal(variations([group('one')]), variations([group('two')]), variations([group('one', 2)]), variations([group('three')], ['two'])),
  )
  expect(isTorn).toBe(false)
  expect(read.variations).toEqual([group('three'), group('one', 2)])
})
