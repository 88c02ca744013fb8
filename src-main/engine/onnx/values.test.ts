import { describe, expect, test } from 'vitest'
import { cpu } from '../runtime/devices.ts'
import { Random } from '../runtime/random.ts'
import { createSession } from '../runtime/session.ts'
import { Graph, type Value } from './graph.ts'
import { type TensorData, float32, sizeOf } from './tensor.ts'

const random = new Random(21)
const draw = (...shape: number[]) => float32(shape, random.normals(sizeOf(shape)))

async function run(inputs: Record<string, TensorData>, build: (g: Graph, v: Record<string, Value>) => Value): Promise<TensorData> {
  const g = new Graph('values')
  g.output('out', build(g, Object.fromEntries(Object.entries(inputs).map(([name, t]) => [name, g.input(name, t.shape, t.dtype)]))))
  const session = await createSession(g, cpu(1))
  const { out } = await session.run(inputs)
  await session.release()
  return out!
}

/** The element of a tensor; zero outside, as padding is. */
const at = (t: TensorData, ...index: number[]): number => {
  let offset = 0
  for (let i = 0; i < index.length; i++) {
    if (index[i]! < 0 || index[i]! >= t.shape[i]!) return 0
    offset = offset * t.shape[i]! + index[i]!
  }
  return Number(t.data[offset])
}

/** Every element of a result beside a formula over its indices. */
function expectEach(t: TensorData, formula: (...index: number[]) => number, digits = 4): void {
  const index = t.shape.map(() => 0)
  for (let k = 0; k < t.data.length; k++) {
    let rest = k
    for (let i = index.length - 1; i >= 0; i--) {
      index[i] = rest % t.shape[i]!
      rest = Math.floor(rest / t.shape[i]!)
    }
    expect(Number(t.data[k]), `at [${index.join(', ')}]`).toBeCloseTo(formula(...index), digits)
  }
}

const sum = (n: number, f: (i: number) => number): number => Array.from({ length: n }, (_, i) => f(i)).reduce((a, b) => a + b, 0)

