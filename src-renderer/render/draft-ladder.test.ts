import { describe, expect, it } from 'vitest'
import { DraftLadder } from './draft-ladder.ts'

const gesture = (ladder: DraftLadder, milliseconds: number, drafts = 6) => {
  for (let i = 0; i < drafts; i++) ladder.took(milliseconds)
  ladder.rest()
}

describe('the size of drafts', () => {
  it('falls at once when two in a row are slow, and no lower than it can', () => {
    const ladder = new DraftLadder()
    const first = ladder.size
    ladder.took(300)
    expect(ladder.size).toBe(first)
    ladder.took(300)
    expect(ladder.size).toBeLessThan(first)
    for (let i = 0; i < 20; i++) ladder.took(300)
    expect(ladder.size).toBe(160)
  })

  it('rises between gestures alone, when all of one were quick', () => {
    const ladder = new DraftLadder()
    const first = ladder.size
    for (let i = 0; i < 6; i++) ladder.took(15)
    expect(ladder.size).toBe(first)
    ladder.rest()
    expect(ladder.size).toBeGreaterThan(first)
  })

  it('stays where drafts are neither, and is not moved by a single slow one', () => {
    const ladder = new DraftLadder()
    const first = ladder.size
    gesture(ladder, 60)
    ladder.took(200)
    ladder.took(50)
    gesture(ladder, 60)
    expect(ladder.size).toBe(first)
  })
})
