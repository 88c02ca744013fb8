import { type Dim, type Shape, broadcast, mayEqual, over, plus, times } from './dims.ts'
import { axisOf } from './shapes-elementwise.ts'
import type { ShapeContext, ShapeRule } from './shapes.ts'

/** What was asked to be "to the end": ONNX takes any integer beyond the size. */
export const END = 2 ** 31 - 1

const known = (c: ShapeContext, i: number, what: string): number[] => c.integers(i) ?? c.fail(`${what} must be an initializer`)

const reshape: ShapeRule = (c) => {
  const x = c.need(0)
  const wanted = c.dims(1) ?? c.fail('the new shape must be an initializer')
  const shape: Dim[] = wanted.map((d, i) => (d === 0 ? (x.shape[i] ?? c.fail(`0 at ${i} has nothing to copy`)) : d))
  const free = shape.indexOf(-1)
  const rest = times(...shape.filter((_, i) => i !== free))
  const total = times(...x.shape)
  if (free >= 0)
    shape[free] =
      over(total, rest) ?? (typeof total === 'string' ? `?(${total}/${rest})` : c.fail(`${total} values do not divide by ${rest}`))
  else if (!mayEqual(total, rest)) c.fail(`[${shape.join(', ')}] does not hold as many values`)
  return { dtype: x.dtype, shape }
}

const transpose: ShapeRule = (c) => {
  const x = c.need(0)
  const perm = c.ints('perm') ?? x.shape.map((_, i) => x.shape.length - 1 - i)
  if ([...perm].sort((a, b) => a - b).join() !== x.shape.map((_, i) => i).join())
    c.fail(`[${perm.join(', ')}] is no permutation of its axes`)
  return { dtype: x.dtype, shape: perm.map((p) => x.shape[p]!) }
}

const concat: ShapeRule = (c) => {
  const first = c.need(0)
  const axis = axisOf(c, c.int('axis', 0), first.shape.length)
  const shape: Dim[] = [...first.shape]
  for (let i = 1; i < c.inputs.length; i++) {
    const x = c.need(i)
    const fits = x.dtype === first.dtype && x.shape.length === shape.length && x.shape.every((d, k) => k === axis || mayEqual(d, shape[k]!))
    if (!fits) c.fail(`input ${i} does not fit beside the first`)
    shape[axis] = plus(shape[axis]!, x.shape[axis]!)
  }
  return { dtype: first.dtype, shape }
}

const slice: ShapeRule = (c) => {
  const x = c.need(0)
  const [from, to] = [known(c, 1, 'starts'), known(c, 2, 'ends')]
  const axes = c.inputs[3] ? known(c, 3, 'axes') : from.map((_, i) => i)
  const steps = c.inputs[4] ? known(c, 4, 'steps') : from.map(() => 1)
  const shape: Dim[] = [...x.shape]
  axes.forEach((a, i) => {
    const axis = axisOf(c, a, shape.length)
    shape[axis] = sliced(shape[axis]!, from[i]!, to[i]!, steps[i]!)
  })
  return { dtype: x.dtype, shape }
}

function sliced(d: Dim, from: number, to: number, step: number): Dim {
  if (typeof d === 'number') {
    const place = (x: number, low: number, high: number) => Math.min(Math.max(x < 0 ? x + d : x, low), high)
    const [a, b] = step > 0 ? [place(from, 0, d), place(to, 0, d)] : [place(from, -1, d - 1), to < -d ? -1 : place(to, -1, d - 1)]
    return Math.max(0, Math.ceil((b - a) / step))
  }
  if (step === 1 && from >= 0 && to >= END) return plus(d, -from)
  if (step === 1 && from >= 0 && to < 0) return plus(d, to - from)
  if (step > 0 && from >= 0 && to > from && to < END) return Math.ceil((to - from) / step)
  if (step === -1 && from === -1 && to <= -END) return d
  return (step > 1 && from >= 0 && from < step && to >= END ? over(d, step) : undefined) ?? `(${d})[${from}:${to}:${step}]`
}

const gather: ShapeRule = (c) => {
  const [x, indices] = [c.need(0), c.need(1)]
  const axis = axisOf(c, c.int('axis', 0), x.shape.length)
  return { dtype: x.dtype, shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)] }
}

const split: ShapeRule = (c) => {
  const x = c.need(0)
  const axis = axisOf(c, c.int('axis', 0), x.shape.length)
  const total = x.shape[axis]!
  const part = over(total, c.outputs)
  const sizes: readonly Dim[] = c.inputs[1]
    ? known(c, 1, 'sizes')
    : new Array<Dim>(c.outputs).fill(part ?? c.fail('it does not split evenly'))
  if (sizes.length !== c.outputs || !mayEqual(sizes.reduce(plus, 0), total)) c.fail(`sizes [${sizes.join(', ')}] do not cover axis ${axis}`)
  return sizes.map((d) => ({ dtype: x.dtype, shape: x.shape.with(axis, d) }))
}

