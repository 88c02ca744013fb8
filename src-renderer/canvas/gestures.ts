import { dragCrop, handleAt, keepOnPhoto, type CropHandle } from './crop-handles.ts'
import { ROTATE_DISTANCE } from './overlay.ts'
import type { CanvasPort, Scene } from './scene.ts'
import { pan, toPhoto, type Point, type Size, type Viewport } from './viewport.ts'
import { cursorOf, faceAt, isOccupied, splitIsNear } from './hits.ts'

/** What the gestures read and move. */
export interface GestureTarget {
  scene(): Scene | undefined
  view(): Viewport
  zoom(): number
  visible(): Point & Size
  splitAt(): number | undefined
  setView(view: Viewport): void
  zoomAt(zoom: number, onStage: Point): void
  hoverFace(index: number): void
  readonly port: CanvasPort
}

/** A drag in progress: `move` previews, `bail` puts back what was there before. */
interface Drag {
  move(onStage: Point, event: PointerEvent): void
  bail(): void
  readonly cursor: string
}

const HANDLE_REACH = 11
const CLICK_TRAVEL = 4
const WHEEL_SPEED = 0.0016

/** Pointer, wheel and held keys on the canvas. One pointer, one drag at a time; Escape gives it up. */
export class Gestures {
  readonly #element: HTMLElement
  readonly #target: GestureTarget
  readonly #stop = new AbortController()
  #drag: Drag | undefined
  #pressedAt: Point | undefined
  #isSpaceDown = false
  #last: Point = { x: 0, y: 0 }

