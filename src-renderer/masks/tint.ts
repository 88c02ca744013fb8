import { whole, type MaskPixels, type MaskRect } from './pixels.ts'

export interface MaskTint {
  readonly name: string
  readonly rgb: readonly [number, number, number]
}

/** Colours that a mask is shown in; at least one of them is far from every photo. */
export const TINTS: readonly MaskTint[] = [
  { name: 'red', rgb: [255, 45, 45] },
  { name: 'green', rgb: [40, 230, 80] },
  { name: 'blue', rgb: [60, 120, 255] },
  { name: 'yellow', rgb: [255, 225, 40] },
]
const OPACITY = 0.55

/** The tint that lies farthest from a photo's mean colour. */
export function contrastingTint(mean: readonly [number, number, number]): number {
  const distance = ({ rgb }: MaskTint) => Math.hypot(...rgb.map((x, c) => x - mean[c]!))
  return TINTS.reduce((best, tint, i) => (distance(tint) > distance(TINTS[best]!) ? i : best), 0)
}

/** The mean colour of a picture, by the browser's own reduction. */
export function meanColour(picture: ImageBitmap): [number, number, number] {
  const context = new OffscreenCanvas(8, 8).getContext('2d', { willReadFrequently: true })!
  context.imageSmoothingQuality = 'high'
  context.drawImage(picture, 0, 0, 8, 8)
  const { data } = context.getImageData(0, 0, 8, 8)
  return [0, 1, 2].map((c) => Array.from({ length: 64 }, (_, i) => data[i * 4 + c]!).reduce((a, b) => a + b) / 64) as [
    number,
    number,
    number,
  ]
}

/** A mask as a coloured veil, on a canvas of the mask's size, of which only what changed is drawn again. */
export class TintedMask {
  readonly canvas: OffscreenCanvas
  readonly #context: OffscreenCanvasRenderingContext2D

  constructor({ width, height }: { readonly width: number; readonly height: number }) {
    this.canvas = new OffscreenCanvas(width, height)
    this.#context = this.canvas.getContext('2d')!
  }

  /** @param isInverted the veil lies where the mask is black */
  draw(mask: MaskPixels, tint: MaskTint, isInverted: boolean, rect: MaskRect = whole(mask)): void {
    if (rect.width === 0 || rect.height === 0) return
    const image = new ImageData(rect.width, rect.height)
    const words = new Uint32Array(image.data.buffer)
    const [r, g, b] = tint.rgb
    const colour = r | (g << 8) | (b << 16)
    const alphas = Uint32Array.from({ length: 256 }, (_, x) => (colour | (Math.round((isInverted ? 255 - x : x) * OPACITY) << 24)) >>> 0)
    for (let y = 0, at = 0; y < rect.height; y++) {
      const from = (rect.y + y) * mask.width + rect.x
      for (let x = 0; x < rect.width; x++) words[at++] = alphas[mask.data[from + x]!]!
    }
    this.#context.putImageData(image, rect.x, rect.y)
  }
}

/** The inside of a closed line as coverage 0…255, its edge antialiased. Points in mask points. */
export function polygonCoverage(
  outline: readonly { readonly x: number; readonly y: number }[],
  { width, height }: { readonly width: number; readonly height: number },
): Uint8Array {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!
  context.beginPath()
  for (const { x, y } of outline) context.lineTo(x, y)
  context.closePath()
  context.fill()
  const rgba = context.getImageData(0, 0, width, height).data
  return Uint8Array.from({ length: width * height }, (_, i) => rgba[i * 4 + 3]!)
}
