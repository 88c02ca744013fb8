import { newField, smoothstep } from '../field.ts'
import type { Field } from '../field.ts'
import type { Point } from '../transform.ts'

/** White inside a closed polygon, [height,width,1]; the edge falls off over `soft` points around the outline after that moved outwards by `grow`. */
export function polygonMask(outline: readonly Point[], width: number, height: number, { soft = 1, grow = 0 } = {}): Field {
  const out = newField(width, height, 1)
  const reach = soft / 2 + Math.max(0, grow) + 1
  const xs = outline.map(([x]) => x)
  const ys = outline.map(([, y]) => y)
  const [left, right] = [Math.max(0, Math.floor(Math.min(...xs) - reach)), Math.min(width - 1, Math.ceil(Math.max(...xs) + reach))]
  const [top, bottom] = [Math.max(0, Math.floor(Math.min(...ys) - reach)), Math.min(height - 1, Math.ceil(Math.max(...ys) + reach))]
  for (let y = top; y <= bottom; y++)
    for (let x = left; x <= right; x++)
      out.data[y * width + x] = smoothstep(-soft / 2, soft / 2, insideBy(outline, [x + 0.5, y + 0.5]) + grow)
  return out
}

/** How far a point lies inside a polygon (even-odd rule); negative outside. */
export function insideBy(outline: readonly Point[], [x, y]: Point): number {
  let nearest = Infinity
  let isInside = false
  outline.forEach(([ax, ay], i) => {
    const [bx, by] = outline[(i + 1) % outline.length]!
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isInside = !isInside
    const length = (bx - ax) ** 2 + (by - ay) ** 2
    const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length))
    nearest = Math.min(nearest, Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)))
  })
  return isInside ? nearest : -nearest
}
