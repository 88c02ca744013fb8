import sharp from 'sharp'
import { StudioError } from '../../../contract/errors.ts'
import { newField } from '../field.ts'
import type { Field } from '../field.ts'

/** The longest side of a mask, in pixels: finer than any brush needs, small enough to travel. */
export const MASK_SIDE = 2048

/** The size of a photo's masks: the photo's proportions, never more points than the photo has. */
export function maskSize({ width, height }: { readonly width: number; readonly height: number }): { width: number; height: number } {
  const scale = Math.min(1, MASK_SIDE / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** A mask's PNG as [H,W,1] in 0…1. Error 'mask.damaged' when it is not a picture of one of the sizes that masks have. */
export async function readMask(bytes: Uint8Array): Promise<Field> {
  const damaged = (what: string, cause?: unknown) =>
    new StudioError(
      'mask.damaged',
      { where: 'The mask', what, todo: 'Undo the last step, or delete the mask and paint it again.' },
      { cause },
    )
  try {
    const picture = sharp(bytes, { limitInputPixels: 8192 * 8192 })
    const { format, width, height } = await picture.metadata()
    if (format !== 'png') throw damaged('it is not a PNG picture')
    if (Math.max(width, height) > 8192) throw damaged(`it is ${width} × ${height} pixels large`)
    const data = await picture.removeAlpha().toColourspace('b-w').extractChannel(0).raw({ depth: 'uchar' }).toBuffer()
    const field = newField(width, height, 1)
    for (let i = 0; i < field.data.length; i++) field.data[i] = data[i]! / 255
    return field
  } catch (thrown) {
    throw thrown instanceof StudioError ? thrown : damaged('it cannot be read', thrown)
  }
}

/** [H,W,1] in 0…1 as an 8-bit grey PNG; `brief` for one that is looked at for a moment, where time counts more than size. */
export async function writeMask({ width, height, data }: Field, { brief = false } = {}): Promise<Uint8Array> {
  const grey = Uint8Array.from(data, (x) => Math.round(Math.min(1, Math.max(0, x)) * 255))
  return new Uint8Array(
    await sharp(grey, { raw: { width, height, channels: 1 } })
      .toColourspace('b-w')
      .png(brief ? { compressionLevel: 1 } : { compressionLevel: 9, adaptiveFiltering: true })
      .toBuffer(),
  )
}
