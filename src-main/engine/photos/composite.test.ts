import { describe, expect, it } from 'vitest'
import type { TensorData } from '../onnx/tensor.ts'
import { composite } from './composite.ts'
import { cropToSquare } from './crop.ts'
import { newField, smoothstep } from './field.ts'
import type { Field } from './field.ts'
import { fillFrom } from './fill.ts'
import { adobeIcc, noise, photoOf } from './fixtures.ts'
import { cropMaskAt } from './mask.ts'
import type { PhotoPixels } from './photo.ts'
import { applyTransform, invertTransform, transformOf } from './transform.ts'

const SIZE = 64
const TRANSFORM = transformOf({ cx: 150, cy: 110, size: 120, angle: 0.25 })

/** A photo smooth enough for a small generator: colours that wander slowly. */
function smooth(channels: 3 | 4, depth: 8 | 16): PhotoPixels {
  const pixels = noise(300, 220, channels, depth)
  const top = depth === 8 ? 255 : 65535
  for (let i = 0; i < 300 * 220; i++)
    for (let c = 0; c < 3; c++)
      pixels.data[i * channels + c] = top * (0.5 + 0.25 * Math.sin((i % 300) / 40 + c) * Math.cos(Math.floor(i / 300) / 50))
  return pixels
}

/** The square with `colour` mixed in on a soft disc of radius r (unit square) around its centre. */
function painted(square: TensorData, colour: readonly number[], r: number): TensorData {
  const data = (square.data as Float32Array).slice()
  for (let i = 0; i < SIZE * SIZE; i++) {
    const w = 1 - smoothstep(r - 0.06, r, Math.hypot(((i % SIZE) + 0.5) / SIZE - 0.5, (Math.floor(i / SIZE) + 0.5) / SIZE - 0.5))
    for (let c = 0; c < 3; c++) data[c * SIZE * SIZE + i]! += w * (colour[c]! - data[c * SIZE * SIZE + i]!)
  }
  return { ...square, data }
}

const setups = [8, 16].flatMap((depth) => [3, 4].map((channels) => ({ depth, channels }) as { depth: 8 | 16; channels: 3 | 4 }))

