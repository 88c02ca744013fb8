import type { PhotoBox } from '../../src-main/contract/geometry.ts'
import { cropCorners } from '../../src-main/contract/geometry.ts'
import { paintShot } from './paint-shot.ts'
import type { Scene, Shot } from './scene.ts'

/** Where two pictures of one photo differ, as a heat map over the part that can differ. */
export interface DifferenceMap {
  readonly canvas: OffscreenCanvas
  readonly box: PhotoBox
  /** The largest difference of a channel, 0…1. */
  readonly most: number
  /** Share of the photo that differs visibly, 0…1. */
  readonly share: number
}

/** The longest side of a map; what is finer cannot be told from noise. */
const LONGEST = 1024
/** A difference of this much is as hot as it gets. */
const HOTTEST = 0.3
/** Below this nobody sees it: two steps of 255. */
const SEEN = 2 / 255

/** Undefined where the two are the same photo. */
export function differenceOf(scene: Scene, before: Shot, after: Shot): DifferenceMap | undefined {
  const box = unionOf([...boxesOf(before), ...boxesOf(after)], scene.photo)
  if (box === undefined) return undefined
  const scale = Math.min(1, LONGEST / Math.max(box.width, box.height))
  const width = Math.max(1, Math.round(box.width * scale))
  const height = Math.max(1, Math.round(box.height * scale))
  const [one, other] = [before, after].map((shot) => {
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!
    context.setTransform(width / box.width, 0, 0, height / box.height, (-box.x * width) / box.width, (-box.y * height) / box.height)
    paintShot(context, scene, shot)
    return context.getImageData(0, 0, width, height)
  }) as [ImageData, ImageData]
  const { heat, most, seen } = heatOf(one.data, other.data)
  const canvas = new OffscreenCanvas(width, height)
  canvas.getContext('2d')!.putImageData(new ImageData(heat, width, height), 0, 0)
  return { canvas, box, most, share: ((seen / (width * height)) * (box.width * box.height)) / (scene.photo.width * scene.photo.height) }
}

/** RGBA samples of two pictures → RGBA samples of the map; `most` as a share of 255, `seen` in pixels. */
export function heatOf(
  one: ArrayLike<number>,
  other: ArrayLike<number>,
): { heat: Uint8ClampedArray<ArrayBuffer>; most: number; seen: number } {
  const heat = new Uint8ClampedArray(one.length)
  let most = 0
  let seen = 0
  for (let at = 0; at < one.length; at += 4) {
    const far =
      Math.max(Math.abs(one[at]! - other[at]!), Math.abs(one[at + 1]! - other[at + 1]!), Math.abs(one[at + 2]! - other[at + 2]!)) / 255
    if (far > most) most = far
    if (far < SEEN) continue
    seen++
    const step = Math.min(255, Math.round((far / HOTTEST) * 255)) * 3
    heat[at] = RAMP[step]!
    heat[at + 1] = RAMP[step + 1]!
    heat[at + 2] = RAMP[step + 2]!
    heat[at + 3] = Math.min(255, 90 + (far / HOTTEST) * 165)
  }
  return { heat, most, seen }
}

/** From cold to hot through colours whose lightness only rises, so that it reads without colour too. */
const STOPS = [
  [43, 18, 92],
  [122, 28, 109],
  [203, 64, 71],
  [246, 136, 27],
  [250, 221, 92],
  [255, 255, 234],
] as const
const RAMP = Uint8ClampedArray.from({ length: 256 * 3 }, (_, i) => {
  const place = (Math.floor(i / 3) / 255) * (STOPS.length - 1)
  const from = Math.min(Math.floor(place), STOPS.length - 2)
  const [a, b] = [STOPS[from]![i % 3]!, STOPS[from + 1]![i % 3]!]
  return a + (b - a) * (place - from)
})

function boxesOf(shot: Shot): PhotoBox[] {
  if (shot.side === 'photo') return []
  if (shot.side === 'result') return shot.patch === undefined ? [] : [shot.patch.box]
  if (shot.inversion === undefined) return []
  const corners = cropCorners(shot.inversion.crop)
  const [x, y] = [Math.min(...corners.map(([x]) => x)), Math.min(...corners.map(([, y]) => y))]
  return [{ x, y, width: Math.max(...corners.map(([x]) => x)) - x, height: Math.max(...corners.map(([, y]) => y)) - y }]
}

function unionOf(boxes: readonly PhotoBox[], photo: { width: number; height: number }): PhotoBox | undefined {
  if (boxes.length === 0) return undefined
  const x = Math.max(0, Math.min(...boxes.map((box) => box.x)))
  const y = Math.max(0, Math.min(...boxes.map((box) => box.y)))
  const right = Math.min(photo.width, Math.max(...boxes.map((box) => box.x + box.width)))
  const bottom = Math.min(photo.height, Math.max(...boxes.map((box) => box.y + box.height)))
  return right <= x || bottom <= y ? undefined : { x, y, width: right - x, height: bottom - y }
}
