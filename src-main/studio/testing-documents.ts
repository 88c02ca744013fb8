import { defaultComposite, newEditLayer, type Recipe } from '../contract/document.ts'
import type { JournalLine, StoredHistory } from '../contract/history.ts'

export const testRecipe = (photo = 'b'.repeat(64)): Recipe => ({
  format: 1,
  pack: { id: 'tiny', hash: 'a' },
  photo: { id: photo, name: 'holiday.jpg' },
  crop: { center: [50, 30], size: 40, angle: 0 },
  quality: 'instant',
  layers: [newEditLayer('first', 'smiling')],
  composite: defaultComposite,
})

/** A document as it was opened. */
export const historyOf = (opened: Recipe): StoredHistory => ({
  format: 1,
  root: 0,
  opened,
  steps: [],
  current: 0,
  snapshots: [],
  pictures: [],
})
export const emptyHistory = historyOf(testRecipe())

/** A step that sets the first layer's strength. */
export const testStep = (id: number, parent: number): Extract<JournalLine, { kind: 'step' }>['step'] => ({
  id,
  parent,
  label: { key: 'step.strength', values: { value: '2' } },
  forward: [{ op: 'replace', path: ['layers', 0, 'strength'], value: id / 10 }],
  backward: [{ op: 'replace', path: ['layers', 0, 'strength'], value: parent / 10 }],
  at: 1_700_000_000_000 + id,
})
