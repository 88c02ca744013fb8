import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { StudioError } from '../../contract/errors.ts'
import { float32, type TensorData } from '../onnx/tensor.ts'
import { resampleMatrix } from '../nets/resample.ts'

/** Attributes of a rendered person that the evaluation asks about; the renderer's files hold more. */
const attributesSchema = z.object({
  age: z.number(),
  masculinity: z.number(),
  skin_tone: z.number(),
  smile: z.number(),
  hair_style: z.string(),
  hair_colour: z.string(),
  beard_style: z.string(),
  glasses: z.string(),
  hat: z.string(),
})
export type RenderedAttributes = z.infer<typeof attributesSchema>

/** A picture of the renderer that no net was trained on, with what is true of it. */
export interface Rendered {
  /** [1,3,R,R] in [-1,1] */
  readonly image: TensorData
  readonly attributes: RenderedAttributes
  /** [1,Z], what it was drawn from */
  readonly z: TensorData
}

/**
 * Test pictures as the recipe's renderer writes them: NAME.rgb (8-bit, one after another), NAME.jsonl (a line of attributes each) and NAME.z
 * (float32), of one size; at most `count`, resized to `size`². Errors: evaluate.no-pictures, evaluate.bad-pictures.
 */
export async function readRendered(folder: string, count: number, size: number, zDim: number): Promise<Rendered[]> {
  const files = await readdir(folder).catch(() => [])
  const name = files
    .filter((file) => file.endsWith('.jsonl'))
    .toSorted()[0]
    ?.replace(/\.jsonl$/, '')
  if (name === undefined)
    throw new StudioError('evaluate.no-pictures', {
      where: folder,
      what: 'it holds no pictures of the renderer (NAME.rgb, NAME.jsonl, NAME.z)',
      todo: 'Render some as models/recipe/README.md says, or leave --test out.',
    })
  try {
    const lines = (await readFile(join(folder, `${name}.jsonl`), 'utf8')).trim().split('\n')
    const rgb = await readFile(join(folder, `${name}.rgb`))
    const z = await readFile(join(folder, `${name}.z`))
    const side = Math.sqrt(rgb.length / lines.length / 3)
    if (!Number.isInteger(side) || z.length < 4 * zDim * lines.length) throw new RangeError('sizes do not fit')
    return lines.slice(0, count).map((line, i) => ({
      image: picture(rgb.subarray(i * side * side * 3, (i + 1) * side * side * 3), side, size),
      attributes: attributesSchema.parse(JSON.parse(line)),
      z: float32(
        [1, zDim],
        Float32Array.from({ length: zDim }, (_, k) => z.readFloatLE(4 * (i * zDim + k))),
      ),
    }))
  } catch (cause) {
    const what = 'its pictures, attributes and z do not fit together'
    throw new StudioError('evaluate.bad-pictures', { where: join(folder, name), what, todo: 'Render them again.' }, { cause })
  }
}

function picture(rgb: Uint8Array, from: number, to: number): TensorData {
  const planes = [0, 1, 2].map((c) => Float32Array.from({ length: from * from }, (_, i) => rgb[i * 3 + c]! / 127.5 - 1))
  const image = float32([1, 3, to, to])
  planes.forEach((plane, c) => (image.data as Float32Array).set(from === to ? plane : resized(plane, from, to), c * to * to))
  return image
}

/** y = R x Rᵀ with the antialiased bicubic filter that CLIP's pictures go through. */
function resized(plane: Float32Array, from: number, to: number): Float32Array {
  const matrix = resampleMatrix(from, to).data as Float32Array
  const rows = new Float32Array(to * from)
  for (let i = 0; i < to; i++)
    for (let k = 0; k < from; k++) {
      const weight = matrix[i * from + k]!
      if (weight !== 0) for (let j = 0; j < from; j++) rows[i * from + j]! += weight * plane[k * from + j]!
    }
  const out = new Float32Array(to * to)
  for (let i = 0; i < to; i++)
    for (let j = 0; j < to; j++) {
      let sum = 0
      for (let k = 0; k < from; k++) sum += matrix[j * from + k]! * rows[i * from + k]!
      out[i * to + j] = sum
    }
  return out
}
