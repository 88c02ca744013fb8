import { applyPatches, enablePatches, produceWithPatches, type Draft, type Patch } from 'immer'

enablePatches()

/** What a step says in the history list: an i18n key and its values, so that the list follows the language. */
export interface Label {
  readonly key: string
  readonly values?: Readonly<Record<string, string | number>>
}

export interface Step {
  readonly id: number
  readonly label: Label
  readonly forward: readonly Patch[]
  readonly backward: readonly Patch[]
}

/** A gesture in progress: every preview starts again from `base`, so bailing out is exact. */
interface Mark<T> {
  readonly base: T
  readonly label: Label
  readonly forward: readonly Patch[]
  readonly backward: readonly Patch[]
}

/** The document and how it came to be. Invariant: `present` is `steps[0 … position)` applied to the document as it was opened, plus the open mark's preview. */
export interface History<T> {
  readonly present: T
  readonly steps: readonly Step[]
  readonly position: number
  readonly nextId: number
  readonly mark: Mark<T> | undefined
}

export type Change<T> = (draft: Draft<T>) => void

export const begin = <T>(present: T): History<T> => ({ present, steps: [], position: 0, nextId: 1, mark: undefined })

/** One change as one step. A change that changes nothing leaves no step. What was undone before it is dropped. */
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
  const { mark: open, present, steps, position, nextId } = history
  if (open === undefined) return history
  if (open.forward.length === 0) return { ...history, present: open.base, mark: undefined }
  const step: Step = { id: nextId, label: label ?? open.label, forward: open.forward, backward: open.backward }
  return { present, steps: [...steps.slice(0, position), step], position: position + 1, nextId: nextId + 1, mark: undefined }
}

/** Ends the gesture as if it had never begun. */
export function bail<T>(history: History<T>): History<T> {
  return history.mark === undefined ? history : { ...history, present: history.mark.base, mark: undefined }
}

export const canUndo = <T>(history: History<T>): boolean => history.position > 0
export const canRedo = <T>(history: History<T>): boolean => history.position < history.steps.length

export const undo = <T>(history: History<T>): History<T> => goTo(history, bail(history).position - 1)
export const redo = <T>(history: History<T>): History<T> => goTo(history, bail(history).position + 1)

/** Walks to the state after `position` steps, 0 being the document as opened. Positions outside the list are the nearest one inside. */
export function goTo<T>(history: History<T>, position: number): History<T> {
  const from = bail(history)
  const target = Math.min(Math.max(position, 0), from.steps.length)
  let present = from.present as object
  for (let i = from.position; i > target; i--) present = applyPatches(present, from.steps[i - 1]!.backward as Patch[])
  for (let i = from.position; i < target; i++) present = applyPatches(present, from.steps[i]!.forward as Patch[])
  return { ...from, present: present as T, position: target }
}
