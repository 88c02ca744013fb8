import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Recipe } from '../../src-main/contract/document.ts'
import { patchLayer, setComposite, setCrop } from './edits.ts'
import {
  bail,
  begin,
  canRedo,
  canUndo,
  commit,
  line,
  mark,
  preview,
  redo,
  restore,
  settle,
  stateAt,
  undo,
  visit,
  type History,
} from './history.ts'
import { removeLayers } from './stack.ts'
import { limit, sizeOfSteps } from './limit.ts'
import { anyAction, testDocument as document, testLabel as label } from './testing.ts'

const opened = () => begin(document)
const strength = (value: number) => patchLayer('first', { strength: value })
const actions = fc.array(anyAction, { minLength: 200, maxLength: 200 })
const runs = { seed: 7, numRuns: 12 }

/** Runs actions and remembers what the document looked like after each step. */
function played(all: readonly ((history: History<Recipe>) => History<Recipe>)[]) {
  let history = opened()
  const seen = new Map<number, Recipe>([[0, document]])
  for (const run of all) {
    history = run(history)
    if (history.mark === undefined && !seen.has(history.current)) seen.set(history.current, history.present)
  }
  return { history, seen }
}

describe('history', () => {
  it('undoes 200 random actions to the identical document and redoes them to the identical result', () => {
    fc.assert(
      fc.property(actions, (all) => {
        let end = played(all).history
        while (canRedo(end)) end = redo(end)
        let walked = end
        while (canUndo(walked)) walked = undo(walked)
        expect(walked.present).toStrictEqual(document)
        while (canRedo(walked)) walked = redo(walked)
        expect(walked.present).toStrictEqual(end.present)
        expect(walked.steps).toBe(end.steps)
      }),
      runs,
    )
  })

  it('reaches every state of every branch from every other', () => {
    fc.assert(
      fc.property(actions, (all) => {
        const { history, seen } = played(all)
        expect(history.steps.length).toBe(seen.size - 1)
        let walked = history
        for (const id of [...seen.keys()].sort((a, b) => (a % 7) - (b % 7))) {
          walked = visit(walked, id)
          expect(walked.present).toStrictEqual(seen.get(id))
        }
      }),
      runs,
    )
  })

  it('is the same after it was stored and restored', () => {
    fc.assert(
      fc.property(actions, (all) => {
        const { history, seen } = played(all)
        const { opened, root, steps, current } = history
        const back = restore(
          JSON.parse(JSON.stringify({ opened, root, steps, current })) as {
            [K in 'opened' | 'root' | 'steps' | 'current']: History<Recipe>[K]
          },
        )
        expect(back.present).toEqual(history.present)
        expect(back.nextId).toBe(history.nextId)
        for (const [id, state] of seen) expect(stateAt(back, id)).toEqual(state)
      }),
      runs,
    )
  })

  it('makes one step of a gesture, however many previews it showed', () => {
    let history = mark(opened(), label)
    for (const value of [1.1, 1.4, 2]) history = preview(history, strength(value))
    history = settle(history)
    expect(history.steps).toHaveLength(1)
    expect(history.present.layers[0]).toMatchObject({ strength: 2 })
    expect(undo(history).present).toStrictEqual(document)
  })

  it('bails out of a gesture without a trace, redo included', () => {
    const undone = undo(commit(opened(), label, strength(2)))
    const bailed = bail(preview(mark(undone, label), strength(-1)))
    expect(bailed).toStrictEqual(undone)
    expect(canRedo(bailed)).toBe(true)
  })

  it('leaves no step for a change that changes nothing', () => {
    expect(commit(opened(), label, removeLayers(['unknown'])).steps).toHaveLength(0)
    expect(commit(opened(), label, setCrop(document.crop)).steps).toHaveLength(0)
  })

  it('makes a branch when something else is done after going back, and redo follows the branch that was walked last', () => {
    const two = commit(commit(opened(), label, removeLayers(['first'])), label, setComposite({ residual: 0.5 }))
    const other = commit(undo(two), label, setComposite({ feather: 0.2 }))
    expect(other.steps.map(({ id, parent }) => [id, parent])).toStrictEqual([
      [1, 0],
      [2, 1],
      [3, 1],
    ])
    expect(line(other).map((step) => step.id)).toStrictEqual([1, 3])
    expect(canRedo(other)).toBe(false)
    expect(redo(undo(other)).current).toBe(3)
    const back = visit(other, 2)
    expect(back.present).toStrictEqual(two.present)
    expect(redo(undo(back)).current).toBe(2)
  })

  it('leads nowhere by a number that there is not', () => {
    const one = commit(opened(), label, strength(2))
    expect(visit(one, 9).current).toBe(1)
    expect(stateAt(one, 9)).toBeUndefined()
  })

  it('keeps strengths inside their limits', () => {
    expect(commit(opened(), label, strength(9)).present.layers[0]).toMatchObject({ strength: 3 })
  })
})

describe('the limit of a history', () => {
  it('holds, keeps the present state, snapshots and redo, and what is left is reachable', () => {
    fc.assert(
      fc.property(actions, fc.integer({ min: 500, max: 20_000 }), fc.nat(60), (all, most, snapshot) => {
        const { history, seen } = played(all)
        const kept = seen.has(snapshot) ? [snapshot] : []
        const limited = limit(bail(history), most, kept)
        expect(limited.present).toStrictEqual(bail(history).present)
        for (const id of [limited.root, ...kept, ...limited.steps.map((step) => step.id)]) {
          expect(stateAt(limited, id)).toEqual(seen.get(id))
        }
        expect(line(limited).at(-1)?.id ?? limited.root).toBe(line(history).at(-1)?.id ?? limited.root)
        expect(sizeOfSteps(limited.steps)).toBeLessThanOrEqual(sizeOfSteps(history.steps))
      }),
      runs,
    )
  })

  it('drops abandoned branches first, then the beginning', () => {
    let history = opened()
    for (let value = 0; value < 10; value++) history = commit(history, label, strength(value / 10 - 1))
    history = visit(history, 5)
    for (let value = 0; value < 10; value++) history = commit(history, label, strength(value / 10 + 0.5))
    const one = sizeOfSteps(history.steps.slice(0, 1))
    const without = limit(history, one * 16)
    expect(without.root).toBe(0)
    expect(line(without)).toHaveLength(15)
    const short = limit(history, one * 8)
    expect(short.root).toBeGreaterThan(0)
    expect(sizeOfSteps(short.steps)).toBeLessThanOrEqual(one * 8)
    expect(canUndo(visit(short, short.root))).toBe(false)
  })
})
