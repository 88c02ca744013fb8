import { dragCrop, handleAt, keepOnPhoto, type CropHandle } from './crop-handles.ts'
import { cursorOf } from './hits.ts'
import { ROTATE_DISTANCE } from './overlay.ts'
import type { CanvasPort, Scene } from './scene.ts'
import { pan, toPhoto, type Point, type Size, type Viewport } from './viewport.ts'

/** What the gestures read and move. Points are those of the pane that the pointer is on. */
export interface GestureTarget {
  scene(): Scene | undefined
  view(): Viewport
  zoom(): number
  /** One pane's size. */
  size(): Size
  paneAt(onStage: Point): { readonly index: number; readonly origin: Point }
  visible(): Point & Size
  splitAt(): number | undefined
  setView(view: Viewport): void
  zoomAt(zoom: number, inPane: Point): void
  hoverFace(index: number): void
  readonly port: CanvasPort
}

/** A drag in progress: `move` previews, `end` takes what was previewed, `bail` puts back what was there before. */
export interface Drag {
  move(inPane: Point, event: PointerEvent): void
  end?(inPane: Point, event: PointerEvent): void
  bail(): void
  readonly cursor: string
}

/** A part of the studio that takes drags of its own: a brush, handles of a picture. */
export interface CanvasTool {
  /** The drag that begins here, or undefined to leave the press to others. */
  start(inPane: Point, event: PointerEvent): Drag | undefined
  /** The pointer's look where nothing is dragged, or undefined. */
  cursor?(inPane: Point): string | undefined
}

const HANDLE_REACH = 11
export const CLICK_TRAVEL = 4

export function panDrag(target: GestureTarget, start: Point): Drag {
  const view = target.view()
  const { photo } = target.scene()!
  let hasMoved = false
  return {
    cursor: 'grabbing',
    move: ({ x, y }) => {
      hasMoved ||= Math.hypot(x - start.x, y - start.y) > CLICK_TRAVEL
      if (hasMoved) target.setView(pan(view, x - start.x, y - start.y, photo, target.size()))
    },
    bail: () => target.setView(view),
  }
}

export function zoomDrag(target: GestureTarget, start: Point): Drag {
  const view = target.view()
  const zoom = target.zoom()
  return {
    cursor: 'zoom-in',
    move: ({ x }) => {
      if (Math.abs(x - start.x) > CLICK_TRAVEL) target.zoomAt(zoom * Math.exp((x - start.x) / 160), start)
    },
    bail: () => target.setView(view),
  }
}

export function splitDrag(target: GestureTarget): Drag {
  const scene = target.scene()!
  const isHorizontal = scene.compare === 'horizontal'
  return {
    cursor: isHorizontal ? 'row-resize' : 'col-resize',
    move: (point) => {
      const { x, y, width, height } = target.visible()
      const at = isHorizontal ? (point.y - y) / height : (point.x - x) / width
      target.port.onSplit(Math.min(Math.max(at, 0), 1))
    },
    bail: () => target.port.onSplit(scene.splitAt),
  }
}

export function cropDrag(target: GestureTarget, start: Point): Drag | undefined {
  const { cropDraft, photo } = target.scene()!
  const handle = cropHandleAt(target, start)
  if (cropDraft === undefined || handle === undefined) return undefined
  const from = toPhoto(target.view(), start)
  return {
    cursor: cursorOf(handle, true),
    move: (point, { shiftKey }) => {
      const to = toPhoto(target.view(), point)
      target.port.onCrop(keepOnPhoto(dragCrop(cropDraft, handle, from, to, shiftKey), photo))
    },
    bail: () => target.port.onCrop(cropDraft),
  }
}

export function cropHandleAt(target: GestureTarget, point: Point): CropHandle | undefined {
  const scene = target.scene()
  if (scene?.cropDraft === undefined) return undefined
  const { scale } = target.view()
  return handleAt(scene.cropDraft, toPhoto(target.view(), point), HANDLE_REACH / scale, ROTATE_DISTANCE / scale)
}
