import { blendPixel, type BlendMode } from './blend-modes.ts'
import { sampleLinear, type Field } from './field.ts'
import { PictureSampler } from './picture-sampler.ts'
import { pixelBox, type Box, type Photo, type PhotoPixels } from './photo.ts'

type Source = Pick<Photo, 'pixels' | 'profile'>

/** A picture over a photo. */
export interface PlacedPicture {
  readonly picture: Source
  /** Where its centre lies, in photo pixels; photo pixels per picture pixel; radians, clockwise. */
  readonly center: readonly [number, number]
  readonly scale: number
  readonly angle: number
  /** 0…1 */
  readonly opacity: number
  readonly blend: BlendMode
  /** Where it shows, over the whole photo, [H,W,1] in 0…1. */
  readonly mask?: Field | undefined
}

/**
 * The photo's pixels with a picture over them, blended in sRGB's encoded values as a canvas does it and turned back into the photo's own profile and
 * depth; a transparent photo gets the picture's alpha where that lies. Pixels that the picture does not reach stay bit for bit. `pixels` is not changed.
 */
export function layPicture({ pixels, profile }: Source, placed: PlacedPicture): PhotoPixels {
  const { width, height, channels, depth } = pixels
  const box = pictureBox(placed, { width, height })
  if (box.width === 0 || box.height === 0 || placed.opacity === 0) return pixels
  const data = pixels.data.slice()
  const most = depth === 8 ? 255 : 65535
  const cover = coverOf(placed, pixels)
  const under = new Float32Array(box.width * 3)
  const [backdrop, source] = [new Float32Array(4), new Float32Array(4)]
  for (let y = box.y; y < box.y + box.height; y++) {
    profile.space.toSrgb(pixels, y * width + box.x, box.width, under)
    for (let i = 0; i < box.width; i++) {
      cover(box.x + i, y, source)
      if (source[3] === 0) continue
      const at = (y * width + box.x + i) * channels
      for (let c = 0; c < 3; c++) backdrop[c] = under[i * 3 + c]!
      backdrop[3] = channels === 4 ? pixels.data[at + 3]! / most : 1
      blendPixel(placed.blend, backdrop, source, source[3]!)
      profile.space.fromSrgb(backdrop, 0, data, at)
      if (channels === 4) data[at + 3] = Math.round(backdrop[3] * most)
    }
  }
  return { width, height, channels, depth, data }
}

/** The part of the photo that a placed picture can touch, in whole pixels. */
function pictureBox({ picture, center, scale, angle }: PlacedPicture, photo: { readonly width: number; readonly height: number }): Box {
  const [c, s] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))]
  const [w, h] = [picture.pixels.width * scale, picture.pixels.height * scale]
  const [width, height] = [c * w + s * h + 1, s * w + c * h + 1]
  return pixelBox({ x: center[0] - width / 2, y: center[1] - height / 2, width, height }, photo.width, photo.height)
}

/** Writes the picture's sRGB colour and its alpha (edge, own alpha, opacity, mask) at the middle of a photo pixel. */
function coverOf(placed: PlacedPicture, photo: { readonly width: number; readonly height: number }) {
  const { picture, center, scale, angle, opacity, mask } = placed
  const { width, height } = picture.pixels
  const sampler = new PictureSampler(picture, Math.max(1, Math.floor(1 / scale)))
  const [c, s] = [Math.cos(angle) / scale, Math.sin(angle) / scale]
  const masked = new Float32Array(1)
  return (x: number, y: number, out: Float32Array) => {
    const [dx, dy] = [x + 0.5 - center[0], y + 0.5 - center[1]]
    const u = c * dx + s * dy + width / 2
    const v = -s * dx + c * dy + height / 2
    // The edge falls over one photo pixel, as a canvas smooths it.
    const edge = Math.min(u, v, width - u, height - v) * scale + 0.5
    out[3] = 0
    if (edge <= 0) return
    sampler.at(u, v, out)
    out[3] *= Math.min(1, edge) * opacity
    if (mask === undefined || out[3] === 0) return
    sampleLinear(mask, ((x + 0.5) / photo.width) * mask.width - 0.5, ((y + 0.5) / photo.height) * mask.height - 0.5, masked)
    out[3] *= masked[0]!
  }
}
