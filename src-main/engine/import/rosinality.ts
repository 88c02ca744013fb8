import type { Checkpoint } from '../checkpoints/open.ts'
import type { FoundGenerator } from './generator.ts'
import { Ledger } from './ledger.ts'
import { weightOf, without, type Weights } from './weights.ts'

/** Where its generator lies: in its own checkpoints, in those of encoders (pSp, e4e, ReStyle), or by itself. */
const places = ['g_ema.', 'state_dict.decoder.', 'decoder.', 'generator.', 'g.', '']

/**
 * rosinality's stylegan2-pytorch. Its convolutions scale their kernels by 1/√(9·I) before they are demodulated, NVIDIA's do not: the scale goes into the
 * kernels, so that the small number in the demodulation has the same weight too.
 */
export function readRosinality(checkpoint: Checkpoint): FoundGenerator | undefined {
  const { tensors } = checkpoint
  const place = places.find((p) => tensors.has(`${p}to_rgb1.conv.weight`) && tensors.has(`${p}style.1.weight`))
  if (place === undefined) return undefined
  const ledger = new Ledger(checkpoint, place)
  const weights: Weights = new Map()

  for (let i = 0; ledger.has(`style.${i + 1}.weight`); i++) {
    weights.set(`mapping.fc${i}.weight`, weightOf(ledger.take(`style.${i + 1}.weight`)))
    weights.set(`mapping.fc${i}.bias`, weightOf(ledger.take(`style.${i + 1}.bias`)))
  }
  weights.set('synthesis.b4.const', weightOf(without(ledger.take('input.input'), 1)))
  styled(weights, ledger, 'synthesis.b4.conv1', 'conv1', 0)
  toRgb(weights, ledger, 'synthesis.b4.torgb', 'to_rgb1')
  for (let i = 0, r = 8; ledger.has(`convs.${2 * i}.conv.weight`); i++, r *= 2) {
    styled(weights, ledger, `synthesis.b${r}.conv0`, `convs.${2 * i}`, 2 * i + 1)
    styled(weights, ledger, `synthesis.b${r}.conv1`, `convs.${2 * i + 1}`, 2 * i + 2)
    toRgb(weights, ledger, `synthesis.b${r}.torgb`, `to_rgbs.${i}`)
  }
  // The blur is four times NVIDIA's filter, for the four times fewer pixels that it starts from.
  const blur = ledger.find('convs.0.conv.blur.kernel')
  if (blur)
    weights.set(
      'synthesis.b8.resample_filter',
      weightOf(blur, (k) => k.map((x) => x / 4)),
    )
  average(weights, checkpoint, ledger, place)

  ledger.ignore(
    new RegExp(`^${place.replaceAll('.', '\\.')}(convs\\.\\d+\\.conv\\.blur|to_rgbs\\.\\d+\\.upsample)\\.kernel$`),
    'the resampling filter, repeated',
  )
  if (place !== '') ledger.ignore(/^g\./, 'g: the same generator, not averaged')
  ledger.ignore(/^d\./, 'd: the discriminator')
  ledger.ignore(/^(g_optim|d_optim|e_optim|opts|ada_aug_p|discriminator)\b/, 'the state of training')
  ledger.ignore(/^(state_dict\.)?encoder\./, 'the encoder')
  ledger.ignore(/^(state_dict\.)?face_pool\./, 'the encoder')
  ledger.ignore(/^(g_)?latent_avg$/, 'another mean of w')
  return { weights, untold: {}, family: 'rosinality’s StyleGAN2 (PyTorch)', ignored: ledger.close() }
}

function styled(weights: Weights, ledger: Ledger, ours: string, theirs: string, noise: number): void {
  const kernel = without(ledger.take(`${theirs}.conv.weight`), 1) // [O,I,3,3]
  const scale = 1 / Math.sqrt(kernel.shape.slice(1).reduce((n, d) => n * d, 1))
  weights.set(
    `${ours}.weight`,
    weightOf(kernel, (w) => w.map((x) => x * scale)),
  )
  weights.set(`${ours}.bias`, weightOf(ledger.take(`${theirs}.activate.bias`)))
  affine(weights, ledger, ours, theirs)
  const strength = ledger.find(`${theirs}.noise.weight`)
  const picture = ledger.find(`noises.noise_${noise}`)
  if (strength) weights.set(`${ours}.noise_strength`, weightOf(without(strength, 1)))
  if (picture) weights.set(`${ours}.noise_const`, weightOf(without(picture, 2)))
}

/** Its 1/√I is in NVIDIA's ToRGB too, as the gain of the style. */
function toRgb(weights: Weights, ledger: Ledger, ours: string, theirs: string): void {
  weights.set(`${ours}.weight`, weightOf(without(ledger.take(`${theirs}.conv.weight`), 1)))
  const bias = ledger.take(`${theirs}.bias`) // [1,3,1,1]
  const flat = without(bias, 1)
  weights.set(`${ours}.bias`, {
    ...weightOf(flat),
    shape: flat.shape.slice(0, 1),
    read: () => ({ ...weightOf(flat).read(), shape: flat.shape.slice(0, 1) }),
  })
  affine(weights, ledger, ours, theirs)
}

function affine(weights: Weights, ledger: Ledger, ours: string, theirs: string): void {
  weights.set(`${ours}.affine.weight`, weightOf(ledger.take(`${theirs}.conv.modulation.weight`)))
  weights.set(`${ours}.affine.bias`, weightOf(ledger.take(`${theirs}.conv.modulation.bias`)))
}

/** The mean of w lies outside the generator; encoders keep one for each layer. */
function average(weights: Weights, checkpoint: Checkpoint, ledger: Ledger, place: string): void {
  const width = checkpoint.tensors.get(`${place}style.1.bias`)?.shape[0]
  const mean = checkpoint.tensors.get('latent_avg')
  if (mean?.shape.length !== 1 || mean.shape[0] !== width) return
  weights.set('mapping.w_avg', weightOf(mean))
  ledger.elsewhere('latent_avg')
}