describe('values are those of the loops', () => {
  test('conv: strides, pads, groups, dilations', async () => {
    const [x, w, b] = [draw(2, 4, 7, 6), draw(6, 2, 3, 2), draw(6)]
    const y = await run({ x, w, b }, (g, v) =>
      g.conv(v.x!, v.w!, v.b, { strides: [2, 1], pads: [1, 0, 2, 1], group: 2, dilations: [2, 1] }),
    )
    expect(y.shape).toEqual([2, 6, 3, 6])
    expectEach(y, (n, o, r, c) => {
      const first = o < 3 ? 0 : 2
      return at(b, o) + sum(2, (i) => sum(3, (p) => sum(2, (q) => at(w, o, i, p, q) * at(x, n, first + i, 2 * r + 2 * p - 1, c + q))))
    })
  })

  test('convTranspose: each pixel paints the kernel', async () => {
    const [x, w, b] = [draw(2, 4, 3, 5), draw(4, 3, 4, 4), draw(3)]
    const y = await run({ x, w, b }, (g, v) => g.convTranspose(v.x!, v.w!, v.b, { strides: 2, pads: 1 }))
    expect(y.shape).toEqual([2, 3, 6, 10])
    expectEach(y, (n, o, r, c) => {
      const taps = (p: number, q: number) =>
        (r + 1 - p) % 2 === 0 && (c + 1 - q) % 2 === 0
          ? sum(4, (i) => at(x, n, i, (r + 1 - p) / 2, (c + 1 - q) / 2) * at(w, i, o, p, q))
          : 0
      return at(b, o) + sum(4, (p) => sum(4, (q) => taps(p, q)))
    })
  })

  test('depthToSpace, both orders, and its inverse', async () => {
    const x = draw(2, 8, 3, 2)
    const crd = await run({ x }, (g, v) => g.depthToSpace(v.x!, 2, 'CRD'))
    expectEach(crd, (n, c, r, q) => at(x, n, 4 * c + 2 * (r % 2) + (q % 2), r >> 1, q >> 1), 9)
    const dcr = await run({ x }, (g, v) => g.depthToSpace(v.x!, 2, 'DCR'))
    expectEach(dcr, (n, c, r, q) => at(x, n, (2 * (r % 2) + (q % 2)) * 2 + c, r >> 1, q >> 1), 9)
    expect(await run({ x }, (g, v) => g.spaceToDepth(g.depthToSpace(v.x!, 2, 'DCR'), 2))).toEqual(x)
  })

  test('pools', async () => {
    const x = draw(1, 2, 5, 6)
    const max = await run({ x }, (g, v) => g.maxPool(v.x!, { kernel: 2 }))
    expectEach(max, (n, c, r, q) => Math.max(...[0, 1, 2, 3].map((k) => at(x, n, c, 2 * r + (k >> 1), 2 * q + (k % 2)))), 6)
    const mean = await run({ x }, (g, v) => g.averagePool(v.x!, { kernel: 3, strides: 2, pads: 1 }))
    expectEach(mean, (n, c, r, q) => {
      const inside = (p: number, size: number) => [-1, 0, 1].map((k) => 2 * p + k).filter((k) => k >= 0 && k < size)
      const [rows, columns] = [inside(r, 5), inside(q, 6)]
      return rows.flatMap((i) => columns.map((k) => at(x, n, c, i, k))).reduce((a, b) => a + b) / (rows.length * columns.length)
    })
  })

  test('norms', async () => {
    const [x, s, b] = [draw(2, 4, 3, 5), draw(4), draw(4)]
    /** (v − mean) / √(variance + 1e-5) over a set of values that holds v */
    const normal = (v: number, all: number[]) => {
      const mean = all.reduce((a, c) => a + c) / all.length
      return (v - mean) / Math.sqrt(all.reduce((a, c) => a + (c - mean) ** 2, 0) / all.length + 1e-5)
    }
    const plane = (n: number, c: number) => Array.from({ length: 15 }, (_, k) => at(x, n, c, Math.floor(k / 5), k % 5))
    const instance = await run({ x, s, b }, (g, v) => g.instanceNormalization(v.x!, v.s!, v.b!))
    expectEach(instance, (n, c, r, q) => normal(at(x, n, c, r, q), plane(n, c)) * at(s, c) + at(b, c))
    const group = await run({ x, s, b }, (g, v) => g.groupNormalization(v.x!, 2, v.s!, v.b!))
    expectEach(group, (n, c, r, q) => normal(at(x, n, c, r, q), [...plane(n, c & ~1), ...plane(n, c | 1)]) * at(s, c) + at(b, c))
    const [ls, lb] = [draw(5), draw(5)]
    const layer = await run({ x, ls, lb }, (g, v) => g.layerNormalization(v.x!, v.ls!, v.lb))
    expectEach(
      layer,
      (n, c, r, q) =>
        normal(
          at(x, n, c, r, q),
          [0, 1, 2, 3, 4].map((k) => at(x, n, c, r, k)),
        ) *
          at(ls, q) +
        at(lb, q),
    )
  })

  test('softmax and products', async () => {
    const [a, b, c] = [draw(2, 3, 4), draw(4, 5), draw(3)]
    const soft = await run({ a }, (g, v) => g.softmax(v.a!, 1))
    expectEach(soft, (n, i, k) => Math.exp(at(a, n, i, k)) / sum(3, (m) => Math.exp(at(a, n, m, k))))
    const product = await run({ a, b }, (g, v) => g.matmul(v.a!, v.b!))
    expectEach(product, (n, i, k) => sum(4, (m) => at(a, n, i, m) * at(b, m, k)))
    const [p, q] = [draw(4, 2), draw(3, 4)]
    const gemm = await run({ p, q, c }, (g, v) => g.gemm(v.p!, v.q!, v.c, { transA: true, transB: true, alpha: 0.5, beta: 2 }))
    expectEach(gemm, (i, k) => 0.5 * sum(4, (m) => at(p, m, i) * at(q, k, m)) + 2 * at(c, k))
    const einsum = await run({ a, b }, (g, v) => g.einsum('nij,jk->kn', v.a!, v.b!))
    expectEach(einsum, (k, n) => sum(3, (i) => sum(4, (m) => at(a, n, i, m) * at(b, m, k))))
  })

  test('moving values about', async () => {
    const x = draw(2, 3, 4)
    expectEach(await run({ x }, (g, v) => g.transpose(v.x!, [2, 0, 1])), (a, b, c) => at(x, b, c, a))
    expectEach(await run({ x }, (g, v) => g.slice(v.x!, 2, -1, -5, -2)), (a, b, c) => at(x, a, b, 3 - 2 * c))
    expectEach(await run({ x }, (g, v) => g.gather(v.x!, [2, 0, 2], 1)), (a, b, c) => at(x, a, [2, 0, 2][b]!, c))
    expectEach(await run({ x }, (g, v) => g.pad(v.x!, [0, 1, 0, 0, 0, 2], 'constant', 0)), (a, b, c) => at(x, a, b - 1, c))
    expectEach(await run({ x }, (g, v) => g.cumSum(v.x!, 2)), (a, b, c) => sum(c + 1, (k) => at(x, a, b, k)))
    expectEach(await run({ x }, (g, v) => g.trilu(v.x!, { k: 1 })), (a, b, c) => (c > b ? at(x, a, b, c) : 0))
    expectEach(await run({ x }, (g, v) => g.concat(g.split(v.x!, 2, [1, 3]).toReversed(), 2)), (a, b, c) => at(x, a, b, (c + 1) % 4))
    expectEach(await run({ x }, (g, v) => g.where(g.greater(v.x!, 0), v.x!, g.mul(v.x!, -2))), (a, b, c) =>
      Math.max(at(x, a, b, c), -2 * at(x, a, b, c)),
    )
  })
})
