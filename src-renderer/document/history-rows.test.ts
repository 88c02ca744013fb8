import { describe, expect, it } from 'vitest'
import { begin, commit, undo, visit, type History } from './history.ts'
import { historyRows, nextBranch } from './history-rows.ts'

interface Counter {
  readonly n: number
}
const add = (history: History<Counter>, n: number) => commit(history, { key: 'add' }, (draft) => void (draft.n = n))
/** 0 ← 1 ← 2 ← 3, then from 1: 4 ← 5, then from 0: 6. */
const three = [1, 2, 3].reduce(add, begin<Counter>({ n: 0 }))
const two = add(add(visit(three, 1), 40), 50)
const all = add(visit(two, 0), 60)
const drawn = (history: History<Counter>) =>
  historyRows(history).map(({ id, lane, passing, forks, isContinued }) => [id, lane, passing, forks, isContinued])

describe('the rows of a history', () => {
  it('are one column while there is one branch, the newest first', () => {
    const rows = historyRows(undo(three))
    expect(rows.map(({ id, lane }) => [id, lane])).toStrictEqual([
      [3, 0],
      [2, 0],
      [1, 0],
      [0, 0],
    ])
    expect(rows.map((row) => row.isUndone)).toStrictEqual([true, false, false, false])
    expect(rows.map((row) => row.isFounded)).toStrictEqual([true, true, true, false])
  })

  it('give every branch a column from its end down to where it left another', () => {
    expect(drawn(two)).toStrictEqual([
      [5, 0, [], [], false],
      [4, 0, [], [], true],
      [3, 1, [0], [], false],
      [2, 1, [0], [], true],
      [1, 0, [], [1], true],
      [0, 0, [], [], true],
    ])
  })

  it('let branches pass by each other, and use a column again', () => {
    expect(drawn(all)).toStrictEqual([
      [6, 0, [], [], false],
      [5, 1, [0], [], false],
      [4, 1, [0], [], true],
      [3, 2, [1, 0], [], false],
      [2, 2, [1, 0], [], true],
      [1, 1, [0], [2], true],
      [0, 0, [], [1], true],
    ])
  })

  it('put the present branch first, wherever a person goes', () => {
    expect(
      historyRows(visit(all, 3))
        .filter((row) => row.lane === 0)
        .map((row) => row.id),
    ).toStrictEqual([3, 2, 1, 0])
  })
})

it('goes through the branches one by one', () => {
  const visited = [0, 1, 2, 3].reduce<number[]>((seen) => [...seen, nextBranch(visit(all, seen.at(-1)!))!], [6])
  expect(visited).toStrictEqual([6, 5, 3, 6, 5])
  expect(nextBranch(three)).toBeUndefined()
})
