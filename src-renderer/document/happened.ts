import type { Recipe } from '../../src-main/contract/document.ts'
import type { JournalLine } from '../../src-main/contract/history.ts'
import type { History, Step } from './history.ts'

/** What must be written down of the way from one history to the next; 'cut' when its limit took a part away. */
export function happened(before: History<Recipe>, now: History<Recipe>): JournalLine[] | 'cut' {
  if (now.steps === before.steps) return now.current === before.current ? [] : [{ kind: 'go', to: now.current }]
  const added = now.steps.filter((step) => step.id >= before.nextId)
  if (now.root !== before.root || now.steps.length !== before.steps.length + added.length) return 'cut'
  const lines: JournalLine[] = added.map((step) => ({ kind: 'step', step: storedStep(step) }))
  return now.current === (added.at(-1)?.id ?? before.current) ? lines : [...lines, { kind: 'go', to: now.current }]
}

/** A step as plain data that may be changed: nobody does, but the schema's type does not know. */
export const storedStep = (step: Step) => step as Extract<JournalLine, { kind: 'step' }>['step']
