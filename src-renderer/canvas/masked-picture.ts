import type { LaidPicture } from './image-layers.ts'
import type { Size } from './viewport.ts'

/** A masked picture is worked out with at most this many points a side: as fine as a canvas shows it. */
const MOST = 1280

/** A grey picture of a mask as alpha: what is white shows. */
export function alphaOf(grey: ImageBitmap): OffscreenCanvas {
  const canvas = new OffscreenCanvas(grey.width, grey.height)
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  context.drawImage(grey, 0, 0)
  const pixels = context.getImageData(0, 0, grey.width, grey.height)
  for (let i = 0; i < pixels.data.length; i += 4) pixels.data[i + 3] = pixels.data[i]!
  context.putImageData(pixels, 0, 0)
  return canvas
}

/** The part of the photo that a placed picture covers, in photo pixels. */
export function coveredBox({ center, scale, angle, width, height }: LaidPicture, photo: Size) {
  const [c, s] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))]
  const [w, h] = [(c * width + s * height) * scale, (s * width + c * height) * scale]
  const x = Math.max(0, Math.floor(center[0] - w / 2))
  const y = Math.max(0, Math.floor(center[1] - h / 2))
  const right = Math.min(photo.width, Math.ceil(center[0] + w / 2))
  const bottom = Math.min(photo.height, Math.ceil(center[1] + h / 2))
  return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) }
}

/** The picture as it lies, with its mask taken out of it: upright over the box that it covers. Undefined where it covers nothing. */
export function maskedPicture(picture: LaidPicture, mask: OffscreenCanvas, photo: Size): LaidPicture | undefined {
  const box = coveredBox(picture, photo)
  if (box.width === 0 || box.height === 0) return undefined
  const k = Math.min(1, MOST / Math.max(box.width, box.height))
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(box.width * k)), Math.max(1, Math.round(box.height * k)))
  const context = canvas.getContext('2d')!
  context.scale(canvas.width / box.width, canvas.height / box.height)
  context.translate(-box.x, -box.y)
  context.save()
  context.translate(picture.center[0], picture.center[1])
  context.rotate(picture.angle)
  context.scale(picture.scale, picture.scale)
  context.drawImage(picture.bitmap, -picture.width / 2, -picture.height / 2, picture.width, picture.height)
  context.restore()
  context.globalCompositeOperation = 'destination-in'
  context.drawImage(mask, 0, 0, photo.width, photo.height)
  const { opacity, blend } = picture
  const center: [number, number] = [box.x + box.width / 2, box.y + box.height / 2]
  return { bitmap: canvas, width: box.width, height: box.height, center, scale: 1, angle: 0, opacity, blend }
}
