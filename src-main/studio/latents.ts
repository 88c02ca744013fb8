import { StudioError } from '../contract/errors.ts'
import { sampleZ } from '../engine/bridge/samples.ts'
import { textToImage } from '../engine/bridge/text-to-image.ts'
import { readSafetensors } from '../engine/checkpoints/safetensors.ts'
import type { TensorData } from '../engine/onnx/tensor.ts'
import type { OpenPack } from './packs.ts'

/** s [1,S] of a random sample. The same seed gives the same picture on every machine. */
export async function latentOfSeed({ models }: OpenPack, seed: number): Promise<TensorData> {
  const z = sampleZ(seed, 0, 1, models.pack.manifest.generator.zDim)
  return models.stylesOfW(await models.mapping(z))
}

/** s [1,S] of a text. */
export function latentOfText({ models, statistics }: OpenPack, text: string): Promise<TensorData> {
  return textToImage(models, statistics, text)
}

/** s [1,S] from a safetensors file that holds `s` [1,S], `wPlus` [1,L,W], `w` [1,W] or `z` [1,Z] of this pack's generator. Error 'latents.unfit'. */
export async function latentOfFile(open: OpenPack, file: string): Promise<TensorData> {
  const { models } = open
  const opened = await readSafetensors(file)
  try {
    const read = (name: string) => opened.readFloat32(name)
    if (opened.names.includes('s')) return fit(file, await read('s'), [1, models.layout.total])
    if (opened.names.includes('wPlus')) return await models.styles(await read('wPlus'))
    if (opened.names.includes('w')) return await models.stylesOfW(await read('w'))
    if (opened.names.includes('z')) return await models.stylesOfW(await models.mapping(await read('z')))
  } finally {
    await opened.close()
  }
  throw unfit(file, 'it holds none of "s", "wPlus", "w" and "z"')
}

function fit(file: string, s: TensorData, shape: readonly number[]): TensorData {
  if (s.shape.join() === shape.join()) return s
  throw unfit(file, `its "s" is [${s.shape.join(', ')}] and the pack's generator needs [${shape.join(', ')}]`)
}

const unfit = (where: string, what: string) =>
  new StudioError('latents.unfit', { where, what, todo: 'Use a file that "invert" or "generate" wrote with the same pack.' })

/** What a file of latents says about itself. */
export const latentMetadata = ({ pack }: OpenPack, more: Record<string, string> = {}): Record<string, string> => ({
  pack: pack.manifest.id,
  packHash: pack.hash,
  ...more,
})
