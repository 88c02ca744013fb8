import type { Field } from '../field.ts'

/**
 * Moves the edges of a mask (one channel) outwards by `radius` points, or inwards where it is negative: the greatest (smallest) value within
 * an octagon, which is the Minkowski sum of two diagonal and two straight lines. Each line costs the same whatever its length
 * (van Herk, 1992), so a wide growth is as fast as a narrow one.
 */
export function grow(mask: Field, radius: number): Field {
  const r = Math.round(Math.abs(radius))
  if (r === 0) return mask
  const sign = Math.sign(radius)
  // Of a regular octagon's half width r, the straight lines bring r·(√2 − 1); diagonal lines alone would leave every second point out.
  const half = Math.min(Math.round((r * (2 - Math.SQRT2)) / 2), Math.floor((r - 1) / 2))
  const straight = r - 2 * half
  const data = mask.data.map((x) => x * sign)
  const { width, height } = mask
  lines(data, width, height, 1, 0, straight)
  lines(data, width, height, 0, 1, straight)
  if (half > 0) {
    lines(data, width, height, 1, 1, half)
    lines(data, width, height, -1, 1, half)
  }
  return { ...mask, data: data.map((x) => x * sign) }
}

/** Replaces every value by the greatest within ±r steps along (dx, dy), in place. */
function lines(data: Float32Array, width: number, height: number, dx: number, dy: number, r: number): void {
  const step = dy * width + dx
  const longest = Math.max(width, height)
  const line = new Float32Array(longest)
  const window = new SlidingMaximum(longest)
  const walk = (x: number, y: number) => {
    const across = dx === 0 ? Infinity : dx > 0 ? width - x : x + 1
    const down = dy === 0 ? Infinity : height - y
    const length = Math.min(across, down)
    const start = y * width + x
    for (let i = 0; i < length; i++) line[i] = data[start + i * step]!
    window.run(line, length, r, (i, value) => (data[start + i * step] = value))
  }
  if (dx !== 0 && dy === 0) for (let y = 0; y < height; y++) walk(dx > 0 ? 0 : width - 1, y)
  else for (let x = 0; x < width; x++) walk(x, 0)
  if (dx !== 0 && dy !== 0) for (let y = 1; y < height; y++) walk(dx > 0 ? 0 : width - 1, y)
}

/** The greatest value in a window that slides along a line: a queue of candidates, each entering and leaving once. */
class SlidingMaximum {
  private readonly places: Int32Array
  constructor(length: number) {
    this.places = new Int32Array(length)
  }
  run(line: Float32Array, length: number, r: number, put: (i: number, value: number) => void): void {
    const { places } = this
    let head = 0
    let tail = 0
    for (let i = 0; i < length + r; i++) {
      if (i < length) {
        while (tail > head && line[places[tail - 1]!]! <= line[i]!) tail--
        places[tail++] = i
      }
      const center = i - r
      if (center < 0) continue
      if (center >= length) break
      while (places[head]! < center - r) head++
      put(center, line[places[head]!]!)
    }
  }
}
