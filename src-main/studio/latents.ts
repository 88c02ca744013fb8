import { StudioError } from '../contract/errors.ts'
import { ensemble } from '../engine/bridge/directions.ts'
import { partsOf, phrasings } from '../engine/bridge/prompts.ts'
import { sampleZ } from '../engine/bridge/samples.ts'
import { readSafetensors } from '../engine/checkpoints/safetensors.ts'
import { float32, type TensorData } from '../engine/onnx/tensor.ts'
import type { OpenPack } from './packs.ts'

/** s [1,S] of a random sample. The same seed gives the same picture on every machine. */
export async function latentOfSeed({ models }: OpenPack, seed: number): Promise<TensorData> {
  const z = sampleZ(seed, 0, 1, models.pack.manifest.generator.zDim)
  return models.stylesOfW(await models.mapping(z))
}

/**
 * s [1,S] of a text (METHOD 2.8, text to image): s = s̄ + Σ_parts (B(g_T·(E_T(part) − c_T)) − B(0)).
 * Requests joined by commas add up, as they do in edits.
 */
export async function latentOfText({ models, statistics }: OpenPack, text: string): Promise<TensorData> {
  const { sCenter, fCenterText, textGain } = statistics
  const s = sCenter.slice()
  for (const part of partsOf(text)) {
    const f = await ensemble(models, phrasings(part, models.pack.manifest.noun))
    const deltaF = [...f.map((x, j) => textGain * (x - fCenterText[j]!)), ...new Float32Array(f.length)]
    const { deltaS } = await models.bridge(float32([2, f.length], Float32Array.from(deltaF)))
    const rows = deltaS.data as Float32Array
    for (let j = 0; j < s.length; j++) s[j]! += rows[j]! - rows[s.length + j]!
  }
  return float32([1, s.length], s)
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
