import { type Dim, type Shape, broadcast, mayEqual, plus, times, windows } from './dims.ts'
import type { ShapeContext, ShapeRule, Typed } from './shapes.ts'

const matmul: ShapeRule = (c) => {
  const [a, b] = [c.need(0), c.need(1)]
  if (a.dtype !== b.dtype) c.fail('types differ')
  const left: Shape = a.shape.length === 1 ? [1, ...a.shape] : a.shape
  const right: Shape = b.shape.length === 1 ? [...b.shape, 1] : b.shape
  if (left.length < 2 || right.length < 2) c.fail('a scalar has no matrix product')
  if (!mayEqual(left.at(-1)!, right.at(-2)!)) c.fail('inner dimensions differ')
  const batch = broadcast(left.slice(0, -2), right.slice(0, -2)) ?? c.fail('batch dimensions do not broadcast')
  const rows = a.shape.length === 1 ? [] : [left.at(-2)!]
  const columns = b.shape.length === 1 ? [] : [right.at(-1)!]
  return { dtype: a.dtype, shape: [...batch, ...rows, ...columns] }
}

const gemm: ShapeRule = (c) => {
  const [a, b, bias] = [c.need(0), c.need(1), c.inputs[2]]
  if (a.shape.length !== 2 || b.shape.length !== 2) c.fail('Gemm takes matrices')
  if (a.dtype !== b.dtype || (bias && bias.dtype !== a.dtype)) c.fail('types differ')
  const [m, k] = c.int('transA', 0) ? [a.shape[1]!, a.shape[0]!] : [a.shape[0]!, a.shape[1]!]
  const [inner, n] = c.int('transB', 0) ? [b.shape[1]!, b.shape[0]!] : [b.shape[0]!, b.shape[1]!]
  if (!mayEqual(k, inner)) c.fail('inner dimensions differ')
  const shape: Shape = [m, n]
  if (bias && broadcast(bias.shape, shape)?.join() !== shape.join()) c.fail('the third input does not broadcast to the product')
  return { dtype: a.dtype, shape }
}

interface Window {
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  /** Begin of every axis, then the end of every axis. */
  readonly pads: readonly number[]
}

function windowOf(c: ShapeContext, kernel: readonly number[]): Window {
  const rank = kernel.length
  const of = (name: string, length: number, otherwise: number) => {
    const values = c.ints(name) ?? new Array<number>(length).fill(otherwise)
    return values.length === length ? values : c.fail(`${name} has ${values.length} entries, not ${length}`)
  }
  if (c.text('auto_pad', 'NOTSET') !== 'NOTSET') c.fail('auto_pad is not supported, give pads')
  return { kernel, strides: of('strides', rank, 1), dilations: of('dilations', rank, 1), pads: of('pads', 2 * rank, 0) }
}

function slide(spatial: Shape, { kernel, strides, dilations, pads }: Window, ceil = false): Dim[] {
  return spatial.map((d, i) => {
    const reach = dilations[i]! * (kernel[i]! - 1) + 1
    return windows(d, pads[i]! + pads[i + kernel.length]! - reach, strides[i]!, ceil)
  })
}

function convolution(c: ShapeContext): { x: Typed; w: Shape; kernel: number[]; group: number } {
  const [x, w, bias] = [c.need(0), c.need(1), c.inputs[2]]
  if (x.dtype !== w.dtype || (bias && bias.dtype !== x.dtype)) c.fail('types differ')
  if (x.shape.length < 3 || x.shape.length !== w.shape.length) c.fail('the kernel and the picture have different ranks')
  const kernel = w.shape.slice(2).map((d) => (typeof d === 'number' ? d : c.fail('the kernel size must be known')))
  return { x, w: w.shape, kernel, group: c.int('group', 1) }
}

const conv: ShapeRule = (c) => {
  const { x, w, kernel, group } = convolution(c)
  if (!mayEqual(x.shape[1]!, times(w[1]!, group))) c.fail(`the kernel takes ${w[1]} × ${group} channels`)
  if (typeof w[0] === 'number' && w[0] % group !== 0) c.fail(`${w[0]} outputs do not divide into ${group} groups`)
  if (c.inputs[2] && c.inputs[2].shape.join() !== String(w[0])) c.fail('the bias does not fit the outputs')
  const out = slide(x.shape.slice(2), windowOf(c, kernel))
  if (out.some((d) => typeof d === 'number' && d < 1)) c.fail('the picture is smaller than the kernel')
  return { dtype: x.dtype, shape: [x.shape[0]!, w[0]!, ...out] }
}