const expand: ShapeRule = (c) => {
  const x = c.need(0)
  return {
    dtype: x.dtype,
    shape: broadcast(x.shape, c.dims(1) ?? c.fail('the new shape must be an initializer')) ?? c.fail('it does not expand so'),
  }
}

const unsqueeze: ShapeRule = (c) => {
  const x = c.need(0)
  const given = known(c, 1, 'axes')
  const axes = new Set(given.map((a) => axisOf(c, a, x.shape.length + given.length)))
  const rest = [...x.shape]
  return { dtype: x.dtype, shape: Array.from({ length: x.shape.length + axes.size }, (_, i) => (axes.has(i) ? 1 : rest.shift()!)) }
}

const squeeze: ShapeRule = (c) => {
  const x = c.need(0)
  const given = c.inputs[1] ? known(c, 1, 'axes') : x.shape.flatMap((d, i) => (d === 1 ? [i] : []))
  const axes = new Set(given.map((a) => axisOf(c, a, x.shape.length)))
  for (const a of axes) if (!mayEqual(x.shape[a]!, 1)) c.fail(`axis ${a} is not 1`)
  return { dtype: x.dtype, shape: x.shape.filter((_, i) => !axes.has(i)) }
}

const flatten: ShapeRule = (c) => {
  const x = c.need(0)
  const axis = c.int('axis', 1)
  return { dtype: x.dtype, shape: [times(...x.shape.slice(0, axis)), times(...x.shape.slice(axis))] }
}

const pad: ShapeRule = (c) => {
  const x = c.need(0)
  const pads = known(c, 1, 'pads')
  const axes = c.inputs[3] ? known(c, 3, 'axes') : x.shape.map((_, i) => i)
  if (pads.length !== 2 * axes.length) c.fail(`${pads.length} pads do not fit ${axes.length} axes`)
  const shape: Dim[] = [...x.shape]
  axes.forEach((a, i) => (shape[axisOf(c, a, shape.length)] = plus(shape[a]!, pads[i]! + pads[i + axes.length]!)))
  return { dtype: x.dtype, shape }
}

const resize: ShapeRule = (c) => {
  const x = c.need(0)
  const axes = (c.ints('axes') ?? x.shape.map((_, i) => i)).map((a) => axisOf(c, a, x.shape.length))
  const shape: Dim[] = [...x.shape]
  if (c.inputs[3]) {
    known(c, 3, 'sizes').forEach((size, i) => (shape[axes[i]!] = size))
  } else {
    const scales = c.numbers(2) ?? c.fail('scales must be an initializer')
    scales.forEach((k, i) => (shape[axes[i]!] = scaled(shape[axes[i]!]!, k)))
  }
  return { dtype: x.dtype, shape }
}

function scaled(d: Dim, k: number): Dim {
  if (typeof d === 'number') return Math.floor(d * Math.fround(k))
  return Number.isInteger(k) ? times(d, k) : Number.isInteger(1 / k) ? (over(d, 1 / k) ?? `(${d}/${1 / k})`) : `(${d})^${k}`
}

const depthToSpace: ShapeRule = (c) => {
  const x = c.need(0)
  const b = c.int('blocksize', 1)
  const [n, channels, h, w] = x.shape as [Dim, Dim, Dim, Dim]
  return { dtype: x.dtype, shape: [n, over(channels, b * b) ?? c.fail(`channels do not divide by ${b * b}`), times(h, b), times(w, b)] }
}

const spaceToDepth: ShapeRule = (c) => {
  const x = c.need(0)
  const b = c.int('blocksize', 1)
  const [n, channels, h, w] = x.shape as [Dim, Dim, Dim, Dim]
  const part = (d: Dim) => over(d, b) ?? c.fail(`the picture does not divide by ${b}`)
  return { dtype: x.dtype, shape: [n, times(channels, b * b), part(h), part(w)] }
}

const gridSample: ShapeRule = (c) => {
  const [x, grid] = [c.need(0), c.need(1)]
  const shape: Shape = [...x.shape.slice(0, 2), ...grid.shape.slice(1, -1)]
  return { dtype: x.dtype, shape }
}

const range: ShapeRule = (c) => {
  const [from, to, step] = [c.numbers(0), c.numbers(1), c.numbers(2)]
  const length = from && to && step ? Math.max(0, Math.ceil((to[0]! - from[0]!) / step[0]!)) : '?range'
  return { dtype: c.need(0).dtype, shape: [length] }
}

export const layoutShapes: Readonly<Record<string, ShapeRule>> = {
  Reshape: reshape,
  Transpose: transpose,
  Concat: concat,
  Slice: slice,
  Gather: gather,
  GatherElements: (c) => ({ dtype: c.need(0).dtype, shape: c.need(1).shape }),
  Split: split,
  Expand: expand,
  Unsqueeze: unsqueeze,
  Squeeze: squeeze,
  Flatten: flatten,
  Pad: pad,
  Resize: resize,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  GridSample: gridSample,
  Shape: (c) => ({ dtype: 'int64', shape: [c.need(0).shape.length] }),
  Range: range,
}
