/** A mask as it is painted: 8-bit grey, white where the layer shows, row by row from the top. Never changed once it is made. */
export interface MaskPixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** A part of a mask in its own points; empty where width or height is 0. */
export interface MaskRect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The longest side of a mask, as the engine makes them too. */
const LONGEST = 2048

/** The size of a photo's masks: its proportions, never more points than it has. */
export function maskSizeOf({ width, height }: { readonly width: number; readonly height: number }): { width: number; height: number } {
  const scale = Math.min(1, LONGEST / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** A mask that is 0 (hides everywhere) or 255 (shows everywhere). */
export function evenMask({ width, height }: { readonly width: number; readonly height: number }, value: 0 | 255): MaskPixels {
  return { width, height, data: new Uint8Array(width * height).fill(value) }
}

export const inverted = (mask: MaskPixels): MaskPixels => ({ ...mask, data: mask.data.map((x) => 255 - x) })

/** Where a shape of coverage 0…255 is added to a mask, or taken away from it. */
export function combined(mask: MaskPixels, shape: Uint8Array, how: 'add' | 'subtract'): MaskPixels {
  return {
    ...mask,
    data: mask.data.map((x, i) => (how === 'add' ? Math.max(x, shape[i]!) : Math.min(x, 255 - shape[i]!))),
  }
}

export const whole = ({ width, height }: { readonly width: number; readonly height: number }): MaskRect => ({ x: 0, y: 0, width, height })

/** The smallest rectangle that holds both. */
export function joined(a: MaskRect | undefined, b: MaskRect): MaskRect {
  if (a === undefined || a.width === 0 || a.height === 0) return b
  if (b.width === 0 || b.height === 0) return a
  const x = Math.min(a.x, b.x)
  const y = Math.min(a.y, b.y)
  return { x, y, width: Math.max(a.x + a.width, b.x + b.width) - x, height: Math.max(a.y + a.height, b.y + b.height) - y }
}
