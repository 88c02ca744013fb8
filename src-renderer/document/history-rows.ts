import type { Step } from './history.ts'
import { lineThrough, type Tree } from './tree.ts'

/** A state in the history list, the newest at the top, with its place in the drawing of the branches. */
export interface HistoryRow {
  readonly id: number
  /** Undefined for the oldest state. */
  readonly step: Step | undefined
  /** The column of its dot; 0 is the present branch. */
  readonly lane: number
  /** Whether its branch goes on above it, and whether there is something below it. */
  readonly isContinued: boolean
  readonly isFounded: boolean
  /** Columns of other branches that pass by. */
  readonly passing: readonly number[]
  /** Columns whose branch begins here. */
  readonly forks: readonly number[]
  /** It is on the present branch, and lies beyond the present state there. */
  readonly isOnLine: boolean
  readonly isUndone: boolean
}

/** The rows of a history: all branches, each in a column of its own, the present one in the first. */
export function historyRows(tree: Tree & { readonly current: number }): HistoryRow[] {
  const line = lineThrough(tree, tree.current)
  const onLine = new Set([tree.root, ...line.map((step) => step.id)])
  const lanes = new Map<number, number>([...onLine].map((id) => [id, 0]))
  /** Rows count from the oldest state. */
  const rowOf = new Map<number, number>([[tree.root, 0], ...tree.steps.map((step, index) => [step.id, index + 1] as const)])
  const passing: number[][] = Array.from({ length: tree.steps.length + 1 }, () => [])
  const forks: number[][] = passing.map(() => [])
  const continued = new Set(line.map((step) => step.parent))
  /** For each column the rows that are taken. */
  const taken: [from: number, to: number][][] = [[]]

  for (const end of tree.steps.toReversed()) {
    if (lanes.has(end.id)) continue
    const branch = branchTo(end, tree.steps, rowOf, lanes)
    const fork = branch.at(-1)!.parent
    const [from, to] = [rowOf.get(fork)!, rowOf.get(end.id)!]
    const lane = freeLane(taken, from, to)
    for (const step of branch) lanes.set(step.id, lane)
    for (const step of branch.slice(0, -1)) continued.add(step.parent)
    const own = new Set(branch.map((step) => rowOf.get(step.id)))
    for (let row = from + 1; row < to; row++) if (!own.has(row)) passing[row]!.push(lane)
    forks[from]!.push(lane)
  }
  const last = rowOf.get(line.at(-1)?.id ?? tree.root)!
  for (let row = 1; row < last; row++) if (!onLine.has(tree.steps[row - 1]!.id)) passing[row]!.push(0)

  const row = (id: number, step: Step | undefined): HistoryRow => ({
    id,
    step,
    lane: lanes.get(id)!,
    isContinued: continued.has(id),
    isFounded: step !== undefined,
    passing: passing[rowOf.get(id)!]!,
    forks: forks[rowOf.get(id)!]!,
    isOnLine: onLine.has(id),
    isUndone: onLine.has(id) && id > tree.current,
  })
  return [...tree.steps.toReversed().map((step) => row(step.id, step)), row(tree.root, undefined)]
}

/** From a branch's end towards the state that it left, those steps that have no column yet. */
function branchTo(end: Step, steps: readonly Step[], rowOf: ReadonlyMap<number, number>, lanes: ReadonlyMap<number, number>): Step[] {
  const branch = [end]
  for (let parent = end.parent; !lanes.has(parent);) {
    const step = steps[rowOf.get(parent)! - 1]!
    branch.push(step)
    parent = step.parent
  }
  return branch
}

function freeLane(taken: [number, number][][], from: number, to: number): number {
  let lane = 1
  while (taken[lane]?.some(([a, b]) => from < b && a < to) === true) lane++
  ;(taken[lane] ??= []).push([from, to])
  return lane
}

/** The end of the next branch, in the order in which branches were last worked on; for going through them one by one. */
export function nextBranch(tree: Tree & { readonly current: number }): number | undefined {
  const parents = new Set(tree.steps.map((step) => step.parent))
  const ends = tree.steps.filter((step) => !parents.has(step.id)).map((step) => step.id)
  const now = lineThrough(tree, tree.current).at(-1)?.id
  if (ends.length < 2 || now === undefined) return undefined
  return ends[(ends.indexOf(now) - 1 + ends.length) % ends.length]
}
