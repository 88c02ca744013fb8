import type { Step } from './history.ts'

/** What of a history tells its shape. */
export interface Tree {
  readonly root: number
  readonly steps: readonly Step[]
  readonly onward: ReadonlyMap<number, number>
}

/** A step by its number; steps lie in the order of their numbers. */
export function stepOf(steps: readonly Step[], id: number): Step | undefined {
  let [low, high] = [0, steps.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (steps[middle]!.id < id) low = middle + 1
    else high = middle
  }
  return steps[low]?.id === id ? steps[low] : undefined
}

/** The steps from the root to a state, the oldest first. Undefined where there is no such state. */
export function pathTo({ root, steps }: Pick<Tree, 'root' | 'steps'>, id: number): Step[] | undefined {
  const path: Step[] = []
  for (let at = id; at !== root;) {
    const step = stepOf(steps, at)
    if (step === undefined) return undefined
    path.push(step)
    at = step.parent
  }
  return path.reverse()
}

/** The steps to take back, the newest first, and those to do then, to get from one state to another. */
export function wayBetween(tree: Pick<Tree, 'root' | 'steps'>, from: number, to: number): { back: Step[]; forth: Step[] } | undefined {
  const [here, there] = [pathTo(tree, from), pathTo(tree, to)]
  if (here === undefined || there === undefined) return undefined
  let shared = 0
  while (shared < here.length && shared < there.length && here[shared] === there[shared]) shared++
  return { back: here.slice(shared).reverse(), forth: there.slice(shared) }
}

/** The branch through a state: the way to it, and on to where redo ends. */
export function lineThrough(tree: Tree, id: number): Step[] {
  const line = pathTo(tree, id) ?? []
  for (let next = tree.onward.get(id); next !== undefined; next = tree.onward.get(next)) {
    const step = stepOf(tree.steps, next)
    if (step === undefined) break
    line.push(step)
  }
  return line
}
