import { applyPatches, enablePatches, produceWithPatches, type Draft, type Patch } from 'immer'
import { lineThrough, stepOf, wayBetween } from './tree.ts'

enablePatches()

/** What a step says in the history list: an i18n key and its values, so that the list follows the language. */
export interface Label {
  readonly key: string
  readonly values?: Readonly<Record<string, string | number>>
}

export interface Step {
  readonly id: number
  /** The step that it was made after; the history's root for the first ones. */
  readonly parent: number
  readonly label: Label
  readonly forward: readonly Patch[]
  readonly backward: readonly Patch[]
  /** Milliseconds since 1970. */
  readonly at: number
}

/** A gesture in progress: every preview starts again from `base`, so bailing out is exact. */
interface Mark<T> {
  readonly base: T
  readonly label: Label
  readonly forward: readonly Patch[]
  readonly backward: readonly Patch[]
}

/**
 * The document and how it came to be: a tree of steps, since going back and doing something else makes a branch and throws nothing away.
 * Invariant: `present` is `opened` with the steps from the root to `current` applied, plus the open mark's preview.
 */
export interface History<T> {
  readonly present: T
  /** The oldest state that is kept, and the number of the step that made it: 0, the document as opened, until a limit cuts the beginning off. */
  readonly opened: T
  readonly root: number
  /** All steps of all branches, in the order in which they were made, which is that of their numbers. */
  readonly steps: readonly Step[]
  /** The step that made the present state. */
  readonly current: number
  readonly nextId: number
  /** From a step to the one that redo goes to: the branch that was last walked. */
  readonly onward: ReadonlyMap<number, number>
  readonly mark: Mark<T> | undefined
}

export type Change<T> = (draft: Draft<T>) => void

export const begin = <T>(present: T): History<T> => ({
  present,
  opened: present,
  root: 0,
  steps: [],
  current: 0,
  nextId: 1,
  onward: new Map(),
  mark: undefined,
})

/** A history that was stored. Throws where a step's patches do not fit the state before it. */
export function restore<T>(stored: { opened: T; root: number; steps: readonly Step[]; current: number }): History<T> {
  const { opened, root, steps, current } = stored
  const onward = new Map(steps.map((step) => [step.parent, step.id]))
  const nextId = Math.max(root, ...steps.slice(-1).map((step) => step.id)) + 1
  return visit({ present: opened, opened, root, steps, current: root, nextId, onward, mark: undefined }, current)
}

/** One change as one step. A change that changes nothing leaves no step. What was undone before it stays, as a branch. */
export function commit<T>(history: History<T>, label: Label, change: Change<T>): History<T> {
  return settle(preview(mark(history, label), change))
}

/** Opens a gesture. An open one is settled first. */
export function mark<T>(history: History<T>, label: Label): History<T> {
  const settled = settle(history)
  return { ...settled, mark: { base: settled.present, label, forward: [], backward: [] } }
}

/** Shows a change of the open gesture, replacing the one shown before. Without a gesture nothing happens. */
export function preview<T>(history: History<T>, change: Change<T>): History<T> {
  if (history.mark === undefined) return history
  const { base, label } = history.mark
  const [present, forward, backward] = produceWithPatches(base, change as (draft: unknown) => void) as unknown as [T, Patch[], Patch[]]
  return { ...history, present, mark: { base, label, forward, backward } }
}

/** Ends the gesture: what it last showed becomes one step. @param label says what came of it, when that was not known at its beginning */
export function settle<T>(history: History<T>, label?: Label): History<T> {
  const { mark: open, steps, current, nextId, onward } = history
  if (open === undefined) return history
  if (open.forward.length === 0) return { ...history, present: open.base, mark: undefined }
  const { forward, backward } = open
  const step: Step = { id: nextId, parent: current, label: label ?? open.label, forward, backward, at: Date.now() }
  return {
    ...history,
    steps: [...steps, step],
    current: step.id,
    nextId: nextId + 1,
    onward: new Map(onward).set(current, step.id),
    mark: undefined,
  }
}

/** Ends the gesture as if it had never begun. */
export function bail<T>(history: History<T>): History<T> {
  return history.mark === undefined ? history : { ...history, present: history.mark.base, mark: undefined }
}

export const canUndo = <T>(history: History<T>): boolean => history.current !== history.root
export const canRedo = <T>(history: History<T>): boolean => history.onward.has(history.current)

export const undo = <T>(history: History<T>): History<T> => visit(history, stepOf(history.steps, history.current)?.parent ?? history.root)
export const redo = <T>(history: History<T>): History<T> => visit(history, history.onward.get(history.current) ?? history.current)

/** Walks to the state that a step made, on whatever branch it is, the root being the oldest. Unknown numbers lead nowhere. An open gesture is bailed out of. */
export function visit<T>(history: History<T>, id: number): History<T> {
  const from = bail(history)
  const way = wayBetween(from, from.current, id)
  if (way === undefined) return from
  let present = from.present as object
  for (const step of way.back) present = applyPatches(present, step.backward as Patch[])
  for (const step of way.forth) present = applyPatches(present, step.forward as Patch[])
  const onward = new Map(from.onward)
  for (const step of way.forth) onward.set(step.parent, step.id)
  return { ...from, present: present as T, current: id, onward }
}

/** The state that a step made. Undefined for unknown numbers. */
export function stateAt<T>(history: History<T>, id: number): T | undefined {
  const there = visit(history, id)
  return there.current === id ? there.present : undefined
}

/** The present branch: the steps from the root to the present state and on to where redo ends. */
export const line = <T>(history: History<T>): readonly Step[] => lineThrough(history, history.current)
