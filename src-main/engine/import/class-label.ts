import { StudioError } from '../../contract/errors.ts'
import { floatsOf } from '../checkpoints/tensors.ts'
import type { Weight, Weights } from './weights.ts'

/**
 * A conditional generator as the unconditional one that it is for one class: y = unit(E[:, class]/√C + e) is constant, so that its part of the first layer,
 * W_y·y, moves into the bias. NVIDIA's layer computes lr·(W·[z, y]/√(Z + Y) + b), ours lr·(W'·z/√Z + b').
 * Errors: import.needs-class (says how many there are), import.no-such-class.
 */
export function withClass(weights: Weights, label: number | undefined, where: string): { weights: Weights; notes: string[] } {
  const [embed, embedBias] = [weights.get('mapping.embed.weight'), weights.get('mapping.embed.bias')] // [Y,C], [Y]
  const [first, firstBias] = [weights.get('mapping.fc0.weight'), weights.get('mapping.fc0.bias')] // [W,Z+Y], [W]
  if (!embed || !embedBias || !first || !firstBias) {
    if (label === undefined) return { weights, notes: [] }
    throw new StudioError('import.no-such-class', { where, what: 'it has no classes', todo: 'Leave the class out.' })
  }
  const classes = embed.shape[1] ?? 0
  if (label === undefined)
    throw new StudioError('import.needs-class', {
      where,
      what: `it makes pictures of ${classes} classes`,
      todo: `Choose one of them, from 0 to ${classes - 1} (--class on the command line).`,
    })
  if (label >= classes)
    throw new StudioError('import.no-such-class', { where, what: `it has no class ${label}`, todo: `Choose one from 0 to ${classes - 1}.` })

  const [outputs = 0, inputs = 0] = first.shape
  const [numbers, offset] = [floatsOf(embed.read()), floatsOf(embedBias.read())]
  const y = Float64Array.from(offset, (b, i) => numbers[i * classes + label]! / Math.sqrt(classes) + b)
  const gain = 1 / Math.sqrt(y.reduce((sum, v) => sum + v * v, 0) / y.length + 1e-8)
  const z = inputs - y.length
  const rows = floatsOf(first.read())
  const weight = new Float32Array(outputs * z)
  const bias = Float32Array.from(floatsOf(firstBias.read()))
  for (let o = 0; o < outputs; o++) {
    const row = rows.subarray(o * inputs, (o + 1) * inputs)
    for (let i = 0; i < z; i++) weight[o * z + i] = row[i]! * Math.sqrt(z / inputs)
    bias[o]! += y.reduce((sum, v, i) => sum + v * gain * row[z + i]!, 0) / Math.sqrt(inputs)
  }
  const folded = new Map(weights)
  for (const name of ['mapping.embed.weight', 'mapping.embed.bias']) folded.delete(name)
  // NVIDIA's mean of w is that of all classes together.
  folded.delete('mapping.w_avg')
  folded.set('mapping.fc0.weight', fixed([outputs, z], weight))
  folded.set('mapping.fc0.bias', fixed([outputs], bias))
  return { weights: folded, notes: [`Of its ${classes} classes it is number ${label}, the others are left out.`] }
}

const fixed = (shape: readonly number[], data: Float32Array): Weight => ({
  dtype: 'float32',
  shape,
  read: () => ({ dtype: 'float32', shape, data }),
})
