import type { TensorData } from '../onnx/tensor.ts'
import { analysisSize, blendMaps } from './blend-maps.ts'
import type { BlendOptions } from './blend-maps.ts'
import { cropField, fromTensor } from './crop.ts'
import { enlarge, sampleLinear } from './field.ts'
import type { Field } from './field.ts'
import { cropMask, cropMaskAt, maskProduct } from './mask.ts'
import type { CropMask } from './mask.ts'
import { layeredBlend } from './masks/layered.ts'
import type { MaskedEdit } from './masks/layered.ts'
import { pixelBox } from './photo.ts'
import type { Box, Photo, PhotoPixels } from './photo.ts'
import { boundsOf, cropSize } from './transform.ts'
import type { CropTransform } from './transform.ts'

export interface CompositeOptions extends BlendOptions {
  /** Width of the mask's soft edge, as a share of the crop's side. */
  readonly feather: number
  /** Masks of the person's own, multiplied. */
  readonly masks: readonly CropMask[]
}

export const COMPOSITE_DEFAULTS: CompositeOptions = { residual: 1, colourMatch: true, changedOnly: true, feather: 0.06, masks: [] }

export interface CompositeInput {
  readonly photo: Pick<Photo, 'pixels' | 'profile'>
  readonly transform: CropTransform
  /** The inversion, [1,3,R,R] in [-1,1]. */
  readonly before: TensorData
  /** The edited picture, the same shape; absent where nothing is edited but what is masked. */
  readonly after?: TensorData | undefined
  /** Layers that show through masks of their own; see masks/layered.ts for the sum. */
  readonly masked?: readonly MaskedEdit[] | undefined
  readonly options?: Partial<CompositeOptions> | undefined
}

export interface Composite {
  /** A copy of the photo's pixels with the edit in them; everything outside `touched` is the photo's own, bit for bit. */
  readonly pixels: PhotoPixels
  /** The smallest box that holds every pixel that differs; empty (width 0) where nothing does. */
  readonly touched: Box
  /** What was let through, over the aligned square. */
  readonly mask: CropMask
}

/** Puts an edit back into the full-size photo: only the difference that the edit makes, in the photo's own profile and depth.
 *  Alpha is untouched. See blend-maps.ts for the rule. */
export function composite({ photo, transform, before, after, masked, options }: CompositeInput): Composite {
  const { pixels, profile } = photo
  const { width, channels, depth } = pixels
  const square = cropField(photo, transform, analysisSize(before.shape[3] ?? 0))
  const blend = prepareLayers({ transform, before, after, masked, options }, square)
  const data = pixels.data.slice()
  const box = pixelBox(boundsOf(transform), width, pixels.height)
  const row = new Float32Array(box.width * 3)
  const mask = new Float32Array(box.width)
  const step = depth === 8 ? 0.25 / 255 : 0.25 / 65535
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1]
  for (let y = box.y; y < box.y + box.height; y++) {
    profile.space.toSrgb(pixels, y * width + box.x, box.width, row)
    const old = row.slice()
    if (!blend.row(row, mask, box.x, y)) continue
    for (let i = 0; i < box.width; i++) {
      const changed = Math.max(
        Math.abs(row[i * 3]! - old[i * 3]!),
        Math.abs(row[i * 3 + 1]! - old[i * 3 + 1]!),
        Math.abs(row[i * 3 + 2]! - old[i * 3 + 2]!),
      )
      if (changed < step) continue
      profile.space.fromSrgb(row, i * 3, data, (y * width + box.x + i) * channels)
      left = Math.min(left, box.x + i)
      right = Math.max(right, box.x + i)
      top = Math.min(top, y)
      bottom = y
    }
  }
  const touched =
    right < 0 ? { x: box.x, y: box.y, width: 0, height: 0 } : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
  return { pixels: { ...pixels, data }, touched, mask: blend.mask }
}

export interface Blend {
  /** Blends one row of sRGB values (RGB, from pixel (x, y) on) in place and writes each pixel's mask; false where the whole row stays. */
  row(rgb: Float32Array, mask: Float32Array, x: number, y: number): boolean
  readonly mask: CropMask
}

/** The blend of everything that is edited, masked or not. A blend of nothing leaves every row as it is. */
export function prepareLayers({ after, masked = [], ...edit }: Omit<CompositeInput, 'photo'>, square: Field): Blend {
  const under = after && prepareBlend({ ...edit, after }, square)
  if (masked.length === 0) return under ?? NOTHING
  const over = masked.map(({ after: own, mask }) => ({ blend: prepareBlend({ ...edit, after: own }, square), mask }))
  return layeredBlend(under, over, edit.transform)
}

const NOTHING: Blend = { row: () => false, mask: { size: 1, data: new Float32Array(1) } }

type OneEdit = Omit<CompositeInput, 'photo' | 'after' | 'masked'> & { readonly after: TensorData }

/** Everything about one edit that does not depend on the pixel. `transform` is for the pixels whose rows will be blended; `square`
 *  is the photo's own aligned square, analysisSize(R) a side. */
function prepareBlend({ transform, before, after, options }: OneEdit, square: Field): Blend {
  const settings = { ...COMPOSITE_DEFAULTS, ...options }
  const [old, edited] = [fromTensor(before), fromTensor(after)]
  const size = square.width
  const mask = cropMask(size, settings.feather, settings.masks)
  const pixelsPerPoint = cropSize(transform) / old.width
  const maps = blendMaps(square, old, edited, mask, settings, Math.max(1, Math.floor(1 / pixelsPerPoint)))
  // Between points that lie at most 2.5 pixels apart, linear interpolation of what a cubic enlarged is smooth; 1024 bounds the memory.
  const shown = enlarge(maps, Math.max(1, Math.min(Math.ceil(pixelsPerPoint / 2.5), Math.floor(1024 / maps.width))))
  const weightAt = new Float32Array(8)
  const weights = mask.map((m, i) => {
    if (m === 0) return 0
    sampleLinear(maps, (((i % size) + 0.5) / size) * maps.width - 0.5, ((Math.floor(i / size) + 0.5) / size) * maps.width - 0.5, weightAt)
    return m * Math.min(1, Math.max(0, weightAt[7]!))
  })
  const at = new Float32Array(8)
  const { a, b, tx, ty } = transform
  return {
    mask: { size, data: weights },
    row(rgb, maskRow, x0, y) {
      let touched = false
      for (let i = 0; i < maskRow.length; i++) {
        const px = x0 + i + 0.5
        const u = a * px - b * (y + 0.5) + tx
        const v = b * px + a * (y + 0.5) + ty
        let m = u <= 0 || u >= 1 || v <= 0 || v >= 1 ? 0 : cropMaskAt(u, v, settings.feather)
        maskRow[i] = 0
        if (m === 0) continue
        sampleLinear(shown, u * shown.width - 0.5, v * shown.height - 0.5, at)
        m *= Math.min(1, Math.max(0, at[7]!)) * maskProduct(settings.masks, u, v)
        if (m === 0) continue
        for (let c = 0; c < 3; c++) {
          const p = rgb[i * 3 + c]!
          rgb[i * 3 + c] = p + m * (at[c]! + at[6]! * (p - at[c + 3]!) - p)
        }
        maskRow[i] = m
        touched = true
      }
      return touched
    },
  }
}
