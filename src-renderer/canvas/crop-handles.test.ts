import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Crop } from '../../src-main/contract/geometry.ts'
import { corners, dragCrop, handleAt, keepOnPhoto, MIN_CROP, nudgeCrop, rotateHandle, wrapAngle } from './crop-handles.ts'

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const crop: fc.Arbitrary<Crop> = fc.record({
  center: fc.tuple(number(0, 1000), number(0, 1000)),
  size: number(50, 900),
  angle: number(-3, 3),
})
const upright: Crop = { center: [100, 100], size: 80, angle: 0 }

describe('the crop frame', () => {
  it('is taken at its corners, its turning handle and its inside, and nowhere else', () => {
    expect(handleAt(upright, { x: 61, y: 59 }, 4, 20)).toBe('corner-0')
    expect(handleAt(upright, { x: 140, y: 141 }, 4, 20)).toBe('corner-2')
    expect(handleAt(upright, { x: 100, y: 41 }, 4, 20)).toBe('rotate')
    expect(handleAt(upright, { x: 110, y: 90 }, 4, 20)).toBe('move')
    expect(handleAt(upright, { x: 150, y: 100 }, 4, 20)).toBeUndefined()
  })

  it('scales about the opposite corner, which does not move', () => {
    fc.assert(
      fc.property(crop, fc.integer({ min: 0, max: 3 }), number(-40, 200), (start, corner, pull) => {
        const held = corners(start)[corner]!
        const fixed = corners(start)[(corner + 2) % 4]!
        const length = Math.hypot(held.x - fixed.x, held.y - fixed.y)
        const to = { x: held.x + ((held.x - fixed.x) / length) * pull, y: held.y + ((held.y - fixed.y) / length) * pull }
        const after = dragCrop(start, `corner-${corner as 0}`, held, to, false)
        const still = corners(after)[(corner + 2) % 4]!
        expect(still.x).toBeCloseTo(fixed.x, 6)
        expect(still.y).toBeCloseTo(fixed.y, 6)
        expect(after.size).toBeGreaterThanOrEqual(MIN_CROP)
        expect(after.angle).toBe(start.angle)
      }),
      { seed: 4 },
    )
  })

  it('scales about the centre with the modifier', () => {
    const after = dragCrop(upright, 'corner-2', { x: 140, y: 140 }, { x: 160, y: 160 }, true)
    expect(after.center).toStrictEqual([100, 100])
    expect(after.size).toBeCloseTo(120)
  })

  it('turns with the pointer, and in steps of 15° with the modifier', () => {
    const handle = rotateHandle(upright, 20)
    expect(dragCrop(upright, 'rotate', handle, { x: 160, y: 100 }, false).angle).toBeCloseTo(Math.PI / 2)
    expect(dragCrop(upright, 'rotate', handle, { x: 160, y: 93 }, true).angle).toBeCloseTo(Math.PI / 2)
  })

  it('moves as the pointer moves, along one axis with the modifier', () => {
    expect(dragCrop(upright, 'move', { x: 0, y: 0 }, { x: 5, y: -3 }, false).center).toStrictEqual([105, 97])
    expect(dragCrop(upright, 'move', { x: 0, y: 0 }, { x: 5, y: -3 }, true).center).toStrictEqual([105, 100])
  })

  it('keeps its centre on the photo', () => {
    const photo = { width: 300, height: 200 }
    expect(nudgeCrop(upright, { dx: 999, factor: 99 }, photo)).toStrictEqual({ center: [300, 100], size: 600, angle: 0 })
    expect(keepOnPhoto({ center: [-5, 400], size: 1, angle: 1 }, photo)).toStrictEqual({ center: [0, 200], size: MIN_CROP, angle: 1 })
  })

  it('keeps angles within half a turn', () => {
    expect(wrapAngle(3 * Math.PI + 0.1)).toBeCloseTo(-Math.PI + 0.1)
  })
})
