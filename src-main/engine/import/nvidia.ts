import { StudioError } from '../../contract/errors.ts'
import type { Checkpoint } from '../checkpoints/open.ts'
import { field, Instance, type Plain } from '../checkpoints/pickle/values.ts'
import type { FoundGenerator } from './generator.ts'
import { Ledger } from './ledger.ts'
import { weightOf, type Weights } from './weights.ts'

/** The averaged generator first: it makes the better pictures. */
const places = ['G_ema.', 'g_ema.', 'generator.', 'G.', '']

/** NVIDIA's layout: a pickle of its classes (G_ema beside G and D), or the tensors of one under the same names. */
export function readNvidia(checkpoint: Checkpoint): FoundGenerator | undefined {
  const { tensors, where } = checkpoint
  const isHere = (place: string) =>
    tensors.has(`${place}mapping.fc0.weight`) && [...tensors.keys()].some((name) => name.startsWith(`${place}synthesis.`))
  const place = places.find(isHere)
  if (place === undefined) return undefined
  const ledger = new Ledger(checkpoint, place)
  const weights: Weights = new Map()
  for (const name of ledger.names()) if (/^(mapping|synthesis)\./.test(name)) weights.set(name, weightOf(ledger.take(name)))
  for (const other of places.slice(0, -1))
    if (other !== place) ledger.ignore(start(other), `${other.slice(0, -1)}: the same generator, not averaged`)
  ledger.ignore(/^D\./, 'D: the discriminator')
  ledger.ignore(/^(augment_pipe|ema|optimizer|opt_|G_opt|D_opt)/, 'the state of training')
  const root = place === '' ? checkpoint.root : (field(checkpoint.root, place.slice(0, -1)) ?? null)
  return { weights, untold: untold(root, where), family: 'NVIDIA’s StyleGAN2 (PyTorch)', ignored: ledger.close() }
}

const start = (text: string) => new RegExp(`^${text.replaceAll('.', '\\.')}`)

/** What NVIDIA's objects say beside their tensors: the mapping's rate, the clamp, and that they use LeakyReLU. */
function untold(generator: Plain, where: string): FoundGenerator['untold'] {
  if (!(generator instanceof Instance)) return {}
  const rate = number(attribute(generator, 'mapping.fc0', 'bias_gain'))
  const clamp = number(attribute(generator, 'synthesis.b4.conv1', 'conv_clamp'))
  for (const layer of ['mapping.fc0', 'synthesis.b4.conv1']) {
    const activation = attribute(generator, layer, 'activation')
    if (activation !== undefined && activation !== 'lrelu')
      throw new StudioError('generator.unsupported', {
        where,
        what: `its layers use the activation ${JSON.stringify(activation).slice(0, 40)}`,
        todo: 'Bring a generator with NVIDIA’s default, "lrelu".',
      })
  }
  return { ...(rate === undefined ? {} : { mappingRate: rate }), ...(clamp === undefined ? {} : { clamp }) }
}

/** An attribute of the module at a dotted path. */
function attribute(module: Plain, path: string, name: string): Plain | undefined {
  const found = path.split('.').reduce<Plain | undefined>((at, part) => field(field(at, '_modules'), part), module)
  return field(found, name)
}

const number = (value: Plain | undefined) => (typeof value === 'number' && value > 0 ? value : undefined)
