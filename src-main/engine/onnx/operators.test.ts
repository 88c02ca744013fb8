import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { cpu } from '../runtime/devices.ts'
import { Random } from '../runtime/random.ts'
import { createSession } from '../runtime/session.ts'
import type { Dim, Shape } from './dims.ts'
import { Graph, type Value } from './graph.ts'
import { type DType, type TensorData, float32, int64, tensor } from './tensor.ts'

type Inputs = Record<string, Shape | readonly [DType, Shape]>
type Case = readonly [name: string, inputs: Inputs, build: (g: Graph, v: Record<string, Value>) => Value | Value[]]

const X: Inputs = { x: ['N', 4, 6, 8] }
const unary = (name: string, build: (g: Graph, x: Value) => Value | Value[]): Case => [name, X, (g, v) => build(g, v.x!)]
const ones = (g: Graph, n: number) => g.constant(new Array<number>(n).fill(1))

/** N is 2 and M is 3 when the graphs run. Every operator that the builder has a method for is here. */
const CASES: readonly Case[] = [
  ...(
    [
      'neg',
      'abs',
      'sign',
      'exp',
      'log',
      'sqrt',
      'rsqrt',
      'square',
      'reciprocal',
      'tanh',
      'sigmoid',
      'erf',
      'sin',
      'cos',
      'floor',
      'relu',
      'softplus',
    ] as const
  ).map((name) => unary(name, (g, x) => g[name](x))),
  ...(['add', 'sub', 'mul', 'div', 'pow', 'min', 'max', 'equal', 'greater', 'less'] as const).map((name): Case => [
    name,
    { a: ['N', 3, 4], b: ['M', 1] },
    (g, v) => (name === 'equal' ? g.equal(v.a!, v.a!) : g[name](v.a!, v.b!)),
  ]),
  unary('numbers', (g, x) => g.add(1, g.mul(g.sub(2, x), 3))),
  unary('leakyRelu', (g, x) => g.leakyRelu(x, 0.2)),
  unary('clip', (g, x) => g.clip(g.clip(x, 0.1), undefined, 0.7)),
  unary('where and not', (g, x) => g.where(g.not(g.greater(x, 0.5)), x, 7)),
  unary('cast', (g, x) => g.cast(g.cast(x, 'float16'), 'int64')),
  unary('reduceSum', (g, x) => g.reduceSum(x, [1, -1])),
  unary('reduceMean', (g, x) => g.reduceMean(x, [2, 3], false)),
  unary('reduceMax', (g, x) => g.reduceMax(x)),
  unary('reduceMin', (g, x) => g.reduceMin(x, [0], false)),
  unary('argMax', (g, x) => g.argMax(x, -1, false)),
  unary('cumSum', (g, x) => g.cumSum(x, 2)),
  unary('softmax', (g, x) => g.softmax(x, 1)),
  unary('logSoftmax', (g, x) => g.logSoftmax(x, -1)),
  ['matmul', { a: ['N', 1, 4, 5], b: [3, 5, 2] }, (g, v) => g.matmul(v.a!, v.b!)],
  ['gemm', { a: [5, 'N'], b: [3, 5], c: [3] }, (g, v) => g.gemm(v.a!, v.b!, v.c, { transA: true, transB: true, alpha: 0.5, beta: 2 })],
  [
    'conv',
    { ...X, w: [6, 2, 3, 2], b: [6] },
    (g, v) => g.conv(v.x!, v.w!, v.b, { strides: 2, pads: [1, 0, 2, 1], group: 2, dilations: [2, 1] }),
  ],
  ['conv on any size', { x: ['N', 4, 'H', 'W'], w: [6, 4, 3, 3] }, (g, v) => g.conv(v.x!, v.w!, undefined, { pads: 1 })],
  ['conv halving any size', { x: ['N', 4, 'H', 'W'], w: [6, 4, 4, 4] }, (g, v) => g.conv(v.x!, v.w!, undefined, { pads: 1, strides: 2 })],
  [
    'convTranspose',
    { ...X, w: [4, 3, 3, 3], b: [6] },
    (g, v) => g.convTranspose(v.x!, v.w!, v.b, { strides: 2, pads: [1, 0, 1, 1], outputPadding: [1, 0], group: 2 }),
  ],
  unary('averagePool', (g, x) => g.averagePool(x, { kernel: 3, strides: 2, pads: 1, ceilMode: true })),
  unary('maxPool', (g, x) => g.maxPool(x, { kernel: [2, 3], strides: 2 })),
  unary('globalAveragePool', (g, x) => g.globalAveragePool(x)),
  unary('layerNormalization', (g, x) => g.layerNormalization(x, ones(g, 8), g.constant([1, 2, 3, 4, 5, 6, 7, 8]))),
  unary('instanceNormalization', (g, x) => g.instanceNormalization(x, ones(g, 4), ones(g, 4))),
  unary('groupNormalization', (g, x) => g.groupNormalization(x, 2, ones(g, 4), ones(g, 4))),
  ['einsum', { a: ['N', 4, 6], b: ['N', 4] }, (g, v) => g.einsum('nch,nc->nh', v.a!, v.b!)],
  unary('reshape', (g, x) => g.reshape(g.reshape(x, [-1, 6, 8]), ['N', 2, 2, 48])),
  unary('transpose', (g, x) => g.transpose(x, [0, 2, 3, 1])),
  unary('concat', (g, x) => g.concat([x, g.slice(x, 3, 2, 5), x], 3)),
  unary('concat of batches', (g, x) => g.concat([x, x, g.slice(x, 0, 0, 1)], 0)),
  unary('slice', (g, x) => g.slice(g.slice(g.slice(x, 2, -1, -7, -2), 3, 1, -1), 1, 0, 99, 3)),
  unary('gather', (g, x) => g.gather(g.gather(x, 2, 1), [3, 0, 0], -1)),
  ['gatherElements', { x: ['N', 4], i: ['int64', ['N', 2]] }, (g, v) => g.gatherElements(v.x!, v.i!, 1)],
  unary('split', (g, x) => g.split(x, 1, [1, 3])),
  ['expand', { x: ['N', 1, 3] }, (g, v) => g.expand(v.x!, [2, 1, 4, 1])],
  unary('unsqueeze and squeeze', (g, x) => g.squeeze(g.unsqueeze(x, [0, -1, 2]), [0])),
  unary('flatten', (g, x) => g.flatten(x, 2)),
  unary('pad', (g, x) => g.pad(g.pad(x, [0, 0, 1, 2, 0, 0, 3, -4], 'constant', 5), [0, 0, 1, 1, 0, 0, 1, 1], 'reflect')),
  unary('resize by scales', (g, x) => g.resize(x, { scales: [0.5, 1.3] })),
  unary('resize to sizes', (g, x) => g.resize(x, { sizes: [5, 11], mode: 'cubic', antialias: true, cubicCoeffA: -0.5 })),
  unary('resize nearest', (g, x) => g.resize(x, { scales: [2, 2], mode: 'nearest', coordinates: 'asymmetric' })),
  ['resize of any size', { x: ['N', 1, 'H', 'W'] }, (g, v) => g.resize(v.x!, { scales: [2, 0.5] })],
  unary('depthToSpace', (g, x) => g.depthToSpace(x, 2, 'CRD')),
  unary('spaceToDepth', (g, x) => g.spaceToDepth(x, 2)),
  unary('trilu', (g, x) => g.trilu(x, { upper: false, k: 1 })),
  ['gridSample', { ...X, p: ['N', 5, 7, 2] }, (g, v) => g.gridSample(v.x!, v.p!)],
  unary('shape', (g, x) => g.shape(x)),
  unary('range', (g) => g.range(1, 8, 3)),
]

