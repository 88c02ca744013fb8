import Konva from 'konva'
import { toStage, type Point, type Size, type Viewport } from './viewport.ts'

/** The brush under the pointer, in photo pixels. */
export interface BrushRing {
  readonly inPhoto: Point
  readonly radius: number
  readonly hardness: number
}

/** What a mask looks like on the canvas: its veil over the photo, the brush's ring, the lasso's line. */
export class MaskLayer {
  readonly layer = new Konva.Layer({ listening: false })
  readonly #shape: Konva.Shape
  /** The veil, over the whole photo. */
  veil: CanvasImageSource | undefined
  /** Brings the veil up to date, right before it is drawn: a canvas that is written to while a drawing of it is still under way is copied whole. */
  update: () => void = () => undefined
  ring: BrushRing | undefined
  line: readonly Point[] = []
  photo: Size = { width: 1, height: 1 }
  #view: Viewport = { scale: 1, x: 0, y: 0 }
  #visible: Point & Size = { x: 0, y: 0, width: 0, height: 0 }

  constructor() {
    this.#shape = new Konva.Shape({ sceneFunc: (context) => this.#paint(context._context) })
    this.layer.add(this.#shape)
  }

  look(view: Viewport, visible: Point & Size): void {
    this.#view = view
    this.#visible = visible
    this.draw()
  }
  /** Draws once in the next frame, however often it is asked. */
  draw(): void {
    this.layer.batchDraw()
  }

  #paint(context: CanvasRenderingContext2D): void {
    const { x, y, scale } = this.#view
    this.update()
    if (this.veil !== undefined) {
      context.save()
      context.beginPath()
      context.rect(this.#visible.x, this.#visible.y, this.#visible.width, this.#visible.height)
      context.clip()
      context.imageSmoothingQuality = 'low'
      context.drawImage(this.veil, x, y, this.photo.width * scale, this.photo.height * scale)
      context.restore()
    }
    if (this.line.length > 1) {
      context.beginPath()
      for (const point of this.line) {
        const onStage = toStage(this.#view, point)
        context.lineTo(onStage.x, onStage.y)
      }
      twice(context, 1.5)
    }
    if (this.ring !== undefined) this.#paintRing(context, this.ring)
  }

  #paintRing(context: CanvasRenderingContext2D, { inPhoto, radius, hardness }: BrushRing): void {
    const { x, y } = toStage(this.#view, inPhoto)
    const r = Math.max(radius * this.#view.scale, 1.5)
    context.beginPath()
    context.arc(x, y, r, 0, 2 * Math.PI)
    twice(context, 1.25)
    if (hardness > 0.02 && hardness < 0.98 && r > 8) {
      context.beginPath()
      context.arc(x, y, r * hardness, 0, 2 * Math.PI)
      context.globalAlpha = 0.55
      twice(context, 0.75)
      context.globalAlpha = 1
    }
    if (r > 4) return
    // A brush too small to be seen as a ring gets a cross.
    context.beginPath()
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      context.moveTo(x + dx * 6, y + dy * 6)
      context.lineTo(x + dx * 11, y + dy * 11)
    }
    twice(context, 1)
  }
}

/** A light line on a wider dark one is seen on every picture. */
function twice(context: CanvasRenderingContext2D, width: number): void {
  context.lineWidth = width + 1.5
  context.strokeStyle = 'rgb(0 0 0 / 0.6)'
  context.stroke()
  context.lineWidth = width
  context.strokeStyle = 'rgb(255 255 255 / 0.95)'
  context.stroke()
}
