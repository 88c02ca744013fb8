import { StudioError } from '../../../contract/errors.ts'
import { floats, type Parameters } from '../parameters.ts'
import { resolutions, stylegan2Schema, type StyleGan2 } from './architecture.ts'
import { checkStyleGan2 } from './inventory.ts'

/** What a checkpoint's tensors do not tell. */
export interface Untold {
  readonly mappingRate?: number
  readonly clamp?: number
}

/**
 * Reads the architecture off the shapes of NVIDIA's tensors (`mapping.fc0.weight`, `synthesis.b4.const`, …) and checks them all.
 * `untold` gives what no tensor shows; NVIDIA's defaults otherwise (mappingRate 0.01, no clamp).
 * @throws StudioError `generator.unsupported` (another family or variant), `parameters.missing`, `parameters.wrong-shape`
 */
export function inferStyleGan2(p: Parameters, untold: Untold = {}): StyleGan2 {
  refuseOthers(p)
  let mappingLayers = 0
  while (p.has(`mapping.fc${mappingLayers}.weight`)) mappingLayers++
  let imageSize = 4
  while (p.has(`synthesis.b${imageSize * 2}.conv1.weight`)) imageSize *= 2
  const channels = resolutions({ imageSize }).map((r): [string, unknown] => [String(r), p.tensor(`synthesis.b${r}.conv1.weight`).shape[0]])
  const found = stylegan2Schema.safeParse({
    zDim: p.tensor('mapping.fc0.weight').shape[1],
    wDim: p.tensor('synthesis.b4.conv1.affine.weight').shape[1],
    imageSize,
    channels: Object.fromEntries(channels),
    mappingLayers,
    mappingRate: untold.mappingRate ?? 0.01,
    imageChannels: p.tensor('synthesis.b4.torgb.weight').shape[0],
    fir: inferFir(p),
    ...(untold.clamp === undefined ? {} : { clamp: untold.clamp }),
    classes: 0,
  })
  if (!found.success) throw unsupported(found.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; '))
  checkStyleGan2(found.data, p)
  return found.data
}

/** The filter behind the resampling buffer, which is its outer product made to add up to one; [1, 3, 3, 1] without a buffer. */
function inferFir(p: Parameters): number[] {
  const name = 'synthesis.b8.resample_filter'
  if (!p.has(name)) return [1, 3, 3, 1]
  const side = p.tensor(name).shape[0] ?? 0
  const buffer = floats(p, name)
  const sums = Array.from({ length: side }, (_, i) => buffer.subarray(i * side, (i + 1) * side).reduce((sum, x) => sum + x, 0))
  const unit = Math.min(...sums.map(Math.abs).filter((x) => x > 1e-6))
  return sums.map((x) => Math.round((x / unit) * 1e4) / 1e4)
}

/** Names the generators that look alike but are another network. */
function refuseOthers(p: Parameters): void {
  if (p.has('synthesis.input.freqs') || p.has('synthesis.input.weight')) throw unsupported('it is a StyleGAN3 generator')
  if (p.has('mapping.embed.weight')) throw unsupported('it is a conditional generator, which wants a class for each image')
  if (p.has('synthesis.b8.skip.weight')) throw unsupported('its blocks are residual ("resnet"), which only discriminators use')
  if (!p.has('synthesis.b4.torgb.weight')) throw unsupported('it has no skip images ("orig" architecture), or it is no StyleGAN2 at all')
}

function unsupported(what: string): StudioError {
  return new StudioError('generator.unsupported', {
    where: 'generator',
    what,
    todo: 'Bring an unconditional StyleGAN2 or StyleGAN2-ADA generator with skip connections (NVIDIA’s default).',
  })
}
