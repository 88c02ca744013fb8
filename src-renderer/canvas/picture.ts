import Konva from 'konva'
import type { Scene, Side } from './scene.ts'
import type { Point, Size, Viewport } from './viewport.ts'

/** Above this zoom pixels are shown as squares. */
const PIXELATED_ABOVE = 4

/** The photo with its patch, twice: what is before and what is after the split. Both sides share the viewport. */
export class Picture {
  readonly layer = new Konva.Layer({ listening: false })
  readonly #before = new PictureSide()
  readonly #after = new PictureSide()
  readonly #beforeClip = new Konva.Group()
  readonly #afterClip = new Konva.Group()

  constructor() {
    this.#beforeClip.add(this.#before.group)
    this.#afterClip.add(this.#after.group)
    this.layer.add(this.#beforeClip, this.#afterClip)
  }

  /** @param visible the part of the stage that the photo covers @param splitAt the split's place on the stage, CSS pixels, undefined without one */
  show(scene: Scene, view: Viewport, visible: Point & Size, splitAt: number | undefined, pixelRatio: number): void {
    const isPixelated = view.scale * pixelRatio > PIXELATED_ABOVE
    this.#after.show(scene, scene.after, view)
    this.#beforeClip.visible(splitAt !== undefined)
    if (splitAt === undefined) {
      this.#afterClip.clip({ x: visible.x, y: visible.y, width: visible.width, height: visible.height })
    } else {
      this.#before.show(scene, scene.before, view)
      const [first, second] = split(visible, splitAt, scene.compare === 'horizontal')
      this.#beforeClip.clip(first)
      this.#afterClip.clip(second)
    }
    this.layer.imageSmoothingEnabled(!isPixelated)
    const context = this.layer.getNativeCanvasElement().getContext('2d')
    if (context !== null) context.imageSmoothingQuality = scene.isMoving ? 'low' : 'high'
    this.layer.batchDraw()
  }

  clear(): void {
    this.#beforeClip.visible(false)
    this.#afterClip.clip({ x: 0, y: 0, width: 0, height: 0 })
    this.layer.batchDraw()
  }
}

class PictureSide {
  readonly group = new Konva.Group()
  readonly #photo = new Konva.Image({ image: undefined })
  readonly #patch = new Konva.Image({ image: undefined })
  readonly #inversion = new Konva.Image({ image: undefined })

  constructor() {
    this.group.add(this.#photo, this.#patch, this.#inversion)
  }

  show({ photo, photoBitmap, patch, inversion }: Scene, side: Side, view: Viewport): void {
    this.group.setAttrs({ x: view.x, y: view.y, scaleX: view.scale, scaleY: view.scale })
    this.#photo.setAttrs({ image: photoBitmap, width: photo.width, height: photo.height })
    this.#patch.visible(side === 'result' && patch !== undefined)
    if (patch !== undefined) this.#patch.setAttrs({ image: patch.bitmap, ...patch.box })
    this.#inversion.visible(side === 'inversion' && inversion !== undefined)
    if (inversion !== undefined) {
      const { center, size, angle } = inversion.crop
      this.#inversion.setAttrs({
        image: inversion.bitmap,
        x: center[0],
        y: center[1],
        width: size,
        height: size,
        offsetX: size / 2,
        offsetY: size / 2,
        rotation: (angle * 180) / Math.PI,
      })
    }
  }
}

/** The two parts of a rectangle on either side of a line across it. */
export function split({ x, y, width, height }: Point & Size, at: number, isHorizontal: boolean): [Point & Size, Point & Size] {
  if (isHorizontal) {
    const upper = Math.min(Math.max(at - y, 0), height)
    return [
      { x, y, width, height: upper },
      { x, y: y + upper, width, height: height - upper },
    ]
  }
  const left = Math.min(Math.max(at - x, 0), width)
  return [
    { x, y, width: left, height },
    { x: x + left, y, width: width - left, height },
  ]
}
