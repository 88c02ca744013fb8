import type { Graph, Value } from '../../onnx/graph.ts'
import { type Rule, type RuleContext, expandLike } from '../rule.ts'

interface Window {
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  /** [top, left, bottom, right] */
  readonly pads: readonly number[]
  readonly group: number
}

function windowOf(c: RuleContext, kernel: readonly number[]): Window {
  if (kernel.length !== 2) c.refuse('only pictures with two axes are differentiated')
  return {
    kernel,
    strides: c.ints('strides') ?? [1, 1],
    dilations: c.ints('dilations') ?? [1, 1],
    pads: c.ints('pads') ?? [0, 0, 0, 0],
    group: c.number('group', 1),
  }
}

/** How far the kernel reaches: dilation·(k − 1) + 1. */
const reach = (w: Window): number[] => w.kernel.map((k, i) => w.dilations[i]! * (k - 1) + 1)

/** w [O, I/group, kH, kW] turned over and with inputs and outputs exchanged: [I, O/group, kH, kW]. */
function turned(c: RuleContext, g: Graph, w: Value, { kernel, group }: Window): Value {
  const [o, i] = c.sizes(w.shape.slice(0, 2)) as [number, number]
  let v = w
  kernel.forEach((k, axis) => {
    if (k > 1) v = g.slice(v, axis + 2, -1, -(2 ** 31) + 1, -1)
  })
  if (group === 1) return g.transpose(v, [1, 0, 2, 3])
  const split = g.transpose(g.reshape(v, [group, o / group, i, ...kernel]), [0, 2, 1, 3, 4])
  return g.reshape(split, [group * i, o / group, ...kernel])
}

/** Gradient of Conv by its picture x: the transposed convolution of dY. */
function byPicture(c: RuleContext, g: Graph, x: Value, w: Value, dY: Value, win: Window): Value {
  const far = reach(win)
  const { strides, dilations, pads, group } = win
  if (strides.every((s) => s === 1) && pads.every((p, i) => p < far[i % 2]!)) {
    // With stride 1 it is a plain convolution, several times faster than ConvTranspose on the processor.
    const around = pads.map((p, i) => far[i % 2]! - 1 - p)
    return g.conv(dY, turned(c, g, w, win), undefined, { pads: around, dilations, group })
  }
  const [sizes, outer] = [c.sizes(x.shape.slice(2)), c.sizes(dY.shape.slice(2))]
  const left = sizes.map((size, i) => size - ((outer[i]! - 1) * strides[i]! + far[i]! - pads[i]! - pads[i + 2]!))
  return g.convTranspose(dY, w, undefined, { strides, dilations, pads, group, outputPadding: left })
}

/**
 * Gradient of Conv by its weight: dW[o,i,a,b] = Σ dY[n,o,y,x]·X[n, i, y·s + a·d − p, x·s + b·d − p].
 * For each (a, b) that is one strided slice of X and one matrix product over all pixels of the batch.
 */
function byWeight(c: RuleContext, g: Graph, x: Value, dY: Value, { kernel, strides, dilations, pads, group }: Window): Value {
  const [o, i] = c.sizes([dY.shape[1]!, x.shape[1]!]) as [number, number]
  const [h, w] = c.sizes(dY.shape.slice(2)) as [number, number]
  const [top, left, bottom, right] = pads as [number, number, number, number]
  const last = g.transpose(x, [0, 2, 3, 1]) // [N,H,W,I]
  const padded = pads.some((p) => p !== 0) ? g.pad(last, [0, top, left, 0, 0, bottom, right, 0]) : last
  const d = g.reshape(g.transpose(dY, [1, 0, 2, 3]), group === 1 ? [o, -1] : [group, o / group, -1]) // [O, N·h·w]
  const products: Value[] = []
  for (let a = 0; a < kernel[0]!; a++) {
    for (let b = 0; b < kernel[1]!; b++) {
      const rows = g.slice(padded, 1, a * dilations[0]!, a * dilations[0]! + (h - 1) * strides[0]! + 1, strides[0])
      const window = g.slice(rows, 2, b * dilations[1]!, b * dilations[1]! + (w - 1) * strides[1]! + 1, strides[1])
      const pixels = group === 1 ? g.reshape(window, [-1, i]) : g.transpose(g.reshape(window, [-1, group, i / group]), [1, 0, 2])
      products.push(g.reshape(g.matmul(d, pixels), [o, i / group, 1]))
    }
  }
  return g.reshape(g.concat(products, 2), [o, i / group, ...kernel])
}

const biasOf = (c: RuleContext, g: Graph) => () => g.reduceSum(c.dY, [0, 2, 3], false)

const conv: Rule = (c, g) => {
  const [x, w] = [c.x(0), c.x(1)]
  const win = windowOf(c, c.sizes(w.shape.slice(2)))
  return [() => byPicture(c, g, x, w, c.dY, win), () => byWeight(c, g, x, c.dY, win), biasOf(c, g)]
}

/** The transpose of Conv: the parts that x and dY play are exchanged. */
const convTranspose: Rule = (c, g) => {
  const [x, w] = [c.x(0), c.x(1)]
  const win = windowOf(c, c.sizes(w.shape.slice(2)))
  const { strides, dilations, pads, group } = win
  return [() => g.conv(c.dY, w, undefined, { strides, dilations, pads, group }), () => byWeight(c, g, c.dY, x, win), biasOf(c, g)]
}

/** Every pixel of a window gets its share of dY: a depthwise transposed convolution with ones. */
const averagePool: Rule = (c, g) => {
  const x = c.x(0)
  const kernel = c.ints('kernel_shape')!
  if (c.number('ceil_mode', 0) === 1) c.refuse('ceil_mode is not differentiated')
  const channels = c.sizes([x.shape[1]!])[0]!
  const win: Window = { ...windowOf(c, kernel), group: channels }
  const area = kernel[0]! * kernel[1]!
  return [
    () => {
      const ones = (n: number) => g.constant(new Array<number>(n * area).fill(1 / area), [n, 1, ...kernel])
      if (win.pads.every((p) => p === 0) || c.number('count_include_pad', 0) === 1) return byPicture(c, g, x, ones(channels), c.dY, win)
      // Padding does not count: divide by the part of each window that lies on the picture.
      const picture = g.constant(new Array<number>(c.sizes(x.shape.slice(2)).reduce((a, b) => a * b)).fill(1), [
        1,
        1,
        ...c.sizes(x.shape.slice(2)),
      ])
      const covered = g.conv(picture, ones(1), undefined, { strides: win.strides, pads: win.pads })
      return byPicture(c, g, x, ones(channels), g.div(c.dY, covered), win)
    },
  ]
}

const globalAveragePool: Rule = (c, g) => {
  const x = c.x(0)
  const area = c.sizes(x.shape.slice(2)).reduce((a, b) => a * b, 1)
  return [() => expandLike(g, g.mul(1 / area, c.dY), x)]
}

export const convolutionRules: Readonly<Record<string, Rule>> = {
  Conv: conv,
  ConvTranspose: convTranspose,
  AveragePool: averagePool,
  GlobalAveragePool: globalAveragePool,
}