describe('composite', () => {
  it.each(setups)('leaves everything outside the mask bit for bit ($depth bit, $channels channels)', ({ depth, channels }) => {
    for (const icc of [undefined, adobeIcc()]) {
      const photo = photoOf(noise(300, 220, channels, depth), { icc })
      const before = cropToSquare(photo, TRANSFORM, SIZE)
      const { pixels, touched } = composite({
        photo,
        transform: TRANSFORM,
        before,
        after: painted(before, [1, -1, -1], 0.9),
        options: { changedOnly: false },
      })
      let differing = 0
      for (let y = 0; y < 220; y++)
        for (let x = 0; x < 300; x++) {
          const [u, v] = applyTransform(TRANSFORM, [x + 0.5, y + 0.5])
          const outside = cropMaskAt(u, v, 0.06) === 0
          const at = (y * 300 + x) * channels
          for (let c = 0; c < channels; c++) {
            const same = pixels.data[at + c] === photo.pixels.data[at + c]
            if (!same) differing++
            if (!same && (outside || c === 3)) throw new Error(`pixel ${x},${y} changed`)
            if (!same)
              expect(x >= touched.x && x < touched.x + touched.width && y >= touched.y && y < touched.y + touched.height).toBe(true)
          }
        }
      expect(differing).toBeGreaterThan(10_000)
    }
  })

  it('leaves the photo alone when nothing was edited', () => {
    const photo = photoOf(noise(300, 220, 3, 16))
    const before = cropToSquare(photo, TRANSFORM, SIZE)
    for (const changedOnly of [true, false]) {
      const result = composite({ photo, transform: TRANSFORM, before, after: before, options: { changedOnly } })
      let worst = 0
      result.pixels.data.forEach((x, i) => (worst = Math.max(worst, Math.abs(x - photo.pixels.data[i]!))))
      expect(worst).toBeLessThanOrEqual(changedOnly ? 0 : 1)
    }
  })

  it('shows the edit where it is strong, and nothing far from it', () => {
    const photo = photoOf(smooth(3, 16))
    const before = cropToSquare(photo, TRANSFORM, SIZE)
    const { pixels } = composite({ photo, transform: TRANSFORM, before, after: painted(before, [0.8, -0.6, -0.6], 0.2) })
    const at = (u: number, v: number) => {
      const [x, y] = applyTransform(invertTransform(TRANSFORM), [u, v])
      return (Math.floor(y) * 300 + Math.floor(x)) * 3
    }
    const centre = at(0.5, 0.5)
    expect(pixels.data[centre]! / 65535).toBeCloseTo(0.9, 1)
    expect(pixels.data[centre + 1]! / 65535).toBeCloseTo(0.2, 1)
    expect(pixels.data[at(0.85, 0.5)]).toBe(photo.pixels.data[at(0.85, 0.5)])
  })

  it('adds a small change to the photo, whatever the inversion missed', () => {
    const photo = photoOf(smooth(3, 16))
    const true_ = cropToSquare(photo, TRANSFORM, SIZE)
    // The inversion is duller and darker than the photo; the edit adds .06 of red everywhere.
    const before = { ...true_, data: (true_.data as Float32Array).map((x) => x * 0.9 - 0.1) }
    const after = { ...before, data: before.data.map((x, i) => (i < SIZE * SIZE ? x + 0.12 : x)) }
    const { pixels } = composite({ photo, transform: TRANSFORM, before, after, options: { colourMatch: false, changedOnly: false } })
    const centre = (110 * 300 + 150) * 3
    expect((pixels.data[centre]! - photo.pixels.data[centre]!) / 65535).toBeCloseTo(0.06, 3)
    expect((pixels.data[centre + 1]! - photo.pixels.data[centre + 1]!) / 65535).toBeCloseTo(0, 3)
  })

  it('has no seam: along a line across the mask’s edge the change fades in without a step', () => {
    const photo = photoOf(smooth(3, 16))
    const true_ = cropToSquare(photo, TRANSFORM, SIZE)
    const before = { ...true_, data: (true_.data as Float32Array).map((x) => x * 0.8 + 0.15) }
    const after = painted(before, [-0.5, -0.8, -0.9], 2)
    const { pixels } = composite({ photo, transform: TRANSFORM, before, after })
    let last = 0
    for (let x = 150; x < 260; x++) {
      const at = (110 * 300 + x) * 3
      const change = (pixels.data[at]! - photo.pixels.data[at]!) / 65535
      if (x > 150) expect(Math.abs(change - last)).toBeLessThan(0.12)
      last = change
    }
    expect(last).toBe(0)
  })

  it('obeys a mask of the person’s own', () => {
    const photo = photoOf(smooth(3, 8))
    const before = cropToSquare(photo, TRANSFORM, SIZE)
    const after = painted(before, [1, -1, -1], 2)
    const none = { size: 2, data: new Float32Array(4) }
    expect(composite({ photo, transform: TRANSFORM, before, after, options: { masks: [none] } }).touched.width).toBe(0)
    const left = { size: 2, data: Float32Array.of(1, 0, 1, 0) }
    const { mask } = composite({ photo, transform: TRANSFORM, before, after, options: { masks: [left] } })
    expect(mask.data[32 * SIZE + 12]).toBeGreaterThan(0.9)
    expect(mask.data[32 * SIZE + 52]).toBe(0)
  })

  it('works where the photo is coarser than the generator’s picture, and where the crop leaves the photo', () => {
    const photo = photoOf(smooth(3, 8))
    for (const frame of [
      { cx: 150, cy: 110, size: 20, angle: 0 },
      { cx: 5, cy: 5, size: 100, angle: 0.5 },
    ]) {
      const transform = transformOf(frame)
      const before = cropToSquare(photo, transform, SIZE)
      const { touched } = composite({ photo, transform, before, after: painted(before, [1, 1, -1], 0.4) })
      expect(touched.width).toBeGreaterThan(5)
    }
  })
})

describe('fillFrom', () => {
  it('keeps what is trusted and carries it everywhere else', () => {
    const field: Field = newField(37, 21, 1)
    field.data.fill(5)
    const weight = new Float32Array(37 * 21)
    weight[10 * 37 + 3] = 1
    weight[2 * 37 + 30] = 1
    field.data[10 * 37 + 3] = 2
    field.data[2 * 37 + 30] = 2
    for (const x of fillFrom(field, weight).data) expect(x).toBeCloseTo(2, 3)
    expect(fillFrom(field, weight.fill(0)).data.every((x) => x === 0)).toBe(true)
    expect(fillFrom(field, weight.fill(1)).data).toEqual(field.data)
  })
})
