import { applyPatches, type Patch } from 'immer'
import type { History, Step } from './history.ts'
import { lineThrough, pathTo } from './tree.ts'

/** What the steps of one document may take in memory, in characters of JSON: tens of thousands of steps, since pictures and masks are named, not held. */
export const HISTORY_LIMIT = 32_000_000

const sizes = new WeakMap<Step, number>()

/** How large a step is, in characters of JSON. */
function sizeOf(step: Step): number {
  const known = sizes.get(step)
  if (known !== undefined) return known
  const size = JSON.stringify(step).length
  sizes.set(step, size)
  return size
}

export const sizeOfSteps = (steps: readonly Step[]): number => steps.reduce((sum, step) => sum + sizeOf(step), 0)

/**
 * A history within a limit. Abandoned branches go first, the oldest first, from their ends; then the present branch loses its beginning. The present
 * state, what redo would bring back, and states in `keep` (snapshots) stay reachable as long as the limit allows.
 */
export function limit<T>(history: History<T>, most: number, keep: readonly number[] = []): History<T> {
  let size = sizeOfSteps(history.steps)
  if (size <= most || history.mark !== undefined) return history
  const kept = new Set([history.current, ...keep].flatMap((id) => (pathTo(history, id) ?? []).map((step) => step.id)))
  for (const step of lineThrough(history, history.current)) kept.add(step.id)
  const gone = new Set<number>()
  const children = new Map<number, number>()
  for (const { parent } of history.steps) children.set(parent, (children.get(parent) ?? 0) + 1)
  for (const step of history.steps) {
    if (size <= most) break
    // From this end towards its fork, as long as nothing else hangs on it.
    for (let end: Step | undefined = step; end !== undefined && size > most;) {
      if (kept.has(end.id) || gone.has(end.id) || (children.get(end.id) ?? 0) > 0) break
      gone.add(end.id)
      size -= sizeOf(end)
      children.set(end.parent, children.get(end.parent)! - 1)
      const { parent }: Step = end
      end = history.steps.find(({ id }) => id === parent)
    }
  }
  const steps = history.steps.filter((step) => !gone.has(step.id))
  const onward = new Map([...history.onward].filter(([from, to]) => !gone.has(from) && !gone.has(to)))
  return cutBeginning({ ...history, steps, onward }, most, size, new Set(keep))
}

/** While the oldest state has one continuation only, and nobody stands on it, its step is taken for done. */
function cutBeginning<T>(history: History<T>, most: number, size: number, keep: ReadonlySet<number>): History<T> {
  let { root, opened, steps } = history
  while (size > most && root !== history.current && !keep.has(root)) {
    const first = steps.filter((step) => step.parent === root)
    if (first.length !== 1) break
    const [step] = first as [Step]
    opened = applyPatches(opened as object, step.forward as Patch[]) as T
    root = step.id
    size -= sizeOf(step)
    steps = steps.filter((other) => other !== step)
  }
  return { ...history, root, opened, steps }
}
