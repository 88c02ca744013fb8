import type { TensorData } from '../onnx/tensor.ts'
import { reducedRegion } from './crop.ts'
import { sampleLinear } from './field.ts'
import type { Field } from './field.ts'
import { pixelBox } from './photo.ts'
import type { Box, Photo } from './photo.ts'
import type { Point } from './transform.ts'

/**
 * Finds faces with two nets that are passed in, in the conventions of face-api 1.7.15 (MIT), whose weights they carry:
 * the detector sees the picture in the upper left of a square, scaled to its size, the rest black; the landmark net sees a face's
 * box in the middle of a square, the rest black.
 */
export interface FaceModels {
  /** Side of the detector's square, in points; a multiple of 32. */
  readonly detectorSize: number
  /** RGB [1,3,detectorSize,detectorSize] in [-1,1] → boxes in points of that square, overlaps already removed. */
  detect(image: TensorData): Promise<readonly { readonly box: Box; readonly score: number }[]>
  readonly landmarkSize: number
  /** RGB [1,3,landmarkSize,landmarkSize] in [-1,1] → 136 numbers, x and y of 68 points (iBUG scheme) in 0…1 of that square. */
  landmarks(image: TensorData): Promise<Float32Array>
}

export interface Face {
  /** In photo pixels. */
  readonly box: Box
  /** 0…1. */
  readonly score: number
  /** 68 points in photo pixels. */
  readonly landmarks: readonly Point[]
}

/** Boxes that overlap by more than this share of their union are the same face. */
const SAME_FACE = 0.4
/** A face smaller than this, in points of the detector's square, is easily missed; then tiles are searched too. */
const SMALL_FACE = 48
/** The side of a tile, as a share of the photo's longer side; tiles overlap by half. */
const TILE = 0.5

/** All faces, the largest first; none is no error. Small faces are looked for once more in overlapping tiles. */
export async function detectFaces(models: FaceModels, photo: Pick<Photo, 'pixels' | 'profile'>): Promise<Face[]> {
  const { width, height } = photo.pixels
  const whole = { x: 0, y: 0, width, height }
  let found = await searchBox(models, photo, whole)
  const side = Math.max(width, height)
  const small = found.every(({ box }) => (Math.max(box.width, box.height) * models.detectorSize) / side < SMALL_FACE)
  if (small && side > models.detectorSize)
    for (const tile of tilesOf(width, height)) found = merge(found, await searchBox(models, photo, tile))
  const faces: Face[] = []
  for (const { box, score } of found) faces.push({ box, score, landmarks: await landmarksIn(models, photo, box) })
  return faces.toSorted((a, b) => area(b.box) - area(a.box))
}

type Found = { readonly box: Box; readonly score: number }

async function searchBox(models: FaceModels, photo: Pick<Photo, 'pixels' | 'profile'>, area: Box): Promise<Found[]> {
  const { tensor, scale } = letterbox(photo, area, models.detectorSize, 'corner')
  const found = await models.detect(tensor)
  return found.map(({ box, score }) => ({
    score,
    box: { x: area.x + box.x / scale, y: area.y + box.y / scale, width: box.width / scale, height: box.height / scale },
  }))
}

/** The 68 points of the face in a box. The box is cut at the photo's border first. */
export async function landmarksIn(models: FaceModels, photo: Pick<Photo, 'pixels' | 'profile'>, box: Box): Promise<Point[]> {
  const cut = pixelBox(box, photo.pixels.width, photo.pixels.height)
  if (cut.width === 0 || cut.height === 0) return []
  const { tensor, scale, left, top } = letterbox(photo, cut, models.landmarkSize, 'centre')
  const numbers = await models.landmarks(tensor)
  return Array.from({ length: 68 }, (_, i): Point => {
    const x = numbers[i * 2]! * models.landmarkSize
    const y = numbers[i * 2 + 1]! * models.landmarkSize
    return [cut.x + (x - left) / scale, cut.y + (y - top) / scale]
  })
}

export interface Letterbox {
  readonly tensor: TensorData
  /** Points of the square a photo pixel. */
  readonly scale: number
  /** Where the picture's upper left corner lies in the square. */
  readonly left: number
  readonly top: number
}

/** A box of the photo scaled into a square of `size` points, keeping its shape; the rest is black. */
export function letterbox(photo: Pick<Photo, 'pixels' | 'profile'>, area: Box, size: number, place: 'corner' | 'centre'): Letterbox {
  const box = pixelBox(area, photo.pixels.width, photo.pixels.height)
  const scale = size / Math.max(box.width, box.height)
  const cell = Math.max(1, Math.floor(1 / scale))
  const source = reducedRegion(photo, box, cell)
  const left = place === 'centre' ? (size - box.width * scale) / 2 : 0
  const top = place === 'centre' ? (size - box.height * scale) / 2 : 0
  const plane = size * size
  const data = new Float32Array(plane * 3).fill(-1)
  const one = new Float32Array(3)
  const rgb = new Float32Array(3)
  for (let j = 0; j < size; j++)
    for (let i = 0; i < size; i++) {
      const x = (i + 0.5 - left) / scale
      const y = (j + 0.5 - top) / scale
      if (x < 0 || y < 0 || x >= box.width || y >= box.height) continue
      averageAt(source, x / cell - 0.5, y / cell - 0.5, 1 / (scale * cell), one, rgb)
      for (let c = 0; c < 3; c++) data[c * plane + j * size + i] = Math.min(1, Math.max(-1, rgb[c]! * 2 - 1))
    }
  return { tensor: { dtype: 'float32', shape: [1, 3, size, size], data }, scale, left, top }
}

/** The field around a place: one sample where it is enlarged, the mean of four where a point covers up to two. */
function averageAt(field: Field, x: number, y: number, step: number, one: Float32Array, rgb: Float32Array): void {
  if (step <= 1) return sampleLinear(field, x, y, rgb)
  rgb.fill(0)
  for (let k = 0; k < 4; k++) {
    sampleLinear(field, x + (k % 2 === 0 ? -0.25 : 0.25) * step, y + (k < 2 ? -0.25 : 0.25) * step, one)
    for (let c = 0; c < 3; c++) rgb[c]! += one[c]! / 4
  }
}

/** Square tiles that cover the photo, each overlapping its neighbours by half. */
export function tilesOf(width: number, height: number): Box[] {
  const side = Math.round(Math.max(width, height) * TILE)
  const starts = (length: number) => {
    const room = Math.max(0, length - side)
    const count = Math.max(1, Math.ceil((room / side) * 2) + 1)
    return Array.from({ length: count }, (_, i) => (count === 1 ? 0 : Math.round((room * i) / (count - 1))))
  }
  const tile = (x: number, y: number): Box => ({ x, y, width: Math.min(side, width), height: Math.min(side, height) })
  return starts(height).flatMap((y) => starts(width).map((x) => tile(x, y)))
}

const area = (box: Box) => box.width * box.height

/** Both lists together, the better-scored one of each overlapping pair. */
export function merge(a: readonly Found[], b: readonly Found[]): Found[] {
  const kept: Found[] = []
  for (const one of [...a, ...b].toSorted((p, q) => q.score - p.score))
    if (kept.every((k) => overlap(k.box, one.box) < SAME_FACE)) kept.push(one)
  return kept
}

/** Intersection over union; a box well inside another counts as overlapping too, since a tile's border cuts faces. */
function overlap(a: Box, b: Box): number {
  const w = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const h = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (w <= 0 || h <= 0) return 0
  return Math.max((w * h) / (area(a) + area(b) - w * h), (w * h) / Math.min(area(a), area(b)) > 0.8 ? 1 : 0)
}
