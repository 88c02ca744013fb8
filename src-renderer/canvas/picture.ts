import Konva from 'konva'
import { differenceOf, type DifferenceMap } from './difference.ts'
import { PictureSide } from './picture-side.ts'
import { PIXELS_ABOVE } from './pixel-grid.ts'
import type { Scene, Shot } from './scene.ts'
import type { Point, Size, Viewport } from './viewport.ts'

/** How far a photo steps back behind its heat map. */
const STEPPED_BACK = 0.72

/** Where the pictures stand: each in its pane, all with one viewport. */
export interface PictureLayout {
  readonly view: Viewport
  readonly panes: readonly (Point & Size)[]
  /** The part of a pane that the photo covers, in the pane's own pixels. */
  readonly visible: Point & Size
  /** The split's place in the pane, CSS pixels, undefined without one. */
  readonly splitAt: number | undefined
  readonly pixelRatio: number
}

/** The photo with what lies over it: once, on both sides of a split, side by side, or as a map of the differences. */
export class Picture {
  readonly layer = new Konva.Layer({ listening: false })
  readonly #panes: Pane[] = []
  readonly #veil = new Konva.Rect({ fill: 'black', opacity: STEPPED_BACK, visible: false })
  readonly #heat = new Konva.Image({ image: undefined, visible: false })
  #difference: { scene: Scene; map: DifferenceMap | undefined } | undefined

  constructor() {
    this.layer.add(this.#veil, this.#heat)
  }

  show(scene: Scene, layout: PictureLayout): void {
    const { view, visible, splitAt, panes, pixelRatio } = layout
    const rects = rectsOf(scene, layout)
    rects.forEach(([shot, clip, origin], index) =>
      this.#pane(index).show(scene, shot, clip, { ...view, x: view.x + origin.x, y: view.y + origin.y }),
    )
    this.#panes.slice(rects.length).forEach((pane) => pane.hide())
    const map = scene.compare === 'difference' && splitAt === undefined && panes.length === 1 ? this.#map(scene) : undefined
    this.#veil.visible(scene.compare === 'difference' && panes.length === 1).setAttrs(visible)
    this.#heat.visible(map !== undefined)
    if (map !== undefined) {
      const { x, y, width, height } = map.box
      const place = { x: view.x + x * view.scale, y: view.y + y * view.scale, width: width * view.scale, height: height * view.scale }
      this.#heat.setAttrs({ image: map.canvas as unknown as CanvasImageSource, ...place })
    }
    this.layer.imageSmoothingEnabled(view.scale * pixelRatio <= PIXELS_ABOVE)
    const context = this.layer.getNativeCanvasElement().getContext('2d')
    if (context !== null) context.imageSmoothingQuality = scene.isMoving ? 'low' : 'high'
    this.layer.batchDraw()
  }

  /** The figures of the difference that is shown. */
  get difference(): DifferenceMap | undefined {
    return this.#difference?.map
  }

  clear(): void {
    for (const pane of this.#panes) pane.hide()
    this.#veil.visible(false)
    this.#heat.visible(false)
    this.#difference = undefined
    this.layer.batchDraw()
  }

  /** Made once for two pictures, however often they are moved and zoomed. */
  #map(scene: Scene): DifferenceMap | undefined {
    const known = this.#difference
    const isSame =
      known?.scene.before === scene.before && known.scene.after === scene.after && known.scene.photoBitmap === scene.photoBitmap
    if (!isSame) this.#difference = { scene, map: differenceOf(scene, scene.before, scene.after) }
    return this.#difference?.map
  }

  #pane(index: number): Pane {
    const known = this.#panes[index]
    if (known !== undefined) return known
    const made = new Pane()
    this.#panes.push(made)
    this.layer.add(made.clip)
    this.#veil.moveToTop()
    this.#heat.moveToTop()
    return made
  }
}

class Pane {
  readonly clip = new Konva.Group()
  readonly #side = new PictureSide()

  constructor() {
    this.clip.add(this.#side.group)
  }
  show(scene: Scene, shot: Shot, clip: Point & Size, view: Viewport): void {
    this.clip.visible(true)
    this.clip.clip(clip)
    this.#side.show(scene, shot, view)
  }
  hide(): void {
    this.clip.visible(false)
  }
}

/** Every picture to draw, where it may be drawn, and where its pane begins. */
function rectsOf(scene: Scene, { panes, visible, splitAt }: PictureLayout): [Shot, Point & Size, Point][] {
  if (panes.length > 1) return panes.map((pane, index) => [scene.panes[index]!, overlap(moved(visible, pane), pane), pane])
  const origin = { x: 0, y: 0 }
  if (splitAt === undefined) return [[scene.after, visible, origin]]
  const [first, second] = split(visible, splitAt, scene.compare === 'horizontal')
  return [
    [scene.before, first, origin],
    [scene.after, second, origin],
  ]
}

const moved = (rect: Point & Size, by: Point): Point & Size => ({ ...rect, x: rect.x + by.x, y: rect.y + by.y })

function overlap(one: Point & Size, other: Point & Size): Point & Size {
  const x = Math.max(one.x, other.x)
  const y = Math.max(one.y, other.y)
  const width = Math.min(one.x + one.width, other.x + other.width) - x
  const height = Math.min(one.y + one.height, other.y + other.height) - y
  return { x, y, width: Math.max(0, width), height: Math.max(0, height) }
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
