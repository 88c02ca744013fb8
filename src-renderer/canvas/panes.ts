import type { Point, Size } from './viewport.ts'

/** Between two pictures side by side, CSS pixels. */
const GAP = 2

/**
 * Places for `count` pictures of one shape side by side, all of one size, row by row: the grid in which the pictures come out largest.
 * A single picture has the whole stage.
 */
export function paneRects(count: number, stage: Size, picture: Size): (Point & Size)[] {
  if (count <= 1) return [{ x: 0, y: 0, ...stage }]
  const columns = bestColumns(count, stage, picture)
  const rows = Math.ceil(count / columns)
  const width = (stage.width - GAP * (columns - 1)) / columns
  const height = (stage.height - GAP * (rows - 1)) / rows
  return Array.from({ length: count }, (_, index) => ({
    x: (index % columns) * (width + GAP),
    y: Math.floor(index / columns) * (height + GAP),
    width,
    height,
  }))
}

function bestColumns(count: number, stage: Size, picture: Size): number {
  const scaleWith = (columns: number) => {
    const rows = Math.ceil(count / columns)
    return Math.min(stage.width / columns / picture.width, stage.height / rows / picture.height)
  }
  let best = 1
  for (let columns = 2; columns <= count; columns++) if (scaleWith(columns) > scaleWith(best) * 1.001) best = columns
  return best
}

/** Which picture a point of the stage is on; the nearest one between them. */
export function paneAt(rects: readonly (Point & Size)[], { x, y }: Point): number {
  const far = ({ x: left, y: top, width, height }: Point & Size) =>
    Math.max(left - x, 0, x - left - width) + Math.max(top - y, 0, y - top - height)
  return rects.reduce((best, rect, index) => (far(rect) < far(rects[best]!) ? index : best), 0)
}
