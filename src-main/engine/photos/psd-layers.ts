import { convertPixels } from './colour.ts'
import type { Box, PhotoPixels, PhotoProfile } from './photo.ts'

/** The smallest box that holds every pixel in which two pictures of one size differ; width 0 where none does. */
export function changedBox(before: PhotoPixels, after: PhotoPixels): Box {
  const { width, height, channels } = after
  const stride = width * channels
  let [left, top, right, bottom] = [width, height, -1, -1]
  for (let y = 0; y < height; y++) {
    const row = y * stride
    let first = 0
    while (first < stride && before.data[row + first] === after.data[row + first]) first++
    if (first === stride) continue
    let last = stride - 1
    while (before.data[row + last] === after.data[row + last]) last--
    left = Math.min(left, Math.floor(first / channels))
    right = Math.max(right, Math.floor(last / channels))
    top = Math.min(top, y)
    bottom = y
  }
  return right < 0 ? { x: 0, y: 0, width: 0, height: 0 } : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
}

/**
 * A picture's box as RGBA, 8 bit, in the wanted profile. With `over`, pixels that are the same there are transparent: laid over it, the layer
 * gives back the picture.
 */
export function layerPixels(
  pixels: PhotoPixels,
  box: Box,
  { from, to, over }: { from: PhotoProfile; to: PhotoProfile; over?: PhotoPixels },
): Uint8ClampedArray {
  const { channels } = pixels
  const part = convertPixels(cut(pixels, box), from, to, 8)
  const under = over && cut(over, box)
  const source = under && cut(pixels, box)
  const rgba = new Uint8ClampedArray(box.width * box.height * 4)
  for (let i = 0, at = 0; at < rgba.length; i += channels, at += 4) {
    const same = under !== undefined && [0, 1, 2].every((c) => under.data[i + c] === source!.data[i + c])
    if (same) continue
    for (let c = 0; c < 3; c++) rgba[at + c] = part.data[i + c]!
    rgba[at + 3] = channels === 4 ? part.data[i + 3]! : 255
  }
  return rgba
}

function cut(pixels: PhotoPixels, { x, y, width, height }: Box): PhotoPixels {
  const { channels } = pixels
  const data = pixels.depth === 8 ? new Uint8Array(width * height * channels) : new Uint16Array(width * height * channels)
  for (let row = 0; row < height; row++) {
    const start = ((y + row) * pixels.width + x) * channels
    data.set(pixels.data.subarray(start, start + width * channels), row * width * channels)
  }
  return { width, height, channels, depth: pixels.depth, data }
}
