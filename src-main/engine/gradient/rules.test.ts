import { expect, test } from 'vitest'
import type { Graph, Value } from '../onnx/graph.ts'
import { type VjpCase, vjp } from './testing/finite-differences.ts'
import { RULES } from './rules/table.ts'

type Inputs = VjpCase['inputs']
type Case = readonly [operator: string, what: string, inputs: Inputs, build: VjpCase['build'], positive?: 'positive']

const X: Inputs = { x: ['N', 4, 6, 8] }
const on = (operator: string, what: string, build: (g: Graph, x: Value) => Value | Value[], positive?: 'positive'): Case => [
  operator,
  what,
  { x: ['N', 4, 6, 5] },
  (g, v) => build(g, v.x!),
  positive,
]
const AB: Inputs = { a: ['N', 3, 4], b: [3, 1] }
const MASK = (g: Graph, x: Value) => g.greater(x, 0.3)

const CASES: readonly Case[] = [
  ['Identity', '', X, (g, v) => g.op('Identity', [v.x!])],
  ['Add', 'broadcast', AB, (g, v) => g.add(v.a!, v.b!)],
  ['Sub', 'broadcast', AB, (g, v) => g.sub(v.b!, v.a!)],
  ['Mul', 'broadcast', AB, (g, v) => g.mul(v.a!, v.b!)],
  ['Mul', 'of itself', AB, (g, v) => g.mul(g.square(v.a!), g.square(v.b!))],
  ['Div', 'broadcast', AB, (g, v) => g.div(v.a!, v.b!), 'positive'],
  ['Pow', 'square', AB, (g, v) => g.mul(g.pow(v.a!, 2), v.b!)],
  ['Pow', 'by a number', AB, (g, v) => g.mul(g.pow(v.a!, -1.5), v.b!), 'positive'],
  ['Pow', 'by a value', AB, (g, v) => g.pow(v.a!, v.b!), 'positive'],
  ['Max', '', AB, (g, v) => g.max(v.a!, v.b!)],
  ['Min', '', AB, (g, v) => g.min(v.a!, v.b!)],
  on('Neg', '', (g, x) => g.neg(x)),
  on('Abs', '', (g, x) => g.abs(x)),
  on('Exp', '', (g, x) => g.exp(x)),
  on('Log', '', (g, x) => g.log(x), 'positive'),
  on('Sqrt', '', (g, x) => g.sqrt(x), 'positive'),
  on('Reciprocal', '', (g, x) => g.rsqrt(x), 'positive'),
  on('Tanh', '', (g, x) => g.tanh(x)),
  on('Sigmoid', '', (g, x) => g.sigmoid(x)),
  on('Softplus', '', (g, x) => g.softplus(x)),
  on('Erf', '', (g, x) => g.erf(x)),
  on('Sin', '', (g, x) => g.sin(x)),
  on('Cos', '', (g, x) => g.cos(x)),
  on('Relu', '', (g, x) => g.relu(x)),
  on('LeakyRelu', '', (g, x) => g.leakyRelu(x, 0.2)),
  on('Clip', 'on both sides', (g, x) => g.clip(x, -0.5, 0.8)),
  on('Clip', 'on one side', (g, x) => g.clip(x, undefined, 0.8)),
  ['Where', 'broadcast', AB, (g, v) => g.where(MASK(g, v.a!), v.a!, v.b!)],
  on('Cast', 'to float32', (g, x) => g.op('Cast', [x], { to: 1 })),

  on('ReduceSum', '', (g, x) => g.reduceSum(x, [1, -1])),
  on('ReduceSum', 'without the axis', (g, x) => g.reduceSum(x, [2], false)),
  on('ReduceSum', 'of everything', (g, x) => g.reduceSum(x, undefined, false)),
  on('ReduceMean', '', (g, x) => g.reduceMean(x, [2, 3], false)),
  on('ReduceMean', 'of a batch', (g, x) => g.reduceMean(x, [0, 1])),
  on('ReduceMax', '', (g, x) => g.reduceMax(x, [1], false)),
  on('ReduceMin', '', (g, x) => g.reduceMin(x, [-1])),
  on('Softmax', '', (g, x) => g.softmax(x, 1)),
  on('LogSoftmax', '', (g, x) => g.logSoftmax(x, -1)),

  ['MatMul', 'batch and matrix', { a: ['N', 3, 4], b: [4, 5] }, (g, v) => g.matmul(v.a!, v.b!)],
  ['MatMul', 'matrix and batch', { a: [3, 4], b: ['N', 4, 5] }, (g, v) => g.matmul(v.a!, v.b!)],
  ['MatMul', 'broadcast batches', { a: ['N', 1, 3, 4], b: [2, 4, 5] }, (g, v) => g.matmul(v.a!, v.b!)],
  ['MatMul', 'matrices', { a: ['N', 4], b: [4, 5] }, (g, v) => g.matmul(v.a!, v.b!)],
  ...[0, 1, 2, 3].map((t): Case => [
    'Gemm',
    `transposed ${t}`,
    { a: t & 1 ? [4, 'N'] : ['N', 4], b: t & 2 ? [5, 4] : [4, 5], c: [5] },
    (g, v) => g.gemm(v.a!, v.b!, v.c, { transA: (t & 1) > 0, transB: (t & 2) > 0, alpha: 0.7, beta: 1.3 }),
  ]),
  ['Einsum', '', { a: ['N', 4, 6], b: ['N', 4] }, (g, v) => g.einsum('nch,nc->nh', v.a!, v.b!)],

  ['Conv', 'same size', { ...X, w: [6, 4, 3, 3], b: [6] }, (g, v) => g.conv(v.x!, v.w!, v.b, { pads: 1 })],
  ['Conv', '1 × 1', { ...X, w: [6, 4, 1, 1] }, (g, v) => g.conv(v.x!, v.w!)],
  ['Conv', 'strided, unequal', { ...X, w: [6, 4, 3, 2] }, (g, v) => g.conv(v.x!, v.w!, undefined, { strides: [2, 3], pads: [1, 0, 2, 1] })],
  ['Conv', 'strided, remainder', { ...X, w: [6, 4, 4, 4] }, (g, v) => g.conv(v.x!, v.w!, undefined, { strides: 3, pads: 1 })],
  [
    'Conv',
    'grouped, dilated',
    { ...X, w: [6, 2, 3, 2], b: [6] },
    (g, v) => g.conv(v.x!, v.w!, v.b, { group: 2, dilations: [2, 1], pads: [1, 0, 2, 1] }),
  ],
  ['Conv', 'depthwise', { ...X, w: [4, 1, 3, 3] }, (g, v) => g.conv(v.x!, v.w!, undefined, { group: 4, pads: 1, strides: 2 })],
  ['Conv', 'padded beyond the kernel', { ...X, w: [2, 4, 1, 1] }, (g, v) => g.conv(v.x!, v.w!, undefined, { pads: 1 })],
  ['ConvTranspose', '6 × 6', { ...X, w: [4, 3, 6, 6], b: [3] }, (g, v) => g.convTranspose(v.x!, v.w!, v.b, { strides: 2, pads: 2 })],
  [
    'ConvTranspose',
    'grouped, output padding',
    { ...X, w: [4, 3, 3, 3], b: [6] },
    (g, v) => g.convTranspose(v.x!, v.w!, v.b, { strides: 2, pads: [1, 0, 1, 1], outputPadding: [1, 0], group: 2 }),
  ],
  ['AveragePool', 'plain', X, (g, v) => g.averagePool(v.x!, { kernel: 2 })],
  ['AveragePool', 'remainder', X, (g, v) => g.averagePool(v.x!, { kernel: [4, 3] })],
  ['AveragePool', 'padding does not count', X, (g, v) => g.averagePool(v.x!, { kernel: 3, strides: 2, pads: 1 })],
  ['AveragePool', 'padding counts', X, (g, v) => g.averagePool(v.x!, { kernel: 3, strides: 1, pads: 1, countPads: true })],
  ['GlobalAveragePool', '', X, (g, v) => g.globalAveragePool(v.x!)],

  ['LayerNormalization', '', { ...X, s: [8], b: [8] }, (g, v) => g.layerNormalization(v.x!, v.s!, v.b)],
  ['LayerNormalization', 'two axes', { ...X, s: [6, 8] }, (g, v) => g.layerNormalization(v.x!, v.s!, undefined, { axis: 2 })],
  ['InstanceNormalization', '', { ...X, s: [4], b: [4] }, (g, v) => g.instanceNormalization(v.x!, v.s!, v.b!)],
  ['InstanceNormalization', 'group norm', { ...X, s: [4], b: [4] }, (g, v) => g.groupNormalization(v.x!, 2, v.s!, v.b!)],
  [
    'BatchNormalization',
    '',
    { ...X, s: [4], b: [4] },
    (g, v) => g.op('BatchNormalization', [v.x!, v.s!, v.b!, g.constant([0.1, 0.2, 0.3, 0.4]), g.constant([1, 2, 3, 4])], { epsilon: 1e-5 }),
  ],

  on('Reshape', '', (g, x) => g.reshape(x, [-1, 60])),
  on('Flatten', '', (g, x) => g.flatten(x, 2)),
  on('Squeeze', '', (g, x) => g.squeeze(g.slice(x, 1, 0, 1), [1])),
  on('Unsqueeze', '', (g, x) => g.unsqueeze(x, [0, -1])),
  ['Expand', '', { x: ['N', 1, 3] }, (g, v) => g.expand(v.x!, [2, 1, 4, 1])],
  on('Transpose', '', (g, x) => g.transpose(x, [2, 0, 3, 1])),
  on('Concat', '', (g, x) => g.concat([x, g.exp(g.slice(x, 3, 2, 5)), x], -1)),
  on('Split', 'all parts', (g, x) => g.split(x, 1, [1, 3])),
  on('Split', 'some parts', (g, x) => g.split(x, 1, [1, 1, 2])[1]!),
  on('Slice', 'plain', (g, x) => g.slice(x, 2, 1, -2)),
  on('Slice', 'stepping', (g, x) => g.slice(x, 2, 1, 99, 2)),
  on('Slice', 'stepping, unfinished', (g, x) => g.slice(x, 2, 0, 5, 3)),
  on('Slice', 'backwards', (g, x) => g.slice(x, 2, -2, -6, -2)),
  on('Slice', 'several axes', (g, x) =>
    g.op('Slice', [
      x,
      ...[
        [1, 0],
        [3, 4],
        [1, 3],
      ].map((v) => g.constant({ dtype: 'int64', shape: [2], data: BigInt64Array.from(v, BigInt) })),
    ]),
  ),
  on('Gather', 'repeated rows', (g, x) => g.gather(x, [3, 0, -1, 0], 1)),
  on('Gather', 'one row', (g, x) => g.gather(x, 2, -1)),
  on('Gather', 'first axis', (g, x) => g.gather(g.reshape(x, [2, 4, 6, 5]), [1, 0, 1], 0)),
  on('Pad', '', (g, x) => g.pad(x, [0, 1, -2, 0, 0, 2, 0, 3])),
  on('DepthToSpace', 'CRD', (g, x) => g.depthToSpace(x, 2, 'CRD')),
  on('DepthToSpace', 'DCR', (g, x) => g.depthToSpace(x, 2, 'DCR')),
  ['SpaceToDepth', '', X, (g, v) => g.spaceToDepth(v.x!, 2)],
  on('CumSum', '', (g, x) => g.cumSum(x, 2)),
  on('Trilu', '', (g, x) => g.trilu(x, { k: 1 })),

  on('Resize', 'linear up', (g, x) => g.resize(x, { scales: [2, 1.5] })),
  on('Resize', 'linear down, antialias', (g, x) => g.resize(x, { sizes: [3, 2], antialias: true })),
  on('Resize', 'nearest up', (g, x) => g.resize(x, { scales: [2, 2], mode: 'nearest', coordinates: 'asymmetric' })),
  on('Resize', 'cubic', (g, x) => g.resize(x, { sizes: [9, 11], mode: 'cubic' })),
  on('Resize', 'cubic down, antialias, as Pillow', (g, x) =>
    g.resize(x, { sizes: [4, 3], mode: 'cubic', antialias: true, cubicCoeffA: -0.5, excludeOutside: true }),
  ),
  on('Resize', 'one axis', (g, x) => g.resize(x, { sizes: [9], axes: [2], coordinates: 'align_corners' })),
]

for (const [operator, what, inputs, build, positive] of CASES) {
  test(`${operator} ${what}`, async () => {
    const answers = await vjp(`${operator} ${what}`, { inputs, build, positive: positive === 'positive' })
    for (const [input, [quotient, gradient]] of Object.entries(answers)) {
      expect(Math.abs(gradient - quotient), `${input}: ${gradient} beside ${quotient}`).toBeLessThan(2e-3 * (1 + Math.abs(quotient)))
    }
  })
}

test('every rule is judged, or says that nothing flows', () => {
  const flat = ['Floor', 'Sign', 'Shape', 'ArgMax', 'Equal', 'Greater', 'Less', 'Not']
  const judged = new Set([...CASES.map(([operator]) => operator), ...flat])
  expect(Object.keys(RULES).filter((operator) => !judged.has(operator))).toEqual([])
})
