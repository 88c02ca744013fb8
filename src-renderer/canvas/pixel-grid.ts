import type { CanvasTheme } from './theme.ts'
import type { Point, Size, Viewport } from './viewport.ts'

/** Above this zoom pixels are shown as squares, and from here to twice as much their borders fade in. */
export const PIXELS_ABOVE = 4
const STRONGEST = 0.28

/** Lines between the photo's pixels, within the part of the stage that the photo covers. */
export function paintPixelGrid(
  context: CanvasRenderingContext2D,
  view: Viewport,
  visible: Point & Size,
  zoom: number,
  theme: CanvasTheme,
): void {
  if (zoom <= PIXELS_ABOVE) return
  context.save()
  context.beginPath()
  const first = { x: Math.ceil((visible.x - view.x) / view.scale), y: Math.ceil((visible.y - view.y) / view.scale) }
  for (let x = view.x + first.x * view.scale; x <= visible.x + visible.width; x += view.scale) {
    context.moveTo(x, visible.y)
    context.lineTo(x, visible.y + visible.height)
  }
  for (let y = view.y + first.y * view.scale; y <= visible.y + visible.height; y += view.scale) {
    context.moveTo(visible.x, y)
    context.lineTo(visible.x + visible.width, y)
  }
  context.globalAlpha = STRONGEST * Math.min(1, (zoom - PIXELS_ABOVE) / PIXELS_ABOVE)
  context.lineWidth = 1
  context.strokeStyle = theme.lineUnder
  context.stroke()
  context.restore()
}