const convTranspose: ShapeRule = (c) => {
  const { x, w, kernel, group } = convolution(c)
  if (!mayEqual(x.shape[1]!, w[0]!)) c.fail(`the kernel takes ${w[0]} channels`)
  const channels = times(w[1]!, group)
  if (c.inputs[2] && c.inputs[2].shape.join() !== String(channels)) c.fail('the bias does not fit the outputs')
  const { strides, dilations, pads } = windowOf(c, kernel)
  const extra = c.ints('output_padding') ?? kernel.map(() => 0)
  const out = x.shape.slice(2).map((d, i) => {
    const add = extra[i]! + dilations[i]! * (kernel[i]! - 1) + 1 - pads[i]! - pads[i + kernel.length]!
    return plus(times(d, strides[i]!), add - strides[i]!)
  })
  return { dtype: x.dtype, shape: [x.shape[0]!, channels, ...out] }
}

const pool: ShapeRule = (c) => {
  const x = c.need(0)
  const kernel = c.ints('kernel_shape') ?? c.fail('kernel_shape is missing')
  if (x.shape.length !== kernel.length + 2) c.fail('the kernel and the picture have different ranks')
  return { dtype: x.dtype, shape: [...x.shape.slice(0, 2), ...slide(x.shape.slice(2), windowOf(c, kernel), c.int('ceil_mode', 0) === 1)] }
}

const globalPool: ShapeRule = (c) => {
  const x = c.need(0)
  return { dtype: x.dtype, shape: x.shape.map((d, i) => (i < 2 ? d : 1)) }
}

/** Normalisations keep the shape; scale and bias hold one value a channel (axis 1). */
const channelNorm: ShapeRule = (c) => {
  const x = c.need(0)
  for (const p of c.inputs.slice(1))
    if (p && !(p.shape.length === 1 && mayEqual(p.shape[0]!, x.shape[1]!))) c.fail('a parameter does not fit the channels')
  return x
}

const layerNorm: ShapeRule = (c) => {
  const x = c.need(0)
  const axis = c.int('axis', -1)
  const tail = x.shape.slice(axis)
  for (const p of c.inputs.slice(1))
    if (p && broadcast(p.shape, tail)?.join() !== tail.join()) c.fail('a parameter does not fit the normalised axes')
  const shape = x.shape.map((d, i) => (i >= (axis < 0 ? axis + x.shape.length : axis) ? 1 : d))
  return [x, { dtype: 'float32', shape } as const, { dtype: 'float32', shape } as const].slice(0, c.outputs)
}

/** Equations with an explicit output and no ellipsis. */
const einsum: ShapeRule = (c) => {
  const [left, right] = c.text('equation', '').replaceAll(' ', '').split('->')
  if (left === undefined || right === undefined) return c.fail('the equation needs "->"')
  const sizes = new Map<string, Dim>()
  left.split(',').forEach((letters, i) => {
    if (letters.length !== c.need(i).shape.length) c.fail(`"${letters}" does not fit input ${i}`)
    ;[...letters].forEach((letter, axis) => {
      const d = c.need(i).shape[axis]!
      if (!mayEqual(sizes.get(letter) ?? d, d)) c.fail(`"${letter}" has two sizes`)
      if (typeof (sizes.get(letter) ?? '') === 'string') sizes.set(letter, d)
    })
  })
  return { dtype: c.need(0).dtype, shape: [...right].map((letter) => sizes.get(letter) ?? c.fail(`"${letter}" is on the right only`)) }
}

export const linearShapes: Readonly<Record<string, ShapeRule>> = {
  MatMul: matmul,
  Gemm: gemm,
  Conv: conv,
  ConvTranspose: convTranspose,
  AveragePool: pool,
  MaxPool: pool,
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
  BatchNormalization: channelNorm,
  InstanceNormalization: channelNorm,
  LayerNormalization: layerNorm,
  Einsum: einsum,
}
