import { clipParameters } from '../nets/clip/inventory.ts'
import { styleGan2Parameters } from '../nets/stylegan2/inventory.ts'
import { float32, sizeOf, type TensorData } from '../onnx/tensor.ts'
import { openPack, partPath, tokenizerPath, type Pack } from '../packs/pack.ts'
import { tinyDraft } from '../packs/testing.ts'
import { writePack, type PackDraft } from '../packs/write.ts'
import type { Device } from '../runtime/devices.ts'
import { Random } from '../runtime/random.ts'
import type { Statistics } from '../packs/statistics.ts'
import type { Models } from './models.ts'
import { sampleZ } from './samples.ts'
import { latentStatistics } from './spaces.ts'

export const testDevice: Device = { provider: 'cpu', label: 'Processor', threads: 1 }

/** Writes and opens a pack of tiny random networks, without a bridge: everything works, nothing means anything. */
export async function writeTinyPack(folder: string, changes: Partial<PackDraft> = {}): Promise<Pack> {
  const draft = tinyDraft({
    suggestions: ['a smiling face', 'red hair', 'glasses', 'an old face'].map((text) => ({ text })),
    ...changes,
  })
  const random = new Random(7)
  const fill = (specs: { name: string; shape: readonly number[] }[], value: (name: string, shape: readonly number[]) => TensorData) =>
    Object.fromEntries(specs.map(({ name, shape }) => [name, value(name, shape)]))
  const generator = fill(
    styleGan2Parameters(draft.generator).filter(({ name, optional }) => !optional || name === 'mapping.w_avg'),
    (name, shape) => {
      if (name.startsWith('mapping.')) return normals(shape, name.endsWith('.bias') ? 1 : 100, 0, random.fork(name))
      return normals(shape, 1, name.endsWith('affine.bias') ? 1 : 0, random.fork(name))
    },
  )
  const clip = fill(clipParameters(draft.clip), (name, shape) => {
    const [, inputs = 1] = shape
    const gain = /ln_.*weight$/.test(name) ? 1 : 0
    return normals(shape, shape.length > 1 ? 2 / Math.sqrt(sizeOf(shape.slice(1)) || inputs) : 0.1, gain, random.fork(name))
  })
  await writePack(folder, draft, {
    [partPath('generator')]: { tensors: generator },
    [partPath('clip')]: { tensors: clip },
    [tokenizerPath]: { bytes: Buffer.from(JSON.stringify(letterTokenizer())) },
  })
  return openPack(folder)
}

function normals(shape: readonly number[], scale: number, mean: number, random: Random): TensorData {
  return float32(
    shape,
    random.normals(sizeOf(shape)).map((x) => mean + scale * x),
  )
}

/** A tokenizer.json whose tokens are single letters; 300 ids. */
function letterTokenizer(): object {
  const letters = 'abcdefghijklmnopqrstuvwxyz'.split('')
  const vocab = Object.fromEntries([...letters, ...letters.map((x) => `${x}</w>`), ','].map((token, id) => [token, id]))
  const special = { '<|startoftext|>': 298, '<|endoftext|>': 299 }
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: Object.entries(special).map(([content, id]) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: '[a-z]+|,' }, behavior: 'Removed', invert: true },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
      ],
    },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true },
    model: {
      ...{
        type: 'BPE',
        dropout: null,
        unk_token: '<|endoftext|>',
        continuing_subword_prefix: '',
        end_of_word_suffix: '</w>',
        fuse_unk: false,
      },
      vocab: { ...vocab, ...special },
      merges: [],
    },
  }
}

/** What alignment measures of w and s, of 64 samples; nothing of f, so no edits. */
export async function statisticsOfSamples(models: Models): Promise<Statistics> {
  const { generator, clip } = models.pack.manifest
  const w = (await models.mapping(sampleZ(11, 0, 64, generator.zDim))).data as Float32Array
  const bank = { count: 64, f: new Float32Array(64 * clip.embed), w }
  const none = new Float32Array()
  const ofF = { fCenterImage: none, fCenterText: none, fCovariance: none, textFilter: none, fSpreadImage: 1, fSpreadText: 1 }
  return { ...ofF, ...(await latentStatistics(models, bank)) }
}
