import {
  CLICK_TRAVEL,
  cropDrag,
  cropHandleAt,
  panDrag,
  splitDrag,
  zoomDrag,
  type CanvasTool,
  type Drag,
  type GestureTarget,
} from './drags.ts'
import { cursorOf, faceAt, isOccupied, splitIsNear } from './hits.ts'
import { Pinch } from './pinch.ts'
import { pan, toPhoto, type Point } from './viewport.ts'
import { readWheel } from './wheel.ts'

/** Pointer, wheel and held keys on the canvas. One drag at a time, which Space or the middle button interrupts to pan; Escape gives it up; a second finger pinches. */
export class Gestures {
  /** Asked in their order before the canvas's own drags. */
  readonly tools: CanvasTool[] = []
  readonly #element: HTMLElement
  readonly #target: GestureTarget
  readonly #stop = new AbortController()
  readonly #pinch: Pinch
  #drag: Drag | undefined
  #pressedAt: Point | undefined
  #isSpaceDown = false
  #last: Point = { x: 0, y: 0 }
  /** Where the pane of the drag, or of the pointer, begins. */
  #origin: Point = { x: 0, y: 0 }

  constructor(element: HTMLElement, target: GestureTarget) {
    this.#element = element
    this.#target = target
    this.#pinch = new Pinch(target)
    const options = { signal: this.#stop.signal }
    element.addEventListener('pointerdown', (event) => this.#down(event), options)
    element.addEventListener('pointermove', (event) => this.#move(event), options)
    element.addEventListener('pointerup', (event) => this.#up(event), options)
    element.addEventListener('pointercancel', (event) => this.#cancel(event), options)
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
    if (this.#target.scene() === undefined || event.button > 1) return
    if (event.button === 1) event.preventDefault()
    const point = this.#point(event)
    if (event.pointerType === 'touch' && this.#pinch.down(event.pointerId, point)) this.#bail()
    if (this.#drag !== undefined || this.#pinch.isOn) return
    this.#element.setPointerCapture(event.pointerId)
    this.#last = point
    this.#pressedAt = point
    this.#drag = this.#startDrag(point, event)
    this.updateCursor()
  }

  #startDrag(point: Point, event: PointerEvent): Drag {
    const target = this.#target
    const scene = target.scene()!
    if (event.button === 1 || this.#isSpaceDown || scene.tool === 'hand') return panDrag(target, point)
    if (scene.tool === 'crop' && scene.cropDraft !== undefined) return cropDrag(target, point) ?? panDrag(target, point)
    if (splitIsNear(scene, target.splitAt(), target.visible(), point)) return splitDrag(target)
    for (const tool of this.tools) {
      const drag = tool.start(point, event)
      if (drag !== undefined) return drag
    }
    return scene.tool === 'zoom' ? zoomDrag(target, point) : panDrag(target, point)
  }

  #move(event: PointerEvent): void {
    const point = this.#point(event)
    const before = this.#last
    this.#last = point
    if (this.#pinch.move(event.pointerId, point)) return
    if (this.#drag !== undefined) {
      // Space or the middle button in the middle of a stroke: the picture moves under it, and the stroke goes on where it was.
      const isInterrupted = this.#drag.cursor !== 'grabbing' && (this.#isSpaceDown || (event.buttons & 4) !== 0)
      if (isInterrupted) this.#panBy(point.x - before.x, point.y - before.y)
      else this.#drag.move(point, event)
      return
    }
    const scene = this.#target.scene()
    if (scene?.tool === 'select' && scene.faces.length > 0) this.#target.hoverFace(faceAt(scene, toPhoto(this.#target.view(), point)))
    this.updateCursor()
  }

  #up(event: PointerEvent): void {
    this.#pinch.up(event.pointerId)
    // The middle button let go while another one still draws.
    if (event.pointerType === 'mouse' && event.buttons !== 0) return
    const point = this.#point(event)
    const pressed = this.#pressedAt
    const drag = this.#drag
    this.#drag = undefined
    this.#pressedAt = undefined
    drag?.end?.(point, event)
    if (drag !== undefined && pressed !== undefined && Math.hypot(point.x - pressed.x, point.y - pressed.y) <= CLICK_TRAVEL)
      this.#click(point, event, drag)
    this.updateCursor()
  }

  /** @param drag what the press began: a tool's own drag is no click on what lies under it */
  #click(point: Point, { altKey, button }: PointerEvent, drag: Drag): void {
    const scene = this.#target.scene()
    if (scene === undefined || button !== 0 || this.#isSpaceDown || drag.end !== undefined) return
    if (scene.tool === 'zoom') this.#target.zoomAt(this.#target.zoom() * (altKey ? 0.5 : 2), point)
    if (scene.tool !== 'select') return
    if (scene.panes.length > 1) this.#target.port.onPane(this.#paneOf(point), false)
    else {
      const face = faceAt(scene, toPhoto(this.#target.view(), point))
      if (face >= 0 && face !== scene.chosenFace) this.#target.port.onFace(face)
    }
  }

  #doubleClick(event: MouseEvent): void {
    const scene = this.#target.scene()
    const point = this.#point(event)
    if (scene === undefined || scene.tool !== 'select') return
    if (scene.panes.length > 1) this.#target.port.onPane(this.#paneOf(point), true)
    else if (splitIsNear(scene, this.#target.splitAt(), this.#target.visible(), point)) this.#target.port.onSplit(0.5)
  }

  #wheel(event: WheelEvent): void {
    // Ctrl and the wheel would change the size of the page.
    if (this.#target.scene() === undefined || event.defaultPrevented) return
    event.preventDefault()
    const { zoom, dx, dy } = readWheel(event)
    if (zoom !== 1) this.#target.zoomAt(this.#target.zoom() * zoom, this.#point(event))
    else this.#panBy(dx, dy)
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

  #cancel(event: PointerEvent): void {
    this.#pinch.up(event.pointerId)
    this.#bail()
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
  #panBy(dx: number, dy: number): void {
    const { photo } = this.#target.scene()!
    this.#target.setView(pan(this.#target.view(), dx, dy, photo, this.#target.size()))
  }

  #cursorAt(point: Point): string {
    const scene = this.#target.scene()
    if (scene === undefined) return 'default'
    if (this.#isSpaceDown || scene.tool === 'hand') return 'grab'
    if (scene.tool === 'crop') return cursorOf(cropHandleAt(this.#target, point), false)
    if (splitIsNear(scene, this.#target.splitAt(), this.#target.visible(), point))
      return scene.compare === 'horizontal' ? 'row-resize' : 'col-resize'
    for (const tool of this.tools) {
      const cursor = tool.cursor?.(point)
      if (cursor !== undefined) return cursor
    }
    if (scene.tool === 'zoom') return 'zoom-in'
    return scene.panes.length < 2 && faceAt(scene, toPhoto(this.#target.view(), point)) >= 0 ? 'pointer' : 'default'
  }

  /** The pointer's place in its pane; while it drags, in the pane where it began. */
  #point(event: MouseEvent): Point {
    const box = this.#element.getBoundingClientRect()
    const onStage = { x: event.clientX - box.left, y: event.clientY - box.top }
    if (this.#drag === undefined) this.#origin = this.#target.paneAt(onStage).origin
    return { x: onStage.x - this.#origin.x, y: onStage.y - this.#origin.y }
  }
  #paneOf({ x, y }: Point): number {
    return this.#target.paneAt({ x: x + this.#origin.x, y: y + this.#origin.y }).index
  }
}