const SIZES: Record<string, number> = { N: 2, M: 3, H: 10, W: 12 }

/** A dimension when the graph runs: '2*N' and '(2*N+1)' are arithmetic. */
const actual = (d: Dim): number => {
  if (typeof d === 'number') return d
  const arithmetic = d.replace(/[A-Z]/g, (name) => String(SIZES[name]))
  expect(arithmetic).toMatch(/^[\d+*/()-]+$/)
  return Number(runInNewContext(arithmetic))
}

function feed(random: Random, dtype: DType, shape: readonly number[]): TensorData {
  const n = shape.reduce((a, b) => a * b, 1)
  if (dtype === 'int64')
    return int64(
      shape,
      Array.from({ length: n }, () => random.integer(2)),
    )
  if (dtype === 'bool')
    return tensor(
      'bool',
      shape,
      Uint8Array.from({ length: n }, () => random.integer(2)),
    )
  return float32(
    shape,
    Float32Array.from({ length: n }, () => 0.1 + random.uniform()),
  )
}

describe('shape inference says what the runtime returns', () => {
  test.each(CASES)('%s', async (name, inputs, build) => {
    const g = new Graph(name)
    const random = new Random(7)
    const values: Record<string, Value> = {}
    const feeds: Record<string, TensorData> = {}
    for (const [key, given] of Object.entries(inputs)) {
      const [dtype, shape] =
        given.length === 2 && Array.isArray(given[1]) ? (given as readonly [DType, Shape]) : (['float32', given as Shape] as const)
      values[key] = g.input(key, shape, dtype)
      feeds[key] = feed(random, dtype, shape.map(actual))
    }
    const results = [build(g, values)].flat()
    results.forEach((r, i) => g.output(`out${i}`, r))
    const session = await createSession(g, cpu(1))
    const out = await session.run(feeds)
    results.forEach((r, i) => {
      expect(out[`out${i}`]!.dtype).toBe(r.dtype)
      expect(out[`out${i}`]!.shape, `inferred [${r.shape.join(', ')}]`).toEqual(r.shape.map(actual))
    })
    await session.release()
  })
})
