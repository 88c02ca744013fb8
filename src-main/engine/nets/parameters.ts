import type { TensorData } from '../onnx/tensor.ts'
import { StudioError } from '../../contract/errors.ts'

/** The weights of a net under their field's own names (NVIDIA's, OpenAI's). Tensors come as float32, whatever the file holds. */
export interface Parameters {
  has(name: string): boolean
  /** @throws StudioError `parameters.missing` when there is no such tensor */
  tensor(name: string): TensorData
}

/** Parameters over a plain record. With a prefix, `parametersFrom(r, 'G.').tensor('b4.const')` is `r['G.b4.const']`. */
export function parametersFrom(record: Readonly<Record<string, TensorData>>, prefix = ''): Parameters {
  return {
    has: (name) => Object.hasOwn(record, prefix + name),
    tensor(name) {
      const found = Object.hasOwn(record, prefix + name) ? record[prefix + name] : undefined
      if (!found) throw missing(prefix + name)
      return found
    },
  }
}

/** The parameters of a part: `within(p, 'synthesis.')` knows `synthesis.b4.const` as `b4.const`. */
export function within(p: Parameters, prefix: string): Parameters {
  return { has: (name) => p.has(prefix + name), tensor: (name) => p.tensor(prefix + name) }
}

/** A float32 tensor's numbers. @throws StudioError `parameters.wrong-type` for any other type */
export function floats(p: Parameters, name: string): Float32Array {
  const { data, dtype } = p.tensor(name)
  if (data instanceof Float32Array) return data
  throw new StudioError('parameters.wrong-type', {
    where: name,
    what: `its numbers are ${dtype}, not float32`,
    todo: 'Import the checkpoint again.',
  })
}

/** Throws StudioError `parameters.wrong-shape` unless the tensor has exactly this shape. */
export function checkShape(p: Parameters, name: string, shape: readonly number[]): void {
  const found = p.tensor(name).shape
  if (found.length === shape.length && found.every((d, i) => d === shape[i])) return
  throw new StudioError('parameters.wrong-shape', {
    where: name,
    what: `its shape is [${found.join(', ')}], the architecture wants [${shape.join(', ')}]`,
    todo: 'Check that the file belongs to this kind of network.',
  })
}

function missing(name: string): StudioError {
  return new StudioError('parameters.missing', {
    where: name,
    what: 'the weights do not have this tensor',
    todo: 'Check that the file belongs to this kind of network and is complete.',
  })
}
