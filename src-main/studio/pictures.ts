import sharp from 'sharp'
import { fromTensor } from '../engine/photos/crop.ts'
import type { TensorData } from '../engine/onnx/tensor.ts'

/** 8-bit sRGB samples, RGB interleaved, of a generator's picture [1,3,H,W] in [-1,1]. */
export function samplesOf(image: TensorData): { data: Uint8Array; width: number; height: number } {
  const { data, width, height } = fromTensor(image)
  return { data: Uint8Array.from(data, (x) => Math.round(x * 255)), width, height }
}

/** A WebP file of a generator's picture, enlarged or reduced to `size` where it is given. */
export async function encodePicture(image: TensorData, size?: number): Promise<Uint8Array> {
  const { data, width, height } = samplesOf(image)
  const picture = sharp(data, { raw: { width, height, channels: 3 } })
  return (size === undefined || size === width ? picture : picture.resize(size, size)).webp({ quality: 92, effort: 1 }).toBuffer()
}
