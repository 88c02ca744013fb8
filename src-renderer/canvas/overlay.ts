import Konva from 'konva'
import type { Crop } from '../../src-main/contract/geometry.ts'
import { corners, rotateHandle } from './crop-handles.ts'
import type { PictureLayout } from './picture.ts'
import { paintPixelGrid } from './pixel-grid.ts'
import type { Scene } from './scene.ts'
import type { CanvasTheme } from './theme.ts'
import { toStage, type Point, type Size, type Viewport } from './viewport.ts'

/** How far the turning handle stands from the frame, CSS pixels. */
export const ROTATE_DISTANCE = 28
const HANDLE = 10
const KNOB = 15
/** A face's outline is as long as this share of each side at every corner. */
const TICK = 0.22

/** What lies over the picture: face outlines, the crop frame, the split's handle. Drawn in CSS pixels, so that lines stay thin at every zoom. */
export class Overlay {
  readonly layer = new Konva.Layer({ listening: false })
  readonly #shape: Konva.Shape
  #paint: ((context: CanvasRenderingContext2D) => void) | undefined

  constructor() {
    this.#shape = new Konva.Shape({ sceneFunc: (context) => this.#paint?.(context._context) })
    this.layer.add(this.#shape)
  }

  show(scene: Scene | undefined, layout: PictureLayout, hoveredFace: number, theme: CanvasTheme): void {
    const { view, visible, splitAt, panes, pixelRatio } = layout
    this.#paint = (context) => {
      if (scene === undefined) return
      for (const { x, y } of panes) {
        context.save()
        context.translate(x, y)
        paintPixelGrid(context, view, visible, view.scale * pixelRatio, theme)
        context.restore()
      }
      if (panes.length > 1) {
        if (scene.picked >= 0) paintPicked(context, panes[scene.picked]!, theme)
        return
      }
      if (scene.tool === 'crop' && scene.cropDraft !== undefined) {
        paintCrop(context, scene.cropDraft, view, visible, theme)
        return
      }
      scene.faces.forEach((face, index) => paintFace(context, face.crop, view, index === scene.chosenFace, index === hoveredFace, theme))
      if (splitAt !== undefined) paintSplit(context, visible, splitAt, scene.compare === 'horizontal', theme)
    }
    this.layer.batchDraw()
  }
}

/** The chosen one of pictures side by side. */
function paintPicked(context: CanvasRenderingContext2D, { x, y, width, height }: Point & Size, theme: CanvasTheme): void {
  context.lineWidth = 2
  context.strokeStyle = theme.accent
  context.strokeRect(x + 1, y + 1, width - 2, height - 2)
}

/** A light line over a wider dark one is seen on every picture. */
export function stroke(context: CanvasRenderingContext2D, theme: CanvasTheme, width: number, colour = theme.line): void {
  context.lineWidth = width + 2
  context.strokeStyle = theme.lineUnder
  context.stroke()
  context.lineWidth = width
  context.strokeStyle = colour
  context.stroke()
}

function paintFace(
  context: CanvasRenderingContext2D,
  crop: Crop,
  view: Viewport,
  isChosen: boolean,
  isHovered: boolean,
  theme: CanvasTheme,
): void {
  const all = corners(crop).map((corner) => toStage(view, corner))
  context.beginPath()
  all.forEach((corner, index) => {
    const next = all[(index + 1) % 4]!
    const previous = all[(index + 3) % 4]!
    const towards = (other: Point): [number, number] => [corner.x + (other.x - corner.x) * TICK, corner.y + (other.y - corner.y) * TICK]
    context.moveTo(...towards(previous))
    context.lineTo(corner.x, corner.y)
    context.lineTo(...towards(next))
  })
  context.globalAlpha = isChosen || isHovered ? 1 : 0.6
  stroke(context, theme, isChosen ? 2 : 1.5, isChosen ? theme.accent : theme.line)
  context.globalAlpha = 1
}

function paintCrop(context: CanvasRenderingContext2D, crop: Crop, view: Viewport, visible: Point & Size, theme: CanvasTheme): void {
  const all = corners(crop).map((corner) => toStage(view, corner))
  const trace = () => all.forEach(({ x, y }, index) => (index === 0 ? context.moveTo(x, y) : context.lineTo(x, y)))
  context.save()
  context.beginPath()
  context.rect(visible.x, visible.y, visible.width, visible.height)
  context.clip()
  trace()
  context.closePath()
  context.fillStyle = theme.veil
  context.fill('evenodd')
  context.restore()

  context.beginPath()
  for (const share of [1 / 3, 2 / 3]) {
    line(context, between(all[0]!, all[1]!, share), between(all[3]!, all[2]!, share))
    line(context, between(all[0]!, all[3]!, share), between(all[1]!, all[2]!, share))
  }
  context.globalAlpha = 0.35
  context.lineWidth = 1
  context.strokeStyle = theme.line
  context.stroke()
  context.globalAlpha = 1

  const turn = toStage(view, rotateHandle(crop, ROTATE_DISTANCE / view.scale))
  context.beginPath()
  trace()
  context.closePath()
  line(context, between(all[0]!, all[1]!, 0.5), turn)
  stroke(context, theme, 1.5)
  for (const corner of all) square(context, corner, crop.angle, theme)
  disc(context, turn, HANDLE / 2 + 1, theme)
}

function paintSplit(context: CanvasRenderingContext2D, visible: Point & Size, at: number, isHorizontal: boolean, theme: CanvasTheme): void {
  const middle = isHorizontal ? { x: visible.x + visible.width / 2, y: at } : { x: at, y: visible.y + visible.height / 2 }
  context.beginPath()
  if (isHorizontal) line(context, { x: visible.x, y: at }, { x: visible.x + visible.width, y: at })
  else line(context, { x: at, y: visible.y }, { x: at, y: visible.y + visible.height })
  stroke(context, theme, 1.5)
  disc(context, middle, KNOB, theme)
  context.save()
  context.translate(middle.x, middle.y)
  if (isHorizontal) context.rotate(Math.PI / 2)
  context.beginPath()
  for (const side of [-1, 1]) {
    context.moveTo(side * 4, -4)
    context.lineTo(side * 8.5, 0)
    context.lineTo(side * 4, 4)
  }
  context.lineWidth = 1.75
  context.lineCap = 'round'
  context.lineJoin = 'round'
  context.strokeStyle = theme.lineUnder
  context.stroke()
  context.restore()
}

function line(context: CanvasRenderingContext2D, from: Point, to: Point): void {
  context.moveTo(from.x, from.y)
  context.lineTo(to.x, to.y)
}
export function square(context: CanvasRenderingContext2D, at: Point, angle: number, theme: CanvasTheme): void {
  context.save()
  context.translate(at.x, at.y)
  context.rotate(angle)
  context.beginPath()
  context.rect(-HANDLE / 2, -HANDLE / 2, HANDLE, HANDLE)
  fillHandle(context, theme)
  context.restore()
}
export function disc(context: CanvasRenderingContext2D, at: Point, radius: number, theme: CanvasTheme): void {
  context.beginPath()
  context.arc(at.x, at.y, radius, 0, 2 * Math.PI)
  fillHandle(context, theme)
}
function fillHandle(context: CanvasRenderingContext2D, theme: CanvasTheme): void {
  context.fillStyle = theme.handle
  context.fill()
  context.lineWidth = 1
  context.strokeStyle = theme.lineUnder
  context.stroke()
}
const between = (from: Point, to: Point, share: number): Point => ({
  x: from.x + (to.x - from.x) * share,
  y: from.y + (to.y - from.y) * share,
})
