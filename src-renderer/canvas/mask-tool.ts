import type { CanvasTool, Drag } from './drags.ts'
import { toPhoto, type Point, type Viewport } from './viewport.ts'

/** A drag with the brush, as the one who paints sees it; points in photo pixels. */
export interface StrokeInHand {
  to(inPhoto: Point, pressure: number): void
  end(): void
  bail(): void
}

/** A closed line drawn by hand, and what it does to the mask. */
export type LassoHow = 'replace' | 'add' | 'subtract'

/** What the mask's tools ask and tell. */
export interface MaskToolPort {
  tool(): 'brush' | 'lasso' | undefined
  view(): Viewport
  /** In photo pixels. */
  radius(): number
  /** Shift was held: the stroke goes on from where the last one ended. */
  begin(isOn: boolean): StrokeInHand | undefined
  resize(radius: number, hardness: number): void
  hardness(): number
  lasso(line: readonly Point[], how: LassoHow): void
  /** The lasso's line so far, none when it is over. */
  onLine(line: readonly Point[]): void
  onHover(inPhoto: Point | undefined): void
}

/** A lasso's points are at least this far apart, CSS pixels. */
const LASSO_STEP = 2
/** How much hardness a vertical Alt-drag of one CSS pixel takes or gives. */
const HARDNESS_PER_PIXEL = 0.005

/** Brush and lasso on the canvas: presses become strokes and lines in photo pixels. */
export function maskTool(port: MaskToolPort): CanvasTool {
  const inPhoto = (point: Point) => toPhoto(port.view(), point)

  function stroke(start: Point, event: PointerEvent): Drag | undefined {
    const hand = port.begin(event.shiftKey)
    if (hand === undefined) return undefined
    hand.to(inPhoto(start), pressureOf(event))
    return {
      cursor: 'none',
      move: (point, moved) => {
        // All positions since the last frame, not only the latest one: a fast hand draws a curve.
        const between = moved.getCoalescedEvents?.() ?? []
        for (const each of between.length > 0 ? between : [moved])
          hand.to(inPhoto({ x: point.x + each.clientX - moved.clientX, y: point.y + each.clientY - moved.clientY }), pressureOf(each))
        port.onHover(inPhoto(point))
      },
      end: () => hand.end(),
      bail: () => hand.bail(),
    }
  }

  /** Alt and a drag: sideways for the size, up and down for the hardness; the ring stays where it was. */
  function resize(start: Point): Drag {
    const radius = port.radius()
    const hardness = port.hardness()
    port.onHover(inPhoto(start))
    return {
      cursor: 'none',
      move: ({ x, y }) => {
        port.resize(radius + (x - start.x) / port.view().scale, hardness - (y - start.y) * HARDNESS_PER_PIXEL)
        port.onHover(inPhoto(start))
      },
      end: () => undefined,
      bail: () => port.resize(radius, hardness),
    }
  }

  function lasso(start: Point, { shiftKey, altKey }: PointerEvent): Drag {
    const line = [inPhoto(start)]
    let last = start
    return {
      cursor: 'crosshair',
      move: (point) => {
        if (Math.hypot(point.x - last.x, point.y - last.y) < LASSO_STEP) return
        last = point
        line.push(inPhoto(point))
        port.onLine(line)
      },
      end: () => {
        port.onLine([])
        if (line.length > 2) port.lasso(line, shiftKey ? 'add' : altKey ? 'subtract' : 'replace')
      },
      bail: () => port.onLine([]),
    }
  }

  return {
    start: (point, event) => {
      if (event.button !== 0) return undefined
      const tool = port.tool()
      if (tool === 'lasso') return lasso(point, event)
      if (tool !== 'brush') return undefined
      return event.altKey ? resize(point) : stroke(point, event)
    },
    cursor: (point) => {
      const tool = port.tool()
      port.onHover(tool === 'brush' ? inPhoto(point) : undefined)
      return tool === undefined ? undefined : tool === 'lasso' ? 'crosshair' : 'none'
    },
  }
}

/** A pen tells how hard it presses; a mouse says a half for "pressed". */
const pressureOf = ({ pointerType, pressure }: PointerEvent) => (pointerType === 'pen' ? Math.min(1, Math.max(0, pressure)) : 1)
