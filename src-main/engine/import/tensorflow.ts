import { StudioError } from '../../contract/errors.ts'
import type { Checkpoint } from '../checkpoints/open.ts'
import { numpyArray } from '../checkpoints/pickle/numpy.ts'
import { field, Instance, type Plain } from '../checkpoints/pickle/values.ts'
import type { FoundGenerator } from './generator.ts'
import { Ledger } from './ledger.ts'
import { turned, weightOf, without, type Weights } from './weights.ts'

/** TensorFlow's stylegan2: (G, D, Gs), the last of which is averaged. Its layout is NVIDIA's own table (legacy.py of stylegan2-ada-pytorch). */
export function readTensorFlow(checkpoint: Checkpoint): FoundGenerator | undefined {
  const { root, where } = checkpoint
  const isNetwork = (value: Plain | undefined) => value instanceof Instance && value.className === 'dnnlib.tflib.network.Network'
  const nets = Array.isArray(root) ? (root as readonly Plain[]) : [root]
  const index = nets.length === 3 ? 2 : 0
  const net = nets[index]
  if (!isNetwork(net)) return undefined
  const place = Array.isArray(root) ? `${index}.` : ''
  const ledger = new Ledger(checkpoint, place)
  refuseOlder(ledger)
  const weights: Weights = new Map()
  const settings = field(net, 'static_kwargs')

  const average = ledger.find('dlatent_avg')
  if (average) weights.set('mapping.w_avg', weightOf(average))
  if (ledger.has('mapping.LabelEmbed/weight')) dense(weights, ledger, 'mapping.embed', 'mapping.LabelEmbed')
  for (let i = 0; ledger.has(`mapping.Dense${i}/weight`); i++) dense(weights, ledger, `mapping.fc${i}`, `mapping.Dense${i}`)
  weights.set('synthesis.b4.const', weightOf(without(ledger.take('synthesis.4x4/Const/const'), 1)))
  convolution(weights, ledger, 'synthesis.b4.conv1', 'synthesis.4x4/Conv', 0)
  toRgb(weights, ledger, 4)
  for (let r = 8, level = 1; ledger.has(`synthesis.${r}x${r}/Conv0_up/weight`); r *= 2, level++) {
    convolution(weights, ledger, `synthesis.b${r}.conv0`, `synthesis.${r}x${r}/Conv0_up`, 2 * level - 1)
    convolution(weights, ledger, `synthesis.b${r}.conv1`, `synthesis.${r}x${r}/Conv1`, 2 * level)
    toRgb(weights, ledger, r)
    const skip = ledger.find(`synthesis.${r}x${r}/Skip/weight`)
    if (skip) weights.set(`synthesis.b${r}.skip.weight`, weightOf(skip))
  }
  weights.set('synthesis.b8.resample_filter', filterOf(field(settings, 'resample_kernel'), where))
  ledger.ignore(/(^|[./])lod$/, 'the level of detail, left over from training')
  for (const [i, what] of [
    [0, 'G: the same generator, not averaged'],
    [1, 'D: the discriminator'],
  ] as const)
    if (i !== index) ledger.ignore(new RegExp(`^${i}\\.`), what)
  const rate = field(settings, 'mapping_lrmul')
  const clamp = field(settings, 'conv_clamp')
  return {
    weights,
    untold: { ...(typeof rate === 'number' ? { mappingRate: rate } : {}), ...(typeof clamp === 'number' ? { clamp } : {}) },
    family: 'NVIDIA’s StyleGAN2 (TensorFlow)',
    ignored: ledger.close(),
  }
}

function refuseOlder(ledger: Ledger): void {
  const [name] = ledger.names().filter((n) => /StyleMod|Conv0_up_conv|Noise\/weight|ToRGB_lod|LabelConcat/.test(n))
  if (name === undefined) return
  const what = /StyleMod|Noise\/weight/.test(name)
    ? 'it is a StyleGAN1 generator'
    : 'it is of a configuration of StyleGAN2 without skip images, or with classes of its first version'
  throw new StudioError('generator.unsupported', {
    where: ledger.where,
    what,
    todo: 'Bring a StyleGAN2 generator of configuration E or F (NVIDIA’s published ones are), or one of StyleGAN2-ADA.',
  })
}

function dense(weights: Weights, ledger: Ledger, ours: string, theirs: string): void {
  weights.set(`${ours}.weight`, weightOf(turned(ledger.take(`${theirs}/weight`), 1, 0)))
  weights.set(`${ours}.bias`, weightOf(ledger.take(`${theirs}/bias`)))
}

/** A modulated convolution: kernels [kh,kw,I,O] → [O,I,kh,kw], turned by 180° where it doubles the size; style biases count from 1. */
function convolution(weights: Weights, ledger: Ledger, ours: string, theirs: string, noise: number | undefined): void {
  const kernel = turned(ledger.take(`${theirs}/weight`), 3, 2, 0, 1)
  const area = (kernel.shape[2] ?? 1) * (kernel.shape[3] ?? 1)
  weights.set(`${ours}.weight`, weightOf(kernel, theirs.endsWith('_up') ? (w) => halfTurned(w, area) : undefined))
  weights.set(`${ours}.bias`, weightOf(ledger.take(`${theirs}/bias`)))
  weights.set(`${ours}.affine.weight`, weightOf(turned(ledger.take(`${theirs}/mod_weight`), 1, 0)))
  weights.set(
    `${ours}.affine.bias`,
    weightOf(ledger.take(`${theirs}/mod_bias`), (b) => b.map((x) => x + 1)),
  )
  const strength = ledger.find(`${theirs}/noise_strength`)
  const picture = noise === undefined ? undefined : ledger.find(`synthesis.noise${noise}`)
  if (strength) weights.set(`${ours}.noise_strength`, weightOf(strength))
  if (picture) weights.set(`${ours}.noise_const`, weightOf(without(picture, 2)))
}

function toRgb(weights: Weights, ledger: Ledger, r: number): void {
  if (ledger.has(`synthesis.${r}x${r}/ToRGB/weight`))
    convolution(weights, ledger, `synthesis.b${r}.torgb`, `synthesis.${r}x${r}/ToRGB`, undefined)
}

/** Every kernel of `area` numbers back to front. */
function halfTurned(w: Float32Array, area: number): Float32Array {
  const out = Float32Array.from(w)
  for (let at = 0; at < out.length; at += area) out.subarray(at, at + area).reverse()
  return out
}

/** The resampling filter as NVIDIA's buffer has it: an outer product that adds up to one. */
function filterOf(setting: Plain | undefined, where: string) {
  const array = setting instanceof Instance ? numpyArray(setting, where)?.read().data : setting
  const taps = array === undefined || array === null ? [1, 3, 3, 1] : Array.from(array as ArrayLike<number>, Number)
  const sum = taps.reduce((a, b) => a + b, 0)
  if (taps.length !== 4 || !Number.isFinite(1 / sum))
    throw new StudioError('generator.unsupported', {
      where,
      what: `its resampling filter has ${taps.length} taps`,
      todo: 'Bring a generator with NVIDIA’s default filter.',
    })
  const data = Float32Array.from({ length: 16 }, (_, i) => (taps[i >> 2]! * taps[i & 3]!) / (sum * sum))
  return { dtype: 'float32' as const, shape: [4, 4], read: () => ({ dtype: 'float32' as const, shape: [4, 4], data }) }
}
