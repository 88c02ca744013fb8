import Konva from 'konva'
import type { CanvasTool, Drag } from './drags.ts'
import { disc, ROTATE_DISTANCE, square, stroke } from './overlay.ts'
import {
  dragPicture,
  frameCorners,
  pictureHandleAt,
  turnKnob,
  type PictureHandle,
  type PlacedFrame,
  type Placement,
} from './picture-handles.ts'
import { readTheme } from './theme.ts'
import { toPhoto, toStage, type Point, type Viewport } from './viewport.ts'

const REACH = 11
const KNOB = 6

/** What the frame reads, and how it tells what a hand did: one gesture is begin, any number of moves, then end or bail. */
export interface PictureFramePort {
  /** The picture that has handles now. */
  frame(): PlacedFrame | undefined
  view(): Viewport
  begin(): void
  move(placement: Placement): void
  end(): void
  bail(): void
}

/** The handles of the selected picture: its outline, four corners that scale, a knob that turns; its inside moves it. */
export class PictureFrame implements CanvasTool {
  readonly layer = new Konva.Layer({ listening: false })
  readonly #port: PictureFramePort

  constructor(port: PictureFramePort, container: HTMLElement) {
    this.#port = port
    this.layer.add(new Konva.Shape({ sceneFunc: (context) => this.#paint(context._context, container) }))
  }

  draw(): void {
    this.layer.batchDraw()
  }

  start(inPane: Point, event: PointerEvent): Drag | undefined {
    const port = this.#port
    const frame = port.frame()
    const handle = event.button === 0 ? this.#handleAt(inPane) : undefined
    if (frame === undefined || handle === undefined) return undefined
    const from = toPhoto(port.view(), inPane)
    port.begin()
    return {
      cursor: cursorOf(handle, frame.angle, true),
      move: (to, { shiftKey, altKey }) => {
        port.move(dragPicture(frame, handle, from, toPhoto(port.view(), to), { snap: shiftKey, aboutCentre: altKey }))
        this.draw()
      },
      end: () => port.end(),
      bail: () => {
        port.bail()
        this.draw()
      },
    }
  }

  cursor(inPane: Point): string | undefined {
    const handle = this.#handleAt(inPane)
    return handle === undefined ? undefined : cursorOf(handle, this.#port.frame()!.angle, false)
  }

  #handleAt(inPane: Point): PictureHandle | undefined {
    const frame = this.#port.frame()
    const view = this.#port.view()
    return frame && pictureHandleAt(frame, toPhoto(view, inPane), REACH / view.scale, ROTATE_DISTANCE / view.scale)
  }

  #paint(context: CanvasRenderingContext2D, container: HTMLElement): void {
    const frame = this.#port.frame()
    if (frame === undefined) return
    const view = this.#port.view()
    const theme = readTheme(container)
    const corners = frameCorners(frame).map((corner) => toStage(view, corner))
    const knob = toStage(view, turnKnob(frame, ROTATE_DISTANCE / view.scale))
    const [first, second] = [corners[0]!, corners[1]!]
    context.beginPath()
    corners.forEach(({ x, y }, index) => (index === 0 ? context.moveTo(x, y) : context.lineTo(x, y)))
    context.closePath()
    context.moveTo((first.x + second.x) / 2, (first.y + second.y) / 2)
    context.lineTo(knob.x, knob.y)
    stroke(context, theme, 1.5)
    for (const corner of corners) square(context, corner, frame.angle, theme)
    disc(context, knob, KNOB, theme)
  }
}

/** The arrows of a corner turn with the picture, in steps of a quarter turn. */
function cursorOf(handle: PictureHandle, angle: number, isHeld: boolean): string {
  if (handle === 'move') return 'move'
  if (handle === 'rotate') return isHeld ? 'grabbing' : 'grab'
  const quarter = Math.round(angle / (Math.PI / 2))
  return (handle + quarter) % 2 === 0 ? 'nwse-resize' : 'nesw-resize'
}
