import type { ImageLayer } from '../../src-main/contract/document.ts'
import type { Point } from './viewport.ts'

/** Where a picture lies over the photo, and its own size in pixels. */
export interface PlacedFrame extends Pick<ImageLayer, 'center' | 'scale' | 'angle'> {
  readonly width: number
  readonly height: number
}
export type Placement = Pick<ImageLayer, 'center' | 'scale' | 'angle'>

/** What a pointer can take hold of; corners are numbered clockwise from the upper left. */
export type PictureHandle = 'move' | 'rotate' | 0 | 1 | 2 | 3

const TURN_SNAP = Math.PI / 12
/** A picture is never made smaller than this on its longer side, in photo pixels. */
const LEAST_SIDE = 4
const MOST_SCALE = 1000

/** The corners in photo pixels. */
export function frameCorners({ center, scale, angle, width, height }: PlacedFrame): Point[] {
  const [c, s] = [Math.cos(angle), Math.sin(angle)]
  const [w, h] = [(width * scale) / 2, (height * scale) / 2]
  return [
    [-w, -h],
    [w, -h],
    [w, h],
    [-w, h],
  ].map(([x, y]) => ({ x: center[0] + c * x! - s * y!, y: center[1] + s * x! + c * y! }))
}

/** The turning knob, `distance` photo pixels above the middle of the upper edge. */
export function turnKnob({ center, scale, angle, height }: PlacedFrame, distance: number): Point {
  const reach = (height * scale) / 2 + distance
  return { x: center[0] + Math.sin(angle) * reach, y: center[1] - Math.cos(angle) * reach }
}

/** Which part of the frame a point is on. @param reach how near counts as on a handle, photo pixels */
export function pictureHandleAt(frame: PlacedFrame, point: Point, reach: number, knobDistance: number): PictureHandle | undefined {
  const near = (other: Point) => Math.hypot(other.x - point.x, other.y - point.y) <= reach
  if (near(turnKnob(frame, knobDistance))) return 'rotate'
  const corner = frameCorners(frame).findIndex(near)
  if (corner >= 0) return corner as 0 | 1 | 2 | 3
  const [dx, dy] = [point.x - frame.center[0], point.y - frame.center[1]]
  const [c, s] = [Math.cos(frame.angle), Math.sin(frame.angle)]
  const isInside =
    Math.abs(c * dx + s * dy) <= (frame.width * frame.scale) / 2 && Math.abs(c * dy - s * dx) <= (frame.height * frame.scale) / 2
  return isInside ? 'move' : undefined
}

/**
 * Where a picture is after a handle was dragged from one point of the photo to another. A corner scales about the opposite one, with `aboutCentre`
 * about the middle; with `snap` turning keeps to 15° and moving to one axis.
 */
export function dragPicture(
  start: PlacedFrame,
  handle: PictureHandle,
  from: Point,
  to: Point,
  { snap = false, aboutCentre = false }: { readonly snap?: boolean; readonly aboutCentre?: boolean } = {},
): Placement {
  const { center, scale, angle } = start
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  if (handle === 'move') {
    const isAcross = Math.abs(dx) > Math.abs(dy)
    return { center: [center[0] + (snap && !isAcross ? 0 : dx), center[1] + (snap && isAcross ? 0 : dy)], scale, angle }
  }
  if (handle === 'rotate') {
    const heading = (point: Point) => Math.atan2(point.y - center[1], point.x - center[0])
    const turned = wrap(angle + heading(to) - heading(from))
    return { center, scale, angle: snap ? wrap(Math.round(turned / TURN_SNAP) * TURN_SNAP) : turned }
  }
  const corners = frameCorners(start)
  const held = corners[handle]!
  const fixed = aboutCentre ? { x: center[0], y: center[1] } : corners[(handle + 2) % 4]!
  // Only the pointer's travel along the diagonal counts, from the corner that it holds, so that nothing jumps when it is taken.
  const diagonal = { x: held.x - fixed.x, y: held.y - fixed.y }
  const length = Math.hypot(diagonal.x, diagonal.y)
  const wanted = 1 + (dx * diagonal.x + dy * diagonal.y) / length ** 2
  const least = LEAST_SIDE / (Math.max(start.width, start.height) * scale)
  const factor = Math.min(Math.max(wanted, least), MOST_SCALE / scale)
  return {
    center: [fixed.x + (center[0] - fixed.x) * factor, fixed.y + (center[1] - fixed.y) * factor],
    scale: scale * factor,
    angle,
  }
}

/** The same turn in −π…π. */
const wrap = (angle: number): number => Math.atan2(Math.sin(angle), Math.cos(angle))
