import { describe, expect, it } from 'vitest'
import { combined, evenMask, inverted, joined, maskSizeOf } from './pixels.ts'
import { writeGreyPng } from './png.ts'
import { brushProfile, Stroke, type Brush } from './stroke.ts'
import { contrastingTint, TINTS } from './tint.ts'

const size = { width: 120, height: 80 }
const brush: Brush = { radius: 10, hardness: 1, flow: 1, isErasing: false }
const point = (x: number, y: number, pressure = 1) => ({ x, y, pressure })
const at = ({ data }: { data: Uint8Array }, x: number, y: number) => data[y * size.width + x]!

describe('a stroke', () => {
  it('lays down a disc where the brush is pressed, as wide as it is, and tells what changed', () => {
    const stroke = new Stroke(evenMask(size, 0), brush)
    const rect = stroke.to(point(60, 40))
    expect([at(stroke.pixels, 60, 40), at(stroke.pixels, 51, 40), at(stroke.pixels, 48, 40)]).toEqual([255, 255, 0])
    const area = stroke.pixels.data.reduce((sum, x) => sum + x / 255, 0)
    expect(Math.abs(area - Math.PI * 100)).toBeLessThan(16)
    for (let i = 0; i < stroke.pixels.data.length; i++) {
      const [x, y] = [i % size.width, Math.floor(i / size.width)]
      const inside = x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height
      if (!inside) expect(stroke.pixels.data[i]).toBe(0)
    }
  })

  it('has no gaps however fast the hand is, and may begin and end outside', () => {
    const stroke = new Stroke(evenMask(size, 0), brush)
    expect(stroke.to(point(-50, 40)).width).toBe(0)
    stroke.to(point(500, 40))
    for (let x = 0; x < size.width; x++) expect(at(stroke.pixels, x, 40)).toBe(255)
  })

  it('keeps its soft edge when it passes again, and lays down less with less flow', () => {
    const once = new Stroke(evenMask(size, 0), { ...brush, hardness: 0 })
    once.to(point(60, 40))
    const often = new Stroke(evenMask(size, 0), { ...brush, hardness: 0 })
    for (let i = 0; i < 9; i++) often.to(point(60, 40))
    expect(often.pixels.data).toEqual(once.pixels.data)
    const faint = new Stroke(evenMask(size, 0), { ...brush, flow: 0.1 })
    faint.to(point(60, 40))
    expect(at(faint.pixels, 60, 40)).toBe(Math.round(25.5))
    faint.to(point(60.001, 40))
    expect(at(faint.pixels, 60, 40)).toBe(26)
  })

  it('is even along its way with little flow, whatever the pieces in which it comes', () => {
    const draw = (pieces: number) => {
      const stroke = new Stroke(evenMask(size, 0), { ...brush, flow: 0.3 })
      for (let i = 0; i <= pieces; i++) stroke.to(point(20 + (80 * i) / pieces, 40))
      return [...stroke.pixels.data.subarray(40 * size.width + 35, 40 * size.width + 85)]
    }
    const [coarse, fine] = [draw(2), draw(37)]
    expect(Math.max(...coarse) - Math.min(...coarse)).toBeLessThan(6)
    expect(Math.max(...fine.map((x, i) => Math.abs(x - coarse[i]!)))).toBeLessThan(6)
  })

  it('erases as it paints, leaves what it started from, and follows the pen’s pressure', () => {
    const full = evenMask(size, 255)
    const stroke = new Stroke(full, { ...brush, isErasing: true })
    stroke.to(point(60, 40))
    expect(at(stroke.pixels, 60, 40)).toBe(0)
    expect(at(full, 60, 40)).toBe(255)
    const light = new Stroke(evenMask(size, 0), brush)
    light.to(point(60, 40, 0))
    expect(at(light.pixels, 60, 40)).toBeGreaterThan(0)
    expect(at(light.pixels, 64, 40)).toBe(0)
  })

  it('has a profile that falls from 1 to 0 and is never sharper than a point', () => {
    for (const [radius, hardness] of [
      [10, 0],
      [10, 0.5],
      [10, 1],
      [0.5, 1],
    ] as const) {
      const values = Array.from({ length: 80 }, (_, i) => brushProfile(i / 5, radius, hardness))
      expect(values[0]).toBeGreaterThan(0.4)
      expect(values.at(-1)).toBe(0)
      values.forEach((x, i) => i > 0 && expect(x).toBeLessThanOrEqual(values[i - 1]!))
      expect(Math.max(...values.map((x, i) => (i > 0 ? values[i - 1]! - x : 0)))).toBeLessThan(0.4)
    }
  })
})

describe('masks', () => {
  it('have the photo’s proportions, are combined and turned around', () => {
    expect(maskSizeOf({ width: 6000, height: 4000 })).toEqual({ width: 2048, height: 1365 })
    const half = { width: 2, height: 1, data: Uint8Array.of(200, 0) }
    expect(combined(half, Uint8Array.of(100, 50), 'add').data).toEqual(Uint8Array.of(200, 50))
    expect(combined(half, Uint8Array.of(100, 50), 'subtract').data).toEqual(Uint8Array.of(155, 0))
    expect(inverted(half).data).toEqual(Uint8Array.of(55, 255))
    expect(joined({ x: 1, y: 1, width: 2, height: 2 }, { x: 5, y: 0, width: 1, height: 1 })).toEqual({ x: 1, y: 0, width: 5, height: 3 })
  })

  it('are written as grey PNG of 8 bit', async () => {
    const mask = { width: 3, height: 2, data: Uint8Array.of(0, 128, 255, 7, 9, 1) }
    const png = await writeGreyPng(mask)
    const view = new DataView(png.buffer)
    expect(String.fromCharCode(...png.subarray(1, 4))).toBe('PNG')
    expect([view.getUint32(16), view.getUint32(20), png[24], png[25]]).toEqual([3, 2, 8, 0])
    const packed = png.slice(41, 41 + view.getUint32(33))
    const unpacking = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'))
    const rows = new Uint8Array(await new Response(unpacking).arrayBuffer())
    expect([...rows]).toEqual([0, 0, 128, 255, 2, 7, (9 - 128) & 255, (1 - 255) & 255])
  })

  it('are shown in a colour that is far from the photo’s', () => {
    expect(TINTS[contrastingTint([190, 140, 120])]!.name).not.toBe('red')
    expect(TINTS[contrastingTint([40, 180, 60])]!.name).not.toBe('green')
  })
})
