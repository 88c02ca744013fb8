import { createHash } from 'node:crypto'
import { access, mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExternalData } from '../onnx/model.ts'
import { type TensorData, bytesOf } from '../onnx/tensor.ts'

/** A multiple of every element's size and of a cache line. */
const ALIGNMENT = 64

/**
 * Puts tensors one after another into `<sha256 of them>.weights` in `folder`, unless that file is there already, and tells where each one lies.
 * The file appears complete or not at all. Same tensors in the same order give the same file.
 */
export async function writeWeights(
  folder: string,
  tensors: readonly (readonly [string, TensorData])[],
): Promise<Map<string, ExternalData>> {
  const hash = createHash('sha256')
  for (const [, t] of tensors) hash.update(bytesOf(t)).update(`/${t.data.byteLength}/`)
  const location = `${hash.digest('hex')}.weights`
  const places = new Map<string, ExternalData>()
  let end = 0
  for (const [name, t] of tensors) {
    const offset = Math.ceil(end / ALIGNMENT) * ALIGNMENT
    places.set(name, { location, offset, length: t.data.byteLength })
    end = offset + t.data.byteLength
  }
  const path = join(folder, location)
  if (!(await exists(path))) {
    await mkdir(folder, { recursive: true })
    const temporary = `${path}.${process.pid}`
    const file = await open(temporary, 'w')
    try {
      for (const [name, t] of tensors) await file.write(bytesOf(t), 0, t.data.byteLength, places.get(name)!.offset)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  }
  return places
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )
