import type { Graph, Value } from '../../onnx/graph.ts'
import { type Rule, type RuleContext, expandLike, negativeAxes, reshapeLike } from '../rule.ts'

const END = 2 ** 31 - 1

/** Zeros before and after along one axis; negative numbers crop. */
function padAxis(g: Graph, v: Value, axis: number, before: number, after: number): Value {
  const rank = v.shape.length
  const pads = new Array<number>(2 * rank).fill(0)
  pads[axis] = before
  pads[axis + rank] = after
  return before === 0 && after === 0 ? v : g.pad(v, pads)
}

const reshape: Rule = (c, g) => [() => reshapeLike(g, c.dY, c.x(0))]

const transpose: Rule = (c, g) => {
  const perm = c.ints('perm') ?? c.x(0).shape.map((_, i) => c.x(0).shape.length - 1 - i)
  return [() => g.transpose(c.dY, invert(perm))]
}

const invert = (perm: readonly number[]): number[] => perm.map((_, i) => perm.indexOf(i))

const concat: Rule = (c, g) => {
  const rank = c.y.shape.length
  const axis = negativeAxes([c.number('axis', 0)], rank)[0]!
  let start = 0
  return c.node.inputs.map((input) => {
    // All but the last part need their sizes, since that is where the next begins.
    const from = start
    const size = input!.shape[axis]!
    start = typeof size === 'number' ? start + size : NaN
    return () =>
      typeof size === 'number' && !Number.isNaN(from)
        ? g.slice(c.dY, axis, from, from + size)
        : c.refuse('sizes along the axis must be known')
  })
}

const split: Rule = (c, g) => {
  const axis = c.number('axis', 0)
  return [
    () =>
      g.concat(
        c.node.outputs.map((o, i) => c.dYs[i] ?? expandLike(g, g.constant(0), o)),
        axis,
      ),
  ]
}

/** dY goes back to where the slice took it from, zeros elsewhere; axis by axis. */
const slice: Rule = (c, g) => {
  const x = c.x(0)
  const rank = x.shape.length
  const [from, axes, steps] = [c.numbers(1), c.numbers(3), c.numbers(4)]
  return [
    () => {
      let v = c.dY
      negativeAxes(axes ?? from!.map((_, i) => i), rank).forEach((axis, i) => {
        v = unslice(c, g, v, { axis, from: from![i]!, step: steps?.[i] ?? 1 })
      })
      return v
    },
  ]
}

function unslice(c: RuleContext, g: Graph, dY: Value, { axis, from, step }: { axis: number; from: number; step: number }): Value {
  if (c.x(0).shape[axis] === c.y.shape[axis] && step === 1) return dY
  const [size, length] = c.sizes([c.x(0).shape[axis]!, c.y.shape[axis]!]) as [number, number]
  const stride = Math.abs(step)
  const begin = from < 0 ? Math.max(from + size, 0) : Math.min(from, step < 0 ? size - 1 : size)
  const first = step < 0 ? begin - (length - 1) * stride : begin
  const ordered = step < 0 ? g.slice(dY, axis, -1, -END, -1) : dY
  // stride − 1 zeros after each element, of which the last ones may reach beyond the end.
  const spread = stride === 1 ? ordered : spreadOut(g, ordered, axis, stride, length)
  return padAxis(g, spread, axis, first, size - first - length * stride)
}

function spreadOut(g: Graph, v: Value, axis: number, stride: number, length: number): Value {
  const apart = padAxis(g, g.unsqueeze(v, [axis + 1]), axis + 1, 0, stride - 1)
  return g.reshape(
    apart,
    v.shape.map((d, i) => (i === axis ? length * stride : typeof d === 'string' ? (i < axis ? 0 : -1) : d)),
  )
}

/** Rows that were taken several times add up: dX = onehotᵀ·dY, a product, so that it is the same on every device. */
const gather: Rule = (c, g) => {
  const [x, indices] = [c.x(0), c.x(1)]
  const rank = x.shape.length
  const axis = negativeAxes([c.number('axis', 0)], rank)[0]!
  const size = c.sizes([x.shape[axis]!])[0]!
  return [
    () => {
      const rows = g.where(g.less(indices, 0), g.add(indices, size), indices)
      const oneHot = g.cast(g.equal(g.reshape(rows, [-1, 1]), g.range(0, size)), 'float32') // [K,size]
      const taken = Array.from({ length: indices.shape.length }, (_, i) => axis + i)
      const others = c.y.shape.flatMap((_, i) => (i < axis || i >= axis + taken.length ? [i] : []))
      const rest = x.shape.filter((_, i) => i !== axis)
      const flat = rowsFirst(c, g, g.transpose(c.dY, [...taken, ...others]), indices) // [K,rest]
      const summed = g.gemm(oneHot, flat, undefined, { transA: true }) // [size,rest]
      const unflat = g.reshape(summed, [size, ...rest.map((d) => (typeof d === 'string' ? -1 : d))])
      return g.transpose(unflat, invert([axis, ...Array.from({ length: rank }, (_, i) => i).filter((i) => i !== axis)]))
    },
  ]
}

function rowsFirst(c: RuleContext, g: Graph, v: Value, indices: Value): Value {
  const fixed = indices.shape.every((d) => typeof d === 'number')
  if (fixed) return g.reshape(v, [c.sizes(indices.shape).reduce((a, b) => a * b, 1), -1])
  const rest = c.sizes(v.shape.slice(indices.shape.length)).reduce((a, b) => a * b, 1)
  return g.reshape(v, [-1, rest])
}

/** Constant padding comes off again (and cropping is filled with zeros). */
const pad: Rule = (c, g) => {
  if (c.text('mode', 'constant') !== 'constant') c.refuse(`padding by ${c.text('mode', '')} is not differentiated`)
  const pads = c.numbers(1)!
  return [
    () =>
      g.pad(
        c.dY,
        pads.map((p) => -p),
      ),
  ]
}

/** [N, C·b², H, W] ← [N, C, H·b, W·b], by the same axes as the forward operator. */
const depthToSpace: Rule = (c, g) => {
  const b = c.number('blocksize', 1)
  const [channels, h, w] = c.sizes(c.x(0).shape.slice(1)) as [number, number, number]
  const crd = c.text('mode', 'DCR') === 'CRD'
  return [
    () => {
      const apart = g.reshape(c.dY, [-1, channels / (b * b), h, b, w, b]) // N C h i w j
      const order = crd ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4]
      return g.reshape(g.transpose(apart, order), [-1, channels, h, w])
    },
  ]
}

const spaceToDepth: Rule = (c, g) => [() => g.depthToSpace(c.dY, c.number('blocksize', 1), 'DCR')]

/** Runs of sums from the other end. */
const cumSum: Rule = (c, g) => {
  const axis = c.numbers(1)?.[0] ?? c.refuse('the axis must be an initializer')
  const turn = (v: Value) => g.slice(v, axis, -1, -END, -1)
  return [() => turn(g.cumSum(turn(c.dY), axis))]
}

const trilu: Rule = (c, g) => [() => g.trilu(c.dY, { upper: c.number('upper', 1) === 1, k: c.numbers(1)?.[0] ?? 0 })]

export const layoutRules: Readonly<Record<string, Rule>> = {
  Reshape: reshape,
  Flatten: reshape,
  Squeeze: reshape,
  Unsqueeze: reshape,
  Expand: (c) => [() => c.dY],
  Transpose: transpose,
  Concat: concat,
  Split: split,
  Slice: slice,
  Gather: gather,
  Pad: pad,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  CumSum: cumSum,
  Trilu: trilu,
}
