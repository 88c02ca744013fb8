import { describe, expect, it } from 'vitest'
import type { TensorData } from '../../onnx/tensor.ts'
import { composite } from '../composite.ts'
import { cropToSquare } from '../crop.ts'
import { newField } from '../field.ts'
import { noise, photoOf } from '../fixtures.ts'
import { preparePatch, previewPatch } from '../patch.ts'
import type { PhotoPixels } from '../photo.ts'
import { transformOf } from '../transform.ts'
import { changeMask } from './change.ts'
import { placeMask, type PlacedMask } from './place.ts'

const SIZE = 48
const [WIDTH, HEIGHT] = [160, 120]
const transform = transformOf({ cx: 80, cy: 60, size: 90, angle: 0.2 })

/** Colours that wander slowly, so that the generator's picture can be the photo. */
function smoothPhoto() {
  const pixels: PhotoPixels = noise(WIDTH, HEIGHT, 3, 8)
  for (let i = 0; i < WIDTH * HEIGHT; i++)
    for (let c = 0; c < 3; c++) pixels.data[i * 3 + c] = 128 + 50 * Math.sin((i % WIDTH) / 30 + c) * Math.cos(i / WIDTH / 25)
  return photoOf(pixels)
}
const photo = smoothPhoto()
const before = cropToSquare(photo, transform, SIZE)
const shifted = (by: readonly number[]): TensorData => ({
  ...before,
  data: (before.data as Float32Array).map((x, i) => x + by[Math.floor(i / SIZE / SIZE)]!),
})
const redder = shifted([0.4, -0.1, -0.1])
const bluer = shifted([-0.1, -0.1, 0.4])
const even = (value: number): PlacedMask => ({ at: () => value })
/** White on one half of the photo. */
function half(isLeft: boolean): PlacedMask {
  const field = newField(WIDTH, HEIGHT, 1)
  for (let i = 0; i < field.data.length; i++) field.data[i] = i % WIDTH < WIDTH / 2 === isLeft ? 1 : 0
  return placeMask(field, { width: WIDTH, height: HEIGHT }, transform)
}
const levels = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!))
  return most
}

describe('masked layers', () => {
  it('under a white mask are as without one, under a black one the photo, bit for bit', () => {
    const plain = composite({ photo, transform, before, after: redder }).pixels.data
    const white = composite({ photo, transform, before, masked: [{ after: redder, mask: even(1) }] }).pixels.data
    expect(levels(plain, photo.pixels.data)).toBeGreaterThan(20)
    expect(levels(white, plain)).toBeLessThanOrEqual(1)
    const black = composite({ photo, transform, before, masked: [{ after: redder, mask: even(0) }] })
    expect(black.pixels.data).toEqual(photo.pixels.data)
    expect(black.touched.width).toBe(0)
  })

  it('add to the unmasked ones what they alone change', () => {
    const both = shifted([0.3, -0.2, 0.3])
    const over = composite({ photo, transform, before, after: redder, masked: [{ after: both, mask: even(1) }] }).pixels.data
    expect(levels(over, composite({ photo, transform, before, after: both }).pixels.data)).toBeLessThanOrEqual(1)
    const hidden = composite({ photo, transform, before, after: redder, masked: [{ after: both, mask: even(0) }] }).pixels.data
    expect(hidden).toEqual(composite({ photo, transform, before, after: redder }).pixels.data)
  })

  it('are each itself where it alone is shown, in any order', () => {
    const masked = [
      { after: redder, mask: half(true) },
      { after: bluer, mask: half(false) },
    ]
    const pixels = composite({ photo, transform, before, masked }).pixels.data
    expect(pixels).toEqual(composite({ photo, transform, before, masked: masked.toReversed() }).pixels.data)
    const [red, blue] = [redder, bluer].map((after) => composite({ photo, transform, before, after }).pixels.data)
    for (let i = 0; i < WIDTH * HEIGHT; i++) {
      const x = i % WIDTH
      if (Math.abs(x - WIDTH / 2) < 2) continue
      const own = x < WIDTH / 2 ? red! : blue!
      for (let c = 0; c < 3; c++) expect(Math.abs(pixels[i * 3 + c]! - own[i * 3 + c]!)).toBeLessThanOrEqual(1)
    }
  })

  it('look in the preview as in the export', () => {
    const masked = [
      { after: redder, mask: half(true) },
      { after: bluer, mask: even(0.5) },
    ]
    const { pixels } = composite({ photo, transform, before, after: shifted([0, 0.15, 0]), masked })
    const patch = previewPatch(preparePatch(photo, transform, 1000, SIZE), before, shifted([0, 0.15, 0]), undefined, undefined, masked)
    for (let i = 0; i < patch.width * patch.height; i++) {
      const at = ((patch.place.y + Math.floor(i / patch.width)) * WIDTH + patch.place.x + (i % patch.width)) * 3
      const alpha = patch.rgba[i * 4 + 3]! / 255
      for (let c = 0; c < 3; c++) {
        const shown = photo.pixels.data[at + c]! * (1 - alpha) + patch.rgba[i * 4 + c]! * alpha
        expect(Math.abs(shown - pixels.data[at + c]!)).toBeLessThan(2.1)
      }
    }
  })
})

describe('the mask to what changed', () => {
  it('is white where a picture changed, and black elsewhere and where nothing did', () => {
    const data = (before.data as Float32Array).slice()
    for (let i = 0; i < SIZE * SIZE; i++) if (i % SIZE > 30 && Math.floor(i / SIZE) > 12 && Math.floor(i / SIZE) < 36) data[i]! += 0.5
    const mask = changeMask(before, { ...before, data }, { photo: { width: WIDTH, height: HEIGHT }, transform })
    expect([mask.width, mask.height]).toEqual([WIDTH, HEIGHT])
    const [u, v] = [0.76, 0.5]
    const at = placeMask(mask, { width: WIDTH, height: HEIGHT }, transform)
    expect(at.at(u, v)).toBeGreaterThan(0.9)
    expect(at.at(0.3, 0.5)).toBe(0)
    const nothing = changeMask(before, before, { photo: { width: WIDTH, height: HEIGHT }, transform })
    expect(nothing.data.every((x) => x === 0)).toBe(true)
  })
})
