import { StudioError } from '../../contract/errors.ts'
import type { Checkpoint } from '../checkpoints/open.ts'
import { inferStyleGan2, type Untold } from '../nets/stylegan2/infer.ts'
import type { StyleGan2 } from '../nets/stylegan2/architecture.ts'
import { withClass } from './class-label.ts'
import { parametersOf, type ImportedNet, type Weights } from './weights.ts'
import { readNvidia } from './nvidia.ts'
import { readRosinality } from './rosinality.ts'
import { readTensorFlow } from './tensorflow.ts'

export interface GeneratorOptions {
  /** Which class of a conditional generator, from 0. */
  readonly label?: number
}

/** A generator's weights under NVIDIA's names, and what no tensor tells. */
export interface FoundGenerator {
  readonly weights: Weights
  readonly untold: Untold
  readonly family: string
  readonly ignored: readonly string[]
}

/** Readers of generators, each of which knows one layout; undefined where a checkpoint has none of it. */
const layouts: readonly ((checkpoint: Checkpoint) => FoundGenerator | undefined)[] = [readTensorFlow, readNvidia, readRosinality]

/**
 * The StyleGAN2 generator in a checkpoint: NVIDIA's pickles (stylegan2-ada-pytorch, the StyleGAN3 repository, TensorFlow), rosinality's files and encoders' that
 * carry such a generator. The averaged weights are taken where there are some. Undefined if there is none.
 * Errors: generator.unsupported, import.needs-class, import.no-such-class, import.missing-tensor, import.unknown-tensor, parameters.*.
 */
export function importGenerator(checkpoint: Checkpoint, options: GeneratorOptions = {}): ImportedNet<StyleGan2> | undefined {
  for (const layout of layouts) {
    const found = layout(checkpoint)
    if (!found) continue
    const { where } = checkpoint
    const isStyleGan3 = [...found.weights.keys()].some((name) => name.startsWith('synthesis.input.'))
    if (isStyleGan3)
      throw new StudioError('generator.stylegan3', {
        where,
        what: 'it is a StyleGAN3 generator, whose layers are rotated Fourier features and have no style for each resolution to edit',
        todo: 'Bring a StyleGAN2 or StyleGAN2-ADA generator of the same domain.',
      })
    const { weights, notes } = withClass(found.weights, options.label, where)
    const architecture = named(where, () => inferStyleGan2(parametersOf(weights), found.untold))
    return { architecture, weights, family: found.family, ignored: found.ignored, notes }
  }
  return undefined
}

/** The networks' own errors name tensors; a person knows the file. */
export function named<T>(where: string, infer: () => T): T {
  try {
    return infer()
  } catch (error) {
    if (!(error instanceof StudioError) || error.where === where) throw error
    const what = error.code.startsWith('parameters.') ? `"${error.where}": ${error.what}` : error.what
    throw new StudioError(error.code, { where, what, todo: error.todo }, { cause: error })
  }
}
