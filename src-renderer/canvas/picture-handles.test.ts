import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dragPicture, frameCorners, pictureHandleAt, turnKnob, type PlacedFrame } from './picture-handles.ts'

const frame: PlacedFrame = { center: [100, 60], scale: 2, angle: 0, width: 30, height: 20 }
const coordinate = fc.double({ min: -400, max: 400, noNaN: true })
const point = fc.record({ x: coordinate, y: coordinate })
const placed = fc.record({
  center: fc.tuple(coordinate, coordinate),
  scale: fc.double({ min: 0.05, max: 20, noNaN: true }),
  angle: fc.double({ min: -3, max: 3, noNaN: true }),
  width: fc.integer({ min: 4, max: 300 }),
  height: fc.integer({ min: 4, max: 300 }),
})

describe('handles of a picture', () => {
  it('are its corners, the knob above it and its inside', () => {
    expect(frameCorners(frame)).toStrictEqual([
      { x: 70, y: 40 },
      { x: 130, y: 40 },
      { x: 130, y: 80 },
      { x: 70, y: 80 },
    ])
    expect(turnKnob(frame, 12)).toStrictEqual({ x: 100, y: 28 })
    const at = (x: number, y: number) => pictureHandleAt(frame, { x, y }, 3, 12)
    expect([at(70, 41), at(129, 79), at(100, 27), at(110, 60), at(140, 60)]).toStrictEqual([0, 2, 'rotate', 'move', undefined])
  })

  it('follow the pointer: a dragged corner stays under it along the diagonal, the opposite one stays where it was', () => {
    fc.assert(
      fc.property(
        placed,
        fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const),
        fc.double({ min: 1.1, max: 4, noNaN: true }),
        (start, corner, factor) => {
          fc.pre(Math.max(start.width, start.height) * start.scale > 4 && start.scale * factor < 1000)
          const corners = frameCorners(start)
          const [held, fixed] = [corners[corner]!, corners[(corner + 2) % 4]!]
          const to = { x: fixed.x + (held.x - fixed.x) * factor, y: fixed.y + (held.y - fixed.y) * factor }
          const after = frameCorners({ ...start, ...dragPicture(start, corner, held, to) })
          expect(Math.hypot(after[corner]!.x - to.x, after[corner]!.y - to.y)).toBeLessThan(1e-6 * (1 + Math.hypot(to.x, to.y)))
          expect(Math.hypot(after[(corner + 2) % 4]!.x - fixed.x, after[(corner + 2) % 4]!.y - fixed.y)).toBeLessThan(
            1e-6 * (1 + Math.hypot(fixed.x, fixed.y)),
          )
        },
      ),
      { seed: 2 },
    )
  })

  it('never make it vanish or turn it inside out', () => {
    fc.assert(
      fc.property(
        placed,
        fc.constantFrom('move' as const, 'rotate' as const, 0 as const, 2 as const),
        point,
        point,
        fc.boolean(),
        (start, handle, from, to, flag) => {
          const { scale, angle } = dragPicture(start, handle, from, to, { snap: flag, aboutCentre: flag })
          expect(scale).toBeGreaterThan(0)
          expect(scale).toBeLessThanOrEqual(1000 + 1e-9)
          expect(Math.abs(angle)).toBeLessThanOrEqual(Math.PI)
        },
      ),
      { seed: 4 },
    )
  })

  it('snap turns to 15° and moves to an axis', () => {
    expect(dragPicture(frame, 'rotate', { x: 100, y: 20 }, { x: 112, y: 21 }, { snap: true }).angle).toBeCloseTo(Math.PI / 12)
    expect(dragPicture(frame, 'move', { x: 0, y: 0 }, { x: 9, y: 4 }, { snap: true }).center).toStrictEqual([109, 60])
  })
})
