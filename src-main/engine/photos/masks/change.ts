import type { TensorData } from '../../onnx/tensor.ts'
import { fromTensor } from '../crop.ts'
import { blur, newField, sampleLinear, smoothstep } from '../field.ts'
import type { Field } from '../field.ts'
import { cropMaskAt } from '../mask.ts'
import { applyTransform, transformForRegion } from '../transform.ts'
import type { CropTransform } from '../transform.ts'
import { maskSize } from './bitmap.ts'

/** |after − before| from which a change counts, and from which it counts fully, as shares of the picture's greatest change. */
const FROM = 0.12
const FULL = 0.3
/** Less than this, root mean square of sRGB 0…1, nobody sees. */
const SEEN = 0.015

/** Where a mask of the whole photo takes its values from: the aligned square. */
export interface InPhoto {
  readonly photo: { readonly width: number; readonly height: number }
  /** From the photo to the unit square. */
  readonly transform: CropTransform
}

/** "Mask to what changed": before, after [1,3,R,R] in [-1,1] → [H,W,1] over the photo, soft, black where nothing changes and outside the crop. */
export function changeMask(before: TensorData, after: TensorData, place: InPhoto): Field {
  const [old, edited] = [fromTensor(before), fromTensor(after)]
  const change = newField(old.width, old.height, 1)
  for (let i = 0; i < change.data.length; i++) {
    let sum = 0
    for (let c = 0; c < 3; c++) sum += (edited.data[i * 3 + c]! - old.data[i * 3 + c]!) ** 2
    change.data[i] = Math.sqrt(sum / 3)
  }
  const calm = blur(change, old.width / 100)
  const most = calm.data.reduce((max, x) => Math.max(max, x), 0)
  if (most < SEEN) return inPhoto(newField(2, 2, 1), place)
  const kept = { ...calm, data: calm.data.map((x) => smoothstep(Math.max(SEEN, FROM * most), Math.max(SEEN * 2, FULL * most), x)) }
  return inPhoto(blur(kept, old.width / 100), place)
}

/** A field over the aligned square as a mask of the photo: 0 outside the crop, which it fades into as the composite does. */
export function inPhoto(square: Field, { photo, transform }: InPhoto, feather = 0.02): Field {
  const { width, height } = maskSize(photo)
  const out = newField(width, height, 1)
  const toSquare = transformForRegion(transform, 0, 0, width / photo.width)
  const value = new Float32Array(1)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [u, v] = applyTransform(toSquare, [x + 0.5, y + 0.5])
      if (u <= 0 || u >= 1 || v <= 0 || v >= 1) continue
      sampleLinear(square, u * square.width - 0.5, v * square.height - 0.5, value)
      out.data[y * width + x] = value[0]! * cropMaskAt(u, v, feather)
    }
  return out
}
