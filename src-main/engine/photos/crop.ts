import type { TensorData } from '../onnx/tensor.ts'
import { addCubic, blur, newField, reduce } from './field.ts'
import type { Field } from './field.ts'
import { pixelBox } from './photo.ts'
import type { Box, Photo, PhotoPixels } from './photo.ts'
import { applyTransform, boundsOf, cropSize, invertTransform } from './transform.ts'
import type { CropTransform } from './transform.ts'

type Source = Pick<Photo, 'pixels' | 'profile'>

/** The aligned square as the generator sees it: [1,3,size,size], RGB, sRGB in [-1,1]. Antialiased when the photo is finer than the
 *  square; beyond the photo's border it is mirrored and blurred as FFHQ's own pictures are. */
export function cropToSquare(photo: Source, transform: CropTransform, size: number): TensorData {
  return toTensor(cropField(photo, transform, size))
}

/** The aligned square as a field of sRGB in 0…1. */
export function cropField(photo: Source, transform: CropTransform, size: number): Field {
  const { width, height } = photo.pixels
  const pixelsPerPoint = cropSize(transform) / size
  const cell = Math.max(1, Math.floor(pixelsPerPoint))
  const box = mirroredBounds(boundsOf(transform), 4 * cell, width, height)
  const source = reducedRegion(photo, box, cell)
  const inverse = invertTransform(transform)
  const out = newField(size, size, 3)
  const taps = pixelsPerPoint > 1 ? 2 : 1
  for (let j = 0; j < size; j++)
    for (let i = 0; i < size; i++)
      for (let k = 0; k < taps * taps; k++) {
        const u = (i + ((k % taps) + 0.5) / taps) / size
        const v = (j + (Math.floor(k / taps) + 0.5) / taps) / size
        const [x, y] = applyTransform(inverse, [u, v])
        const px = mirrorPlace(x, width) - box.x
        const py = mirrorPlace(y, height) - box.y
        addCubic(source, px / cell - 0.5, py / cell - 0.5, 1 / (taps * taps), out.data, (j * size + i) * 3)
      }
  for (let i = 0; i < out.data.length; i++) out.data[i] = Math.min(1, Math.max(0, out.data[i]!))
  return softenBeyondBorder(out, transform, width, height)
}

/** [1,3,H,W] in [-1,1] from a field of 0…1. */
export function toTensor({ width, height, data }: Field): TensorData {
  const plane = width * height
  const out = new Float32Array(plane * 3)
  for (let i = 0; i < plane; i++) for (let c = 0; c < 3; c++) out[c * plane + i] = data[i * 3 + c]! * 2 - 1
  return { dtype: 'float32', shape: [1, 3, height, width], data: out }
}

/** A field of 0…1 from [1,3,H,W] in [-1,1]; a generator's picture may go a little beyond and is cut there. */
export function fromTensor({ shape, data }: TensorData): Field {
  const [n, channels, height, width] = shape
  if (n !== 1 || channels !== 3 || !height || !width || !(data instanceof Float32Array))
    throw new RangeError(`a picture is float32 [1,3,H,W], not [${shape.join(',')}]`)
  const plane = width * height
  const out = newField(width, height, 3)
  for (let i = 0; i < plane; i++) for (let c = 0; c < 3; c++) out.data[i * 3 + c] = Math.min(1, Math.max(0, (data[c * plane + i]! + 1) / 2))
  return out
}

/** Place in 0…n of a place anywhere on the line, in mirrors at 0 and n. */
function mirrorPlace(x: number, n: number): number {
  const period = 2 * n
  const y = ((x % period) + period) % period
  return y < n ? y : period - y
}

/** The part of the photo that the crop needs, with what its mirrors show. */
function mirroredBounds({ x, y, width: w, height: h }: Box, margin: number, width: number, height: number): Box {
  const span = (from: number, to: number, n: number): [number, number] => {
    if (from < -n || to > 2 * n) return [0, n]
    const shown = [
      [from, to],
      [-to, -from],
      [2 * n - to, 2 * n - from],
    ].map(([a, b]) => [Math.max(0, a!), Math.min(n, b!)] as const)
    const parts = shown.filter(([a, b]) => a < b)
    return [Math.min(...parts.map(([a]) => a)), Math.max(...parts.map(([, b]) => b))]
  }
  const [left, right] = span(x - margin, x + w + margin, width)
  const [top, bottom] = span(y - margin, y + h + margin, height)
  return pixelBox({ x: left, y: top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) }, width, height)
}

/** The box of the photo in sRGB, averaged over cells of k×k pixels. Averages are taken over a strip at a time, so that a large
 *  region never exists in floats. */
export function reducedRegion({ pixels, profile }: Source, box: Box, k: number): Field {
  const width = Math.ceil(box.width / k)
  const height = Math.ceil(box.height / k)
  const out = newField(width, height, 3)
  for (let row = 0; row < height; row++) {
    const lines = Math.min(k, box.height - row * k)
    const strip = regionRows({ pixels, profile }, { x: box.x, y: box.y + row * k, width: box.width, height: lines })
    out.data.set(reduce(strip, k).data, row * width * 3)
  }
  return out
}

function regionRows({ pixels, profile }: { pixels: PhotoPixels; profile: Photo['profile'] }, box: Box): Field {
  const out = newField(box.width, box.height, 3)
  for (let y = 0; y < box.height; y++)
    profile.space.toSrgb(
      pixels,
      (box.y + y) * pixels.width + box.x,
      box.width,
      out.data.subarray(y * box.width * 3, (y + 1) * box.width * 3),
    )
  return out
}

/**
 * FFHQ's treatment of mirrored borders (recreate_aligned_images): blurred with σ = 2 % of the square, further out faded to the
 * median colour. m grows from −1/3 inside the photo (no blur), over 0 at its border (full blur), to 1 at the padding's far end.
 */
function softenBeyondBorder(square: Field, transform: CropTransform, width: number, height: number): Field {
  const bounds = boundsOf(transform)
  const side = cropSize(transform)
  const border = Math.max(Math.round(side * 0.1), 3)
  const need = [-bounds.x, -bounds.y, bounds.x + bounds.width - width, bounds.y + bounds.height - height].map((x) =>
    Math.max(0, x + border),
  )
  if (need.every((x) => x <= border)) return square
  const [left, top, right, bottom] = need.map((x) => Math.max(x, Math.round(side * 0.3)))
  const inverse = invertTransform(transform)
  const soft = blur(square, square.width * 0.02)
  const middle = [0, 1, 2].map((c) => median(square, c))
  for (let j = 0; j < square.height; j++)
    for (let i = 0; i < square.width; i++) {
      const [x, y] = applyTransform(inverse, [(i + 0.5) / square.width, (j + 0.5) / square.height])
      const m = Math.max(-x / left!, -y / top!, (x - width) / right!, (y - height) / bottom!)
      const blurred = Math.min(1, Math.max(0, m * 3 + 1))
      const faded = Math.min(1, Math.max(0, m))
      if (blurred === 0) continue
      for (let c = 0; c < 3; c++) {
        const at = (j * square.width + i) * 3 + c
        const value = square.data[at]! + (soft.data[at]! - square.data[at]!) * blurred
        square.data[at] = value + (middle[c]! - value) * faded
      }
    }
  return square
}

function median({ data, width, height, channels }: Field, channel: number): number {
  const values = Float32Array.from({ length: width * height }, (_, i) => data[i * channels + channel]!).sort()
  return values[values.length >> 1]!
}
