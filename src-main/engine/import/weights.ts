import type { Parameters } from '../nets/parameters.ts'
import { floatToHalf, type TensorData } from '../onnx/tensor.ts'
import { StudioError } from '../../contract/errors.ts'
import { floatsOf, ForeignTensor } from '../checkpoints/tensors.ts'

/** A tensor of a network to be, read from its checkpoint when it is written or looked at. */
export interface Weight {
  /** float16 where the checkpoint holds halves, float32 for everything else. */
  readonly dtype: 'float32' | 'float16'
  readonly shape: readonly number[]
  read(): TensorData
}

/** Weights under the names of the networks in nets/: NVIDIA's for generators, OpenAI's for CLIP. */
export type Weights = Map<string, Weight>

/** What an importer makes of a checkpoint. */
export interface ImportedNet<A> {
  readonly architecture: A
  readonly weights: Weights
  /** "NVIDIA’s StyleGAN2" */
  readonly family: string
  /** What of the file is not needed, in words: "D: the discriminator, 39 tensors". */
  readonly ignored: readonly string[]
  /** What had to be assumed, a sentence each. */
  readonly notes: readonly string[]
}

/** A foreign tensor as a weight; `change` works on its numbers as float32. */
export function weightOf(t: ForeignTensor, change?: (values: Float32Array) => Float32Array): Weight {
  const dtype = t.dtype === 'float16' ? 'float16' : 'float32'
  return {
    dtype,
    shape: t.shape,
    read() {
      const stored = t.read()
      if (!change && stored.dtype === dtype) return stored
      const values = change ? change(floatsOf(stored)) : floatsOf(stored)
      return { dtype, shape: t.shape, data: dtype === 'float16' ? floatToHalf(values) : values }
    },
  }
}

/** The same numbers with their axes in another order; nothing is copied. */
export function turned(t: ForeignTensor, ...axes: number[]): ForeignTensor {
  const pick = (list: readonly number[]) => axes.map((axis) => list[axis] ?? 1)
  return view(t, pick(t.shape), pick(t.strides))
}

/** Without its first axes, each of which has one entry. */
export function without(t: ForeignTensor, axes: number): ForeignTensor {
  return t.shape.slice(0, axes).every((size) => size === 1) ? view(t, t.shape.slice(axes), t.strides.slice(axes)) : t
}

function view({ storage, dtype, offset }: ForeignTensor, shape: readonly number[], strides: readonly number[]): ForeignTensor {
  return new ForeignTensor({ storage, dtype, shape, strides, offset, where: 'a tensor' })
}

/** Weights as the parameters that a network's architecture is read off: shapes at once, numbers when they are asked for. */
export function parametersOf(weights: Weights): Parameters {
  return {
    has: (name) => weights.has(name),
    tensor(name) {
      const weight = weights.get(name)
      if (!weight)
        throw new StudioError('parameters.missing', {
          where: name,
          what: 'the weights do not have this tensor',
          todo: 'Check that the file belongs to this kind of network and is complete.',
        })
      const { shape } = weight
      return {
        dtype: 'float32',
        shape,
        get data() {
          return floatsOf(weight.read())
        },
      }
    },
  }
}
