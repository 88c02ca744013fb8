import type { Photo } from './photo.ts'

/** sRGB colours from −0.5 to 1.5 in 16 bits, so that what lies outside sRGB survives, in half the memory of floats. */
const [LOW, SPAN, TOP] = [-0.5, 2, 65535]

/** A picture in sRGB with premultiplied alpha, reduced by whole cells, to be read anywhere. */
export class PictureSampler {
  private readonly width: number
  private readonly height: number
  private readonly cell: number
  /** [H,W,4] */
  private readonly data: Uint16Array

  /** @param cell averages cell × cell pixels first, so that a picture that is shown smaller does not flicker */
  constructor({ pixels, profile }: Pick<Photo, 'pixels' | 'profile'>, cell: number) {
    this.cell = cell
    this.width = Math.ceil(pixels.width / cell)
    this.height = Math.ceil(pixels.height / cell)
    this.data = new Uint16Array(this.width * this.height * 4)
    const most = pixels.depth === 8 ? 255 : 65535
    const row = new Float32Array(pixels.width * 3)
    const sums = new Float32Array(this.width * 5)
    for (let y = 0; y < pixels.height; y++) {
      profile.space.toSrgb(pixels, y * pixels.width, pixels.width, row)
      for (let x = 0; x < pixels.width; x++) {
        const alpha = pixels.channels === 4 ? pixels.data[(y * pixels.width + x) * 4 + 3]! / most : 1
        const at = Math.floor(x / cell) * 5
        for (let c = 0; c < 3; c++) sums[at + c]! += alpha * row[x * 3 + c]!
        sums[at + 3]! += alpha
        sums[at + 4]! += 1
      }
      if ((y + 1) % cell !== 0 && y + 1 < pixels.height) continue
      this.writeRow(Math.floor(y / cell), sums)
      sums.fill(0)
    }
  }

  /** Colour (not premultiplied) and alpha at (u, v) in picture pixels, between points linearly; beyond the border the border's own. */
  at(u: number, v: number, out: Float32Array): void {
    const x = Math.min(this.width - 1, Math.max(0, u / this.cell - 0.5))
    const y = Math.min(this.height - 1, Math.max(0, v / this.cell - 0.5))
    const [x0, y0] = [Math.floor(x), Math.floor(y)]
    const [x1, y1] = [Math.min(this.width - 1, x0 + 1), Math.min(this.height - 1, y0 + 1)]
    const [fx, fy] = [x - x0, y - y0]
    for (let c = 0; c < 4; c++) {
      const top = this.data[(y0 * this.width + x0) * 4 + c]! * (1 - fx) + this.data[(y0 * this.width + x1) * 4 + c]! * fx
      const bottom = this.data[(y1 * this.width + x0) * 4 + c]! * (1 - fx) + this.data[(y1 * this.width + x1) * 4 + c]! * fx
      out[c] = (top * (1 - fy) + bottom * fy) / TOP
    }
    const alpha = out[3]!
    for (let c = 0; c < 3; c++) out[c] = alpha === 0 ? 0 : (out[c]! * SPAN + LOW) / alpha
  }

  private writeRow(row: number, sums: Float32Array): void {
    for (let x = 0; x < this.width; x++) {
      const [from, to] = [x * 5, (row * this.width + x) * 4]
      const count = sums[from + 4]!
      for (let c = 0; c < 3; c++) this.data[to + c] = Math.round(Math.min(1, Math.max(0, (sums[from + c]! / count - LOW) / SPAN)) * TOP)
      this.data[to + 3] = Math.round((sums[from + 3]! / count) * TOP)
    }
  }
}
