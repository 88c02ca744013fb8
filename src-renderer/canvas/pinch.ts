import type { Scene } from './scene.ts'
import { pan, type Point, type Size, type Viewport } from './viewport.ts'

interface PinchTarget {
  scene(): Scene | undefined
  view(): Viewport
  zoom(): number
  size(): Size
  setView(view: Viewport): void
  zoomAt(zoom: number, inPane: Point): void
}

/** Two fingers on a touch screen: the photo's points stay under them. */
export class Pinch {
  readonly #target: PinchTarget
  readonly #fingers = new Map<number, Point>()
  #start: { zoom: number; distance: number } | undefined

  constructor(target: PinchTarget) {
    this.#target = target
  }

  get isOn(): boolean {
    return this.#start !== undefined
  }

  /** True when this finger is the second one: what the first one began is given up. */
  down(id: number, point: Point): boolean {
    this.#fingers.set(id, point)
    if (this.#fingers.size !== 2) return false
    this.#start = { zoom: this.#target.zoom(), distance: Math.max(this.#distance(), 1) }
    return true
  }

  /** True when the finger pinches. */
  move(id: number, point: Point): boolean {
    const scene = this.#target.scene()
    if (!this.#fingers.has(id) || scene === undefined) return false
    const before = this.#middle()
    this.#fingers.set(id, point)
    if (this.#start === undefined) return false
    const after = this.#middle()
    this.#target.setView(pan(this.#target.view(), after.x - before.x, after.y - before.y, scene.photo, this.#target.size()))
    this.#target.zoomAt((this.#start.zoom * this.#distance()) / this.#start.distance, after)
    return true
  }

  up(id: number): void {
    this.#fingers.delete(id)
    if (this.#fingers.size < 2) this.#start = undefined
  }

  #middle(): Point {
    const points = [...this.#fingers.values()]
    const sum = points.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), { x: 0, y: 0 })
    return { x: sum.x / points.length, y: sum.y / points.length }
  }

  #distance(): number {
    const [one, other] = [...this.#fingers.values()]
    return one === undefined || other === undefined ? 0 : Math.hypot(one.x - other.x, one.y - other.y)
  }
}
