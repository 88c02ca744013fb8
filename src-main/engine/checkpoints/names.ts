import { numpyArray } from './pickle/numpy.ts'
import { field, Instance, type Plain } from './pickle/values.ts'
import { refuse } from './refuse.ts'
import type { ForeignTensor } from './tensors.ts'

/** Published files have some thousand; sharing can make a small file seem to have any number. */
const visitCap = 500_000
const depthCap = 40

/**
 * The tensors in plain data, by dotted names as torch's `state_dict` has them: keys, attributes and indices joined, `_parameters`, `_buffers` and
 * `_modules` of modules left out; TensorFlow's networks by the names of their variables. Errors: checkpoint.too-tangled, pickle.bad-array.
 */
export function namedTensors(root: Plain, where: string): Map<string, ForeignTensor> {
  const found = new Map<string, ForeignTensor>()
  const path = new Set<Plain>()
  let visits = 0

  const visit = (value: Plain, name: string): void => {
    if (typeof value !== 'object' || value === null) return
    const tensor = numpyArray(value, where)
    if (tensor) {
      found.set(name, tensor)
      return
    }
    // A part that contains itself has no new tensors to show.
    if (path.has(value) || path.size >= depthCap) return
    path.add(value)
    for (const [key, child] of children(value)) {
      if (++visits > visitCap)
        throw refuse(
          'checkpoint.too-tangled',
          where,
          'its parts contain each other over and over',
          'It was made to mislead; do not use it.',
        )
      visit(child, key === '' ? name : name === '' ? key : `${name}.${key}`)
    }
    path.delete(value)
  }
  visit(root, '')
  return found
}

const modules = new Set(['_parameters', '_buffers', '_modules'])

function* children(value: Plain): Generator<[string, Plain]> {
  if (value instanceof Map) {
    for (const [key, child] of value) if (typeof key === 'string' || typeof key === 'number') yield [String(key), child]
  } else if (Array.isArray(value)) {
    for (const [i, child] of (value as readonly Plain[]).entries()) yield [String(i), child]
  } else if (value instanceof Instance && value.className === 'dnnlib.tflib.network.Network') {
    yield* networkParts(value)
  } else if (value instanceof Instance && value.state instanceof Map) {
    for (const [key, child] of value.state) if (typeof key === 'string') yield [modules.has(key) ? '' : key, child]
  }
}

/** TensorFlow's networks: a list of (name, numbers) and parts of the same kind. */
function* networkParts(network: Instance): Generator<[string, Plain]> {
  const [variables, components] = [field(network, 'variables'), field(network, 'components')]
  if (Array.isArray(variables))
    for (const pair of variables as readonly Plain[])
      if (Array.isArray(pair) && typeof pair[0] === 'string') yield [pair[0], (pair as readonly Plain[])[1] ?? null]
  if (components instanceof Map) for (const [key, child] of components) if (typeof key === 'string') yield [key, child]
}
