import { cropCorners, type Crop } from '../../src-main/contract/geometry.ts'
import type { Point, Size } from './viewport.ts'

/** What a pointer can take hold of on the crop frame. Corners are numbered as `cropCorners` numbers them. */
export type CropHandle = 'move' | 'rotate' | 'corner-0' | 'corner-1' | 'corner-2' | 'corner-3'

/** The smallest crop: below this there is nothing for the encoder to see. Photo pixels. */
export const MIN_CROP = 16
const TURN_SNAP = Math.PI / 12

export const corners = (crop: Crop): Point[] => cropCorners(crop).map(([x, y]) => ({ x, y }))

/** Where the turning handle stands: above the middle of the upper edge, `distance` photo pixels away from it. */
export function rotateHandle(crop: Crop, distance: number): Point {
  const reach = crop.size / 2 + distance
  return { x: crop.center[0] + Math.sin(crop.angle) * reach, y: crop.center[1] - Math.cos(crop.angle) * reach }
}

/** Which part of the frame a point is on, or undefined outside. @param reach how near counts as on a handle, photo pixels */
export function handleAt(crop: Crop, point: Point, reach: number, rotateDistance: number): CropHandle | undefined {
  const near = (other: Point) => Math.hypot(other.x - point.x, other.y - point.y) <= reach
  if (near(rotateHandle(crop, rotateDistance))) return 'rotate'
  const corner = corners(crop).findIndex(near)
  if (corner >= 0) return `corner-${corner as 0 | 1 | 2 | 3}`
  const local = toLocal(crop, point)
  return Math.max(Math.abs(local.x), Math.abs(local.y)) <= crop.size / 2 ? 'move' : undefined
}

/**
 * The crop after a handle was dragged from one point of the photo to another. A corner scales about the opposite corner, with `modifier` about
 * the centre; turning snaps to 15° with `modifier`; moving keeps to one axis with it.
 */
export function dragCrop(start: Crop, handle: CropHandle, from: Point, to: Point, modifier: boolean): Crop {
  if (handle === 'move') return moveCrop(start, to.x - from.x, to.y - from.y, modifier)
  if (handle === 'rotate') return turnCrop(start, from, to, modifier)
  return scaleCrop(start, Number(handle.at(-1)), from, to, modifier)
}

function moveCrop(start: Crop, dx: number, dy: number, oneAxis: boolean): Crop {
  const [x, y] = start.center
  if (!oneAxis) return { ...start, center: [x + dx, y + dy] }
  return Math.abs(dx) > Math.abs(dy) ? { ...start, center: [x + dx, y] } : { ...start, center: [x, y + dy] }
}

function turnCrop(start: Crop, from: Point, to: Point, snap: boolean): Crop {
  const heading = (point: Point) => Math.atan2(point.y - start.center[1], point.x - start.center[0])
  const angle = wrapAngle(start.angle + heading(to) - heading(from))
  return { ...start, angle: snap ? wrapAngle(Math.round(angle / TURN_SNAP) * TURN_SNAP) : angle }
}

function scaleCrop(start: Crop, corner: number, from: Point, to: Point, aboutCentre: boolean): Crop {
  const all = corners(start)
  const held = all[corner]!
  const fixed = aboutCentre ? { x: start.center[0], y: start.center[1] } : all[(corner + 2) % 4]!
  // The pointer's offset from the corner is kept, so that the corner does not jump under it; only its travel along the diagonal counts.
  const target = { x: held.x + to.x - from.x, y: held.y + to.y - from.y }
  const diagonal = { x: held.x - fixed.x, y: held.y - fixed.y }
  const length = Math.hypot(diagonal.x, diagonal.y)
  const along = ((target.x - fixed.x) * diagonal.x + (target.y - fixed.y) * diagonal.y) / length
  const factor = Math.max(along / length, MIN_CROP / start.size)
  const center: [number, number] = aboutCentre ? start.center : [fixed.x + (diagonal.x * factor) / 2, fixed.y + (diagonal.y * factor) / 2]
  return { ...start, center, size: start.size * factor }
}

/** Keyboard: moves by whole photo pixels, grows by a factor, turns by radians; the centre stays on the photo. */
export function nudgeCrop(crop: Crop, change: { dx?: number; dy?: number; factor?: number; turn?: number }, photo: Size): Crop {
  const { dx = 0, dy = 0, factor = 1, turn = 0 } = change
  return keepOnPhoto(
    {
      center: [crop.center[0] + dx, crop.center[1] + dy],
      size: Math.max(crop.size * factor, MIN_CROP),
      angle: wrapAngle(crop.angle + turn),
    },
    photo,
  )
}

/** A crop may reach over the edge (the border is filled as FFHQ fills it), but its centre stays on the photo and it is at most twice its longer side. */
export function keepOnPhoto(crop: Crop, photo: Size): Crop {
  const clamp = (value: number, most: number) => Math.min(Math.max(value, 0), most)
  return {
    center: [clamp(crop.center[0], photo.width), clamp(crop.center[1], photo.height)],
    size: Math.min(Math.max(crop.size, MIN_CROP), 2 * Math.max(photo.width, photo.height)),
    angle: crop.angle,
  }
}

/** A point in the frame's own axes, from its centre, photo pixels. */
function toLocal(crop: Crop, point: Point): Point {
  const dx = point.x - crop.center[0]
  const dy = point.y - crop.center[1]
  return { x: Math.cos(crop.angle) * dx + Math.sin(crop.angle) * dy, y: -Math.sin(crop.angle) * dx + Math.cos(crop.angle) * dy }
}

/** The same turn in −π…π. */
export function wrapAngle(angle: number): number {
  return Math.atan2(Math.sin(angle), Math.cos(angle))
}
