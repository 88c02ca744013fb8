import { describe, expect, it } from 'vitest'
import { paneAt, paneRects } from './panes.ts'

const stage = { width: 1200, height: 800 }
const landscape = { width: 3000, height: 2000 }
const portrait = { width: 2000, height: 3000 }

describe('pictures side by side', () => {
  it('stand so that they come out largest', () => {
    expect(paneRects(1, stage, landscape)).toStrictEqual([{ x: 0, y: 0, ...stage }])
    expect(paneRects(2, stage, portrait).map(({ x, y }) => [x, y])).toStrictEqual([
      [0, 0],
      [601, 0],
    ])
    expect(new Set(paneRects(2, { width: 600, height: 900 }, landscape).map(({ y }) => y)).size).toBe(2)
    expect(new Set(paneRects(9, stage, landscape).map(({ x }) => x)).size).toBe(3)
    expect(new Set(paneRects(4, stage, landscape).map(({ y }) => y)).size).toBe(2)
  })

  it('are all of one size and inside the stage', () => {
    for (let count = 2; count <= 9; count++) {
      const rects = paneRects(count, stage, landscape)
      expect(rects).toHaveLength(count)
      expect(new Set(rects.map(({ width, height }) => `${width} ${height}`)).size).toBe(1)
      for (const { x, y, width, height } of rects) expect(x + width <= 1200.01 && y + height <= 800.01).toBe(true)
    }
  })

  it('are found by a point, also one between them', () => {
    const rects = paneRects(4, stage, landscape)
    expect(paneAt(rects, { x: 10, y: 10 })).toBe(0)
    expect(paneAt(rects, { x: 1190, y: 790 })).toBe(3)
    expect(paneAt(rects, { x: 599.5, y: 10 })).toBeLessThan(2)
  })
})
