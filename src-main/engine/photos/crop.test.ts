import { describe, expect, it } from 'vitest'
import { cropField, cropToSquare, fromTensor } from './crop.ts'
import { ffhqCrop } from './ffhq.ts'
import { noise, photoOf } from './fixtures.ts'
import { applyTransform, boundsOf, corners, frameOf, invertTransform, squareCrop, transformForRegion, transformOf } from './transform.ts'
import type { Point } from './transform.ts'

/** A photo of sRGB values 0…1 given by a function of the pixel's centre. */
function picture(width: number, height: number, f: (x: number, y: number) => [number, number, number]) {
  const data = new Uint16Array(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) f(x + 0.5, y + 0.5).forEach((v, c) => (data[(y * width + x) * 3 + c] = Math.round(v * 65535)))
  return photoOf({ width, height, channels: 3, depth: 16, data })
}

describe('crop transform', () => {
  const frame = { cx: 310.5, cy: 220, size: 180, angle: 0.3 }

  it('goes there and back', () => {
    const transform = transformOf(frame)
    const back = frameOf(transform)
    for (const key of ['cx', 'cy', 'size', 'angle'] as const) expect(back[key]).toBeCloseTo(frame[key], 9)
    const [x, y] = applyTransform(invertTransform(transform), applyTransform(transform, [12, 34]))
    expect([x, y]).toEqual([expect.closeTo(12, 9), expect.closeTo(34, 9)])
    expect(() => transformOf({ ...frame, size: 0 })).toThrow(RangeError)
  })

  it('names corners from the top left, clockwise, and bounds them', () => {
    const transform = squareCrop({ x: 10, y: 20, width: 40, height: 20 })
    expect(corners(transform).map((p) => p.map(Math.round))).toEqual([
      [10, 10],
      [50, 10],
      [50, 50],
      [10, 50],
    ])
    expect(boundsOf(transform).width).toBeCloseTo(40, 9)
    // Clockwise by a right angle, the square's top edge lies on the right.
    expect(corners(transformOf({ cx: 0, cy: 0, size: 2, angle: Math.PI / 2 }))[0].map(Math.round)).toEqual([1, -1])
  })

  it('follows a region of the photo', () => {
    const transform = transformOf(frame)
    const inRegion = transformForRegion(transform, 100, 50, 0.5)
    const [u, v] = applyTransform(transform, [300, 200])
    expect(applyTransform(inRegion, [100, 75])).toEqual([expect.closeTo(u, 9), expect.closeTo(v, 9)])
  })
})

const GOLDEN: { points: Point[]; quad: number[][] }[] = [
  {
    points: [
      [430.0, 400.0],
      [560.0, 410.0],
      [450.0, 560.0],
      [545.0, 566.0],
    ],
    quad: [
      [218.3155, 129.0561],
      [203.5061, 697.7345],
      [772.1845, 712.5439],
      [786.9939, 143.8655],
    ],
  },
  {
    points: [
      [100.0, 120.0],
      [180.0, 90.0],
      [150.0, 210.0],
      [210.0, 190.0],
    ],
    quad: [
      [-97.1771, 11.1384],
      [40.6384, 355.6771],
      [385.1771, 217.8616],
      [247.3616, -126.6771],
    ],
  },
  {
    points: [
      [2000.5, 1500.25],
      [2300.75, 1520.5],
      [2080.0, 1700.0],
      [2260.0, 1705.0],
    ],
    quad: [
      [1551.7688, 926.6547],
      [1549.6297, 2130.3812],
      [2753.3562, 2132.5203],
      [2755.4953, 928.7938],
    ],
  },
]

