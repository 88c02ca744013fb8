import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fit, keepVisible, MAX_ZOOM, nextZoom, pan, photoOnStage, snapZoom, toPhoto, toStage, zoomTo } from './viewport.ts'

const photo = { width: 6000, height: 4000 }
const stage = { width: 900, height: 700 }
const number = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const view = fc.record({ scale: number(0.02, 20), x: number(-4000, 4000), y: number(-4000, 4000) })
const point = fc.record({ x: number(0, 900), y: number(0, 700) })

describe('viewport', () => {
  it('fits the whole photo in the middle, with a margin', () => {
    const fitted = fit(photo, stage)
    expect(fitted.scale * 6000).toBeCloseTo(844)
    expect(fitted.x).toBeCloseTo(28)
    expect(fitted.y).toBeCloseTo((700 - fitted.scale * 4000) / 2)
  })

  it('does not blow a small photo up beyond the given scale', () => {
    expect(fit({ width: 64, height: 64 }, stage, 4).scale).toBe(4)
  })

  it('maps points there and back', () => {
    fc.assert(
      fc.property(view, point, (v, p) => {
        const back = toStage(v, toPhoto(v, p))
        expect(back.x).toBeCloseTo(p.x, 6)
        expect(back.y).toBeCloseTo(p.y, 6)
      }),
      { seed: 1 },
    )
  })

  it('keeps the point under the pointer when it zooms', () => {
    fc.assert(
      fc.property(view, point, number(0.1, 20), (v, p, zoom) => {
        const before = toPhoto(v, p)
        const after = toPhoto(zoomTo(v, zoom, p, 2), p)
        expect(after.x).toBeCloseTo(before.x, 4)
        expect(after.y).toBeCloseTo(before.y, 4)
      }),
      { seed: 2 },
    )
  })

  it('counts zoom in device pixels and stays within 10–2000 %', () => {
    const v = fit(photo, stage)
    expect(zoomTo(v, 1, { x: 0, y: 0 }, 2).scale).toBe(0.5)
    expect(zoomTo(v, 99, { x: 0, y: 0 }, 1).scale).toBe(MAX_ZOOM)
    expect(zoomTo(v, 0.001, { x: 0, y: 0 }, 1).scale).toBe(0.1)
  })

  it('lets a huge photo be as small as its fit', () => {
    expect(zoomTo(fit(photo, stage), 0.001, { x: 0, y: 0 }, 1, 0.04).scale).toBe(0.04)
  })

  it('never pans the photo out of sight', () => {
    fc.assert(
      fc.property(view, number(-1e5, 1e5), number(-1e5, 1e5), (v, dx, dy) => {
        const seen = photoOnStage(pan(v, dx, dy, photo, stage), photo, stage)
        expect(Math.min(seen.width, seen.height)).toBeGreaterThanOrEqual(Math.min(64, 4000 * v.scale) - 1e-6)
      }),
      { seed: 3 },
    )
  })

  it('is unmoved where it already is in sight', () => {
    const v = fit(photo, stage)
    expect(keepVisible(v, photo, stage)).toStrictEqual(v)
  })

  it('snaps near round zooms and steps through them', () => {
    expect(snapZoom(0.985)).toBe(1)
    expect(snapZoom(0.9)).toBe(0.9)
    expect(nextZoom(0.3, 1)).toBe(0.5)
    expect(nextZoom(1, -1)).toBe(0.75)
    expect(nextZoom(20, 1)).toBe(20)
  })
})
