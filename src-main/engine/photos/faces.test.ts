import { describe, expect, it } from 'vitest'
import { detectFaces, landmarksIn, letterbox, merge, tilesOf } from './faces.ts'
import type { FaceModels } from './faces.ts'
import { photoOf } from './fixtures.ts'
import type { Box, Photo } from './photo.ts'

/** Grey, with red squares for faces. */
function photoWith(width: number, height: number, faces: readonly Box[]): Photo {
  const data = new Uint8Array(width * height * 3).fill(128)
  for (const { x, y, width: w, height: h } of faces)
    for (let j = y; j < y + h; j++) for (let i = x; i < x + w; i++) data.set([255, 0, 0], (j * width + i) * 3)
  return photoOf({ width, height, channels: 3, depth: 8, data })
}

/** A detector of red squares of at least 12 points that touch no other, and a landmark net whose points lie at the red box's corners. */
const models: FaceModels = {
  detectorSize: 128,
  landmarkSize: 32,
  detect: async ({ data }) => {
    const red = (i: number) => (data as Float32Array)[i]! > 0.5 && (data as Float32Array)[128 * 128 + i]! < -0.5
    const seen = new Set<number>()
    const found: { box: Box; score: number }[] = []
    for (let i = 0; i < 128 * 128; i++) {
      if (!red(i) || seen.has(i)) continue
      let width = 1
      while ((i % 128) + width < 128 && red(i + width)) width++
      let height = 1
      while (i + height * 128 < 128 * 128 && red(i + height * 128)) height++
      for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) seen.add(i + y * 128 + x)
      if (Math.min(width, height) >= 12) found.push({ box: { x: i % 128, y: Math.floor(i / 128), width, height }, score: 0.9 })
    }
    return found
  },
  landmarks: async () => Float32Array.from({ length: 136 }, (_, i) => (i < 2 ? 0 : i < 4 ? 1 : 0.5)),
}

const near = (box: Box, expected: Box, by: number) => {
  for (const key of ['x', 'y', 'width', 'height'] as const) expect(Math.abs(box[key] - expected[key])).toBeLessThan(by)
}

describe('detectFaces', () => {
  it('finds several faces, the largest first, with their points in photo pixels', async () => {
    const [small, large] = [
      { x: 40, y: 60, width: 100, height: 100 },
      { x: 300, y: 100, width: 180, height: 180 },
    ]
    const faces = await detectFaces(models, photoWith(600, 400, [small, large]))
    expect(faces).toHaveLength(2)
    near(faces[0]!.box, large, 8)
    near(faces[1]!.box, small, 8)
    expect(faces[0]!.landmarks).toHaveLength(68)
    expect(faces[0]!.landmarks[5]![0]).toBeCloseTo(390, -1)
  })

  it('looks for small faces in tiles', async () => {
    const tiny = { x: 650, y: 500, width: 80, height: 80 }
    const faces = await detectFaces(models, photoWith(1000, 700, [tiny]))
    expect(faces).toHaveLength(1)
    near(faces[0]!.box, tiny, 10)
  })

  it('finds none in a picture without faces, which is no error', async () => {
    expect(await detectFaces(models, photoWith(500, 300, []))).toEqual([])
  })
})

describe('letterbox', () => {
  it('puts the picture into the corner or the middle, and black around it', () => {
    const photo = photoWith(200, 100, [{ x: 0, y: 0, width: 200, height: 100 }])
    const whole = { x: 0, y: 0, width: 200, height: 100 }
    const corner = letterbox(photo, whole, 64, 'corner')
    const middle = letterbox(photo, whole, 64, 'centre')
    expect(corner).toMatchObject({ scale: 0.32, left: 0, top: 0 })
    expect(middle).toMatchObject({ left: 0, top: 16 })
    expect(corner.tensor.data[0]).toBe(1)
    expect(corner.tensor.data[40 * 64]).toBe(-1)
    expect(middle.tensor.data[0]).toBe(-1)
    expect(middle.tensor.data[32 * 64]).toBe(1)
  })

  it('maps landmarks back through the same frame', async () => {
    const points = await landmarksIn(models, photoWith(300, 300, []), { x: 100, y: 50, width: 80, height: 40 })
    expect(points[0]).toEqual([100, 30])
    expect(points[1]).toEqual([180, 110])
    expect(await landmarksIn(models, photoWith(300, 300, []), { x: 400, y: 50, width: 80, height: 40 })).toEqual([])
  })
})

describe('tiles', () => {
  it('cover the photo', () => {
    for (const [width, height] of [
      [1000, 700],
      [300, 900],
      [512, 512],
    ] as const) {
      const tiles = tilesOf(width, height)
      for (const [x, y] of [
        [0, 0],
        [width - 1, height - 1],
        [width / 2, height / 2],
        [0, height - 1],
      ] as const)
        expect(tiles.some((t) => x >= t.x && y >= t.y && x < t.x + t.width && y < t.y + t.height)).toBe(true)
      for (const t of tiles) expect(t.x + t.width <= width && t.y + t.height <= height).toBe(true)
    }
  })

  it('count a face that two of them show once', () => {
    const box = (x: number, width: number): Box => ({ x, y: 0, width, height: 100 })
    const merged = merge(
      [{ box: box(0, 100), score: 0.8 }],
      [
        { box: box(5, 100), score: 0.9 },
        { box: box(60, 38), score: 0.5 },
        { box: box(300, 100), score: 0.6 },
      ],
    )
    expect(merged.map((f) => f.score)).toEqual([0.9, 0.6])
  })
})