describe('ffhqCrop', () => {
  /** All 68 at the mouth but the points that count: eyes spread around their centres, the mouth's corners. */
  const landmarks = (left: Point, right: Point, mouthLeft: Point, mouthRight: Point): Point[] =>
    Array.from({ length: 68 }, (_, i): Point => {
      if (i >= 36 && i < 48) {
        const [x, y] = i < 42 ? left : right
        const a = ((i % 6) * Math.PI) / 3
        return [x + 6 * Math.cos(a), y + 3 * Math.sin(a)]
      }
      return i === 48 ? mouthLeft : i === 54 ? mouthRight : [1000 + i, 7]
    })

  // The quads are numpy's, from the formulas of recreate_aligned_images in NVlabs/ffhq-dataset, download_ffhq.py:
  //   x = eye_to_eye - np.flipud(eye_to_mouth) * [-1, 1]; x /= np.hypot(*x)
  //   x *= max(np.hypot(*eye_to_eye) * 2.0, np.hypot(*eye_to_mouth) * 1.8); y = np.flipud(x) * [-1, 1]
  //   c = eye_avg + eye_to_mouth * 0.1; quad = np.stack([c - x - y, c - x + y, c + x + y, c + x - y])
  it.each(GOLDEN)('gives FFHQ’s quad', ({ points: [left, right, mouthLeft, mouthRight], quad }) => {
    const [topLeft, topRight, bottomRight, bottomLeft] = corners(ffhqCrop(landmarks(left!, right!, mouthLeft!, mouthRight!)))
    const got = [topLeft, bottomLeft, bottomRight, topRight]
    got.forEach((p, i) => p.forEach((x, c) => expect(x).toBeCloseTo(quad[i]![c]!, 3)))
  })

  it('wants 68 landmarks', () => {
    expect(() => ffhqCrop([[0, 0]])).toThrow('68')
  })
})

describe('cropToSquare', () => {
  it('takes an upright square of the photo’s own pixels as they are', () => {
    const photo = photoOf(noise(40, 30, 3, 8))
    const square = cropField(photo, squareCrop({ x: 5, y: 6, width: 16, height: 16 }), 16)
    for (let j = 0; j < 16; j++)
      for (let i = 0; i < 16 * 3; i++) expect(square.data[j * 48 + i]! * 255).toBeCloseTo(photo.pixels.data[((j + 6) * 40 + 5) * 3 + i]!, 2)
  })

  it('samples a turned and scaled ramp where the transform says', () => {
    const photo = picture(400, 300, (x, y) => [x / 400, y / 300, 0.5])
    for (const [size, side] of [
      [32, 100],
      [64, 20],
      [16, 150],
    ] as const) {
      const transform = transformOf({ cx: 200, cy: 150, size: side, angle: 0.7 })
      const square = cropField(photo, transform, size)
      const inverse = invertTransform(transform)
      for (const [i, j] of [
        [0, 0],
        [size - 1, 3],
        [size / 2, size - 1],
      ] as const) {
        const [x, y] = applyTransform(inverse, [(i + 0.5) / size, (j + 0.5) / size])
        expect(square.data[(j * size + i) * 3]).toBeCloseTo(x / 400, 2)
        expect(square.data[(j * size + i) * 3 + 1]).toBeCloseTo(y / 300, 2)
      }
    }
  })

  it('does not alias: a fine checkerboard becomes grey', () => {
    const photo = picture(512, 512, (x, y) => ((Math.floor(x) + Math.floor(y)) % 2 === 0 ? [1, 1, 1] : [0, 0, 0]))
    const square = cropField(photo, transformOf({ cx: 256, cy: 256, size: 300, angle: 0.2 }), 64)
    for (const x of square.data) expect(Math.abs(x - 0.5)).toBeLessThan(0.12)
  })

  it('mirrors and blurs beyond the border, without a seam or a hole', () => {
    const photo = picture(100, 100, (x, y) => [x / 100, y / 100, 0.4])
    for (const frame of [
      { cx: 10, cy: 50, size: 80, angle: 0 },
      { cx: 100, cy: 100, size: 90, angle: 1 },
      { cx: 50, cy: 50, size: 500, angle: 0.1 },
    ]) {
      const { data } = cropField(photo, transformOf(frame), 64)
      expect(data.every((x) => Number.isFinite(x) && x >= 0 && x <= 1)).toBe(true)
      for (let i = 2; i < data.length; i += 3) expect(data[i]).toBeCloseTo(0.4, 3)
      for (let j = 0; j < 63; j++)
        for (let i = 0; i < 63; i++) expect(Math.abs(data[(j * 64 + i) * 3]! - data[(j * 64 + i + 1) * 3]!)).toBeLessThan(0.2)
    }
  })

  it('is a tensor in [-1,1], and back', () => {
    const tensor = cropToSquare(photoOf(noise(40, 40, 3, 8)), squareCrop({ x: 0, y: 0, width: 40, height: 40 }), 20)
    expect(tensor.shape).toEqual([1, 3, 20, 20])
    const values = tensor.data as Float32Array
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-1)
    expect(fromTensor(tensor).data[1]).toBeCloseTo((values[400]! + 1) / 2, 6)
    expect(() => fromTensor({ ...tensor, shape: [3, 20, 20] })).toThrow(RangeError)
  })
})
