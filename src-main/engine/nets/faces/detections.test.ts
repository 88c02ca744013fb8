import { describe, expect, test } from 'vitest'
import { float32 } from '../../onnx/tensor.ts'
import { decodeDetections, overlap, type Detection } from './detections.ts'

/** An output of 4×4 cells in which nothing is found but what is put: [anchor, column, row, tx, ty, tw, th, ts]. */
function output(...boxes: (readonly [number, number, number, number, number, number, number, number])[]) {
  const t = float32([1, 25, 4, 4], new Float32Array(400).fill(-20))
  for (const [anchor, column, row, ...values] of boxes)
    values.forEach((v, k) => ((t.data as Float32Array)[(anchor * 5 + k) * 16 + row * 4 + column] = v))
  return t
}

const box = (x: number, y: number, width: number, height: number): Detection => ({ x, y, width, height, score: 1 })

describe('decodeDetections', () => {
  test('a box is its cell’s centre and its anchor’s size, in pixels of the input', () => {
    const [found] = decodeDetections(output([0, 2, 1, 0, 0, 0, 0, 3]), 128)
    expect(found!.score).toBeCloseTo(1 / (1 + Math.exp(-3)), 6)
    expect(found!.width).toBeCloseTo(1.603231 * 32, 4)
    expect(found!.height).toBeCloseTo(2.094468 * 32, 4)
    expect(found!.x + found!.width / 2).toBeCloseTo(2.5 * 32, 4)
    expect(found!.y + found!.height / 2).toBeCloseTo(1.5 * 32, 4)
  })

  test('offsets are sigmoids, sizes exponentials', () => {
    const [found] = decodeDetections(output([2, 0, 3, Math.log(3), -Math.log(3), Math.log(2), Math.log(0.5), 3]), 128)
    expect(found!.x + found!.width / 2).toBeCloseTo(0.75 * 32, 4)
    expect(found!.y + found!.height / 2).toBeCloseTo(3.25 * 32, 4)
    expect(found!.width).toBeCloseTo(2 * 2.882459 * 32, 4)
    expect(found!.height).toBeCloseTo(0.5 * 3.518061 * 32, 4)
  })

  test('best first, and only above the threshold', () => {
    const far = output([0, 0, 0, 0, 0, -2, -2, 1], [0, 3, 3, 0, 0, -2, -2, 2], [0, 3, 0, 0, 0, -2, -2, -1])
    expect(decodeDetections(far, 128).map((d) => d.score.toFixed(3))).toEqual(['0.881', '0.731'])
    expect(decodeDetections(far, 128, 0.8)).toHaveLength(1)
    expect(decodeDetections(far, 128, 0.2)).toHaveLength(3)
    expect(decodeDetections(output(), 128)).toEqual([])
  })

  test('of boxes that overlap too much the best stays', () => {
    const twice = output([0, 1, 1, 0, 0, 0, 0, 2], [0, 1, 1, 0, 0, 0, 0, 2], [2, 1, 1, 0, 0, -0.5, -0.5, 3])
    expect(decodeDetections(twice, 128)).toHaveLength(1)
    expect(decodeDetections(twice, 128)[0]!.score).toBeCloseTo(0.9526, 3)
    expect(decodeDetections(twice, 128, 0.5, 1)).toHaveLength(2)
  })
})

test('overlap is intersection over union', () => {
  expect(overlap(box(0, 0, 10, 10), box(0, 0, 10, 10))).toBe(1)
  expect(overlap(box(0, 0, 10, 10), box(5, 0, 10, 10))).toBeCloseTo(1 / 3, 6)
  expect(overlap(box(0, 0, 10, 10), box(10, 0, 10, 10))).toBe(0)
  expect(overlap(box(0, 0, 10, 10), box(20, 20, 1, 1))).toBe(0)
})
