/**
 * How the photo lies on the stage. Points name their space: `onStage` in CSS pixels from the stage's top left, `inPhoto` in photo pixels.
 *   onStage = origin + scale · inPhoto
 */
export interface Viewport {
  /** CSS pixels a photo pixel. */
  readonly scale: number
  readonly x: number
  readonly y: number
}
export interface Point {
  readonly x: number
  readonly y: number
}
export interface Size {
  readonly width: number
  readonly height: number
}

export const MIN_ZOOM = 0.1
export const MAX_ZOOM = 20
/** Room between the photo and the stage's edge when it is fitted, CSS pixels; a small stage gives less away. */
const FIT_MARGIN = 28
const MARGIN_SHARE = 0.05
/** However far one pans, this much of the photo stays on the stage, CSS pixels. */
const KEEP_VISIBLE = 64
const SNAPS = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 12, 16]
const SNAP_TOLERANCE = 0.02

export const toStage = (view: Viewport, inPhoto: Point): Point => ({
  x: view.x + inPhoto.x * view.scale,
  y: view.y + inPhoto.y * view.scale,
})
export const toPhoto = (view: Viewport, onStage: Point): Point => ({
  x: (onStage.x - view.x) / view.scale,
  y: (onStage.y - view.y) / view.scale,
})

/** The whole photo, centred, never larger than `maxScale` (a small photo is not blown up beyond it). */
export function fit(photo: Size, stage: Size, maxScale = Infinity): Viewport {
  const margin = Math.min(FIT_MARGIN, MARGIN_SHARE * Math.min(stage.width, stage.height))
  const room = { width: Math.max(stage.width - 2 * margin, 16), height: Math.max(stage.height - 2 * margin, 16) }
  const scale = Math.min(room.width / photo.width, room.height / photo.height, maxScale)
  return centred(photo, stage, scale)
}

export function centred(photo: Size, stage: Size, scale: number): Viewport {
  return { scale, x: (stage.width - photo.width * scale) / 2, y: (stage.height - photo.height * scale) / 2 }
}

/** Zooms so that the photo's point under `onStage` stays there. `zoom` is photo pixels to device pixels, limited to 10–2000 % unless fitting needs less. */
export function zoomTo(view: Viewport, zoom: number, onStage: Point, pixelRatio: number, minZoom = MIN_ZOOM): Viewport {
  const limited = Math.min(Math.max(zoom, Math.min(minZoom, MIN_ZOOM)), MAX_ZOOM)
  const scale = limited / pixelRatio
  const { x, y } = toPhoto(view, onStage)
  return { scale, x: onStage.x - x * scale, y: onStage.y - y * scale }
}

/** Round zooms are easy to hit: within 2 % the nearest of 25, 50, 75, 100 … % is taken. */
export function snapZoom(zoom: number): number {
  return SNAPS.find((snap) => Math.abs(zoom / snap - 1) <= SNAP_TOLERANCE) ?? zoom
}

/** The next round zoom up or down, for the keys and the menu. */
export function nextZoom(zoom: number, direction: 1 | -1): number {
  const steps = [MIN_ZOOM, ...SNAPS, MAX_ZOOM]
  const above = steps.filter((step) => step > zoom * 1.01)
  const below = steps.filter((step) => step < zoom / 1.01)
  return direction === 1 ? (above[0] ?? MAX_ZOOM) : (below.at(-1) ?? MIN_ZOOM)
}

export function pan(view: Viewport, dx: number, dy: number, photo: Size, stage: Size): Viewport {
  return keepVisible({ ...view, x: view.x + dx, y: view.y + dy }, photo, stage)
}

export function keepVisible(view: Viewport, photo: Size, stage: Size): Viewport {
  const hold = (origin: number, length: number, room: number) => {
    const keep = Math.min(KEEP_VISIBLE, length, room)
    return Math.min(Math.max(origin, keep - length), room - keep)
  }
  return { ...view, x: hold(view.x, photo.width * view.scale, stage.width), y: hold(view.y, photo.height * view.scale, stage.height) }
}

/** The part of the stage that the photo covers. */
export function photoOnStage(view: Viewport, photo: Size, stage: Size): Point & Size {
  const left = Math.max(view.x, 0)
  const top = Math.max(view.y, 0)
  const right = Math.min(view.x + photo.width * view.scale, stage.width)
  const bottom = Math.min(view.y + photo.height * view.scale, stage.height)
  return { x: left, y: top, width: Math.max(right - left, 0), height: Math.max(bottom - top, 0) }
}