  constructor(element: HTMLElement, target: GestureTarget) {
    this.#element = element
    this.#target = target
    const options = { signal: this.#stop.signal }
    element.addEventListener('pointerdown', (event) => this.#down(event), options)
    element.addEventListener('pointermove', (event) => this.#move(event), options)
    element.addEventListener('pointerup', (event) => this.#up(event), options)
    element.addEventListener('pointercancel', () => this.#bail(), options)
    element.addEventListener('pointerleave', () => target.hoverFace(-1), options)
    element.addEventListener('dblclick', (event) => this.#doubleClick(event), options)
    element.addEventListener('wheel', (event) => this.#wheel(event), { ...options, passive: false })
    window.addEventListener('keydown', (event) => this.#key(event, true), { ...options, capture: true })
    window.addEventListener('keyup', (event) => this.#key(event, false), { ...options, capture: true })
    window.addEventListener('blur', () => this.#release(), options)
  }

  destroy(): void {
    this.#stop.abort()
  }

  updateCursor(): void {
    this.#element.style.cursor = this.#drag?.cursor ?? this.#cursorAt(this.#last)
  }

  #down(event: PointerEvent): void {
    if (this.#target.scene() === undefined || this.#drag !== undefined || event.button > 1) return
    if (event.button === 1) event.preventDefault()
    this.#element.setPointerCapture(event.pointerId)
    const point = this.#point(event)
    this.#pressedAt = point
    this.#drag = this.#startDrag(point, event)
    this.updateCursor()
  }

  #startDrag(point: Point, event: PointerEvent): Drag {
    const scene = this.#target.scene()!
    if (event.button === 1 || this.#isSpaceDown || scene.tool === 'hand') return this.#panDrag(point)
    if (scene.tool === 'crop' && scene.cropDraft !== undefined) return this.#cropDrag(point) ?? this.#panDrag(point)
    if (splitIsNear(scene, this.#target.splitAt(), this.#target.visible(), point)) return this.#splitDrag()
    return scene.tool === 'zoom' ? this.#zoomDrag(point) : this.#panDrag(point)
  }

  #panDrag(start: Point): Drag {
    const view = this.#target.view()
    const { photo } = this.#target.scene()!
    const size = { width: this.#element.clientWidth, height: this.#element.clientHeight }
    let hasMoved = false
    return {
      cursor: 'grabbing',
      move: ({ x, y }) => {
        hasMoved ||= Math.hypot(x - start.x, y - start.y) > CLICK_TRAVEL
        if (hasMoved) this.#target.setView(pan(view, x - start.x, y - start.y, photo, size))
      },
      bail: () => this.#target.setView(view),
    }
  }

  #zoomDrag(start: Point): Drag {
    const view = this.#target.view()
    const zoom = this.#target.zoom()
    return {
      cursor: 'zoom-in',
      move: ({ x }) => {
        if (Math.abs(x - start.x) > CLICK_TRAVEL) this.#target.zoomAt(zoom * Math.exp((x - start.x) / 160), start)
      },
      bail: () => this.#target.setView(view),
    }
  }

  #splitDrag(): Drag {
    const scene = this.#target.scene()!
    const isHorizontal = scene.compare === 'horizontal'
    return {
      cursor: isHorizontal ? 'row-resize' : 'col-resize',
      move: (point) => {
        const { x, y, width, height } = this.#target.visible()
        const at = isHorizontal ? (point.y - y) / height : (point.x - x) / width
        this.#target.port.onSplit(Math.min(Math.max(at, 0), 1))
      },
      bail: () => this.#target.port.onSplit(scene.splitAt),
    }
  }

  #cropDrag(start: Point): Drag | undefined {
    const { cropDraft, photo } = this.#target.scene()!
    const handle = this.#cropHandle(start)
    if (cropDraft === undefined || handle === undefined) return undefined
    const from = toPhoto(this.#target.view(), start)
    return {
      cursor: cursorOf(handle, true),
      move: (point, { shiftKey }) => {
        const to = toPhoto(this.#target.view(), point)
        this.#target.port.onCrop(keepOnPhoto(dragCrop(cropDraft, handle, from, to, shiftKey), photo))
      },
      bail: () => this.#target.port.onCrop(cropDraft),
    }
  }

  #move(event: PointerEvent): void {
    const point = this.#point(event)
    this.#last = point
    if (this.#drag !== undefined) {
      this.#drag.move(point, event)
      return
    }
    const scene = this.#target.scene()
    if (scene?.tool === 'select') this.#target.hoverFace(faceAt(scene, toPhoto(this.#target.view(), point)))
    this.updateCursor()
  }

  #up(event: PointerEvent): void {
    const point = this.#point(event)
    const pressed = this.#pressedAt
    const wasDrag = this.#drag
    this.#drag = undefined
    this.#pressedAt = undefined
    if (wasDrag !== undefined && pressed !== undefined && Math.hypot(point.x - pressed.x, point.y - pressed.y) <= CLICK_TRAVEL)
      this.#click(point, event)
    this.updateCursor()
  }

  #click(point: Point, { altKey, button }: PointerEvent): void {
    const scene = this.#target.scene()
    if (scene === undefined || button !== 0 || this.#isSpaceDown) return
    if (scene.tool === 'zoom') this.#target.zoomAt(this.#target.zoom() * (altKey ? 0.5 : 2), point)
    if (scene.tool !== 'select') return
    const face = faceAt(scene, toPhoto(this.#target.view(), point))
    if (face >= 0 && face !== scene.chosenFace) this.#target.port.onFace(face)
  }

  #doubleClick(event: MouseEvent): void {
    const scene = this.#target.scene()
    if (scene?.compare !== 'off' && splitIsNear(scene, this.#target.splitAt(), this.#target.visible(), this.#point(event)))
      this.#target.port.onSplit(0.5)
  }

  #wheel(event: WheelEvent): void {
    const scene = this.#target.scene()
    if (scene === undefined) return
    event.preventDefault()
    if (event.shiftKey) {
      const size = { width: this.#element.clientWidth, height: this.#element.clientHeight }
      this.#target.setView(pan(this.#target.view(), -(event.deltaX || event.deltaY), 0, scene.photo, size))
      return
    }
    // A pinch arrives as a wheel with Ctrl and small steps.
    const speed = event.ctrlKey ? WHEEL_SPEED * 6 : WHEEL_SPEED
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 24 : 1
    this.#target.zoomAt(this.#target.zoom() * Math.exp(-event.deltaY * lines * speed), this.#point(event))
  }

  #key(event: KeyboardEvent, isDown: boolean): void {
    if (event.key === 'Escape' && isDown && this.#drag !== undefined) {
      event.stopImmediatePropagation()
      this.#bail()
    }
    if (event.key === ' ' && !(isDown && isOccupied(event.target))) {
      this.#isSpaceDown = isDown
      if (isDown) event.preventDefault()
    }
    this.#target.port.onHeldKey(this.#isSpaceDown ? 'space' : event.shiftKey ? 'shift' : event.altKey ? 'alt' : 'none')
    this.updateCursor()
  }

  #bail(): void {
    this.#drag?.bail()
    this.#drag = undefined
    this.#pressedAt = undefined
    this.updateCursor()
  }
  #release(): void {
    this.#isSpaceDown = false
    this.#target.port.onHeldKey('none')
  }

  #cropHandle(point: Point): CropHandle | undefined {
    const scene = this.#target.scene()
    if (scene?.cropDraft === undefined) return undefined
    const { scale } = this.#target.view()
    return handleAt(scene.cropDraft, toPhoto(this.#target.view(), point), HANDLE_REACH / scale, ROTATE_DISTANCE / scale)
  }

  #cursorAt(point: Point): string {
    const scene = this.#target.scene()
    if (scene === undefined) return 'default'
    if (this.#isSpaceDown || scene.tool === 'hand') return 'grab'
    if (scene.tool === 'crop') return cursorOf(this.#cropHandle(point), false)
    if (splitIsNear(scene, this.#target.splitAt(), this.#target.visible(), point))
      return scene.compare === 'horizontal' ? 'row-resize' : 'col-resize'
    if (scene.tool === 'zoom') return 'zoom-in'
    return faceAt(scene, toPhoto(this.#target.view(), point)) >= 0 ? 'pointer' : 'default'
  }

  #point(event: MouseEvent): Point {
    const box = this.#element.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
}
