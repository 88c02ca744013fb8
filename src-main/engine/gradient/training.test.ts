import { expect, test } from 'vitest'
import { Graph } from '../onnx/graph.ts'
import { type TensorData, float32 } from '../onnx/tensor.ts'
import { cpu } from '../runtime/devices.ts'
import { Random } from '../runtime/random.ts'
import { createSession } from '../runtime/session.ts'
import { adamStep } from './adam.ts'
import { gradients } from './gradients.ts'

const numbers = (t: TensorData): number[] => Array.from(t.data as Float32Array)

test('Adam steps as its equations do in double precision', async () => {
  const g = new Graph('adam')
  const [param, gradient, m, v] = ['param', 'gradient', 'm', 'v'].map((name) => g.input(name, [3])) as [never, never, never, never]
  const next = adamStep(g, {
    param,
    gradient,
    m,
    v,
    step: g.input('step', []),
    rate: g.input('rate', []),
    beta1: 0.8,
    beta2: 0.99,
    eps: 1e-6,
  })
  for (const [name, value] of Object.entries(next)) g.output(name, value)
  const session = await createSession(g, cpu(1))

  const random = new Random(3)
  let state: Record<string, TensorData> = { param: float32([3], [1, -2, 0.5]), m: float32([3]), v: float32([3]) }
  const own = { param: [1, -2, 0.5], m: [0, 0, 0], v: [0, 0, 0] }
  for (let t = 1; t <= 20; t++) {
    const dLoss = random.normals(3)
    const rate = 0.1 / t
    state = await session.run({ ...state, gradient: float32([3], dLoss), step: float32([], [t]), rate: float32([], [rate]) })
    for (let i = 0; i < 3; i++) {
      own.m[i] = 0.8 * own.m[i]! + 0.2 * dLoss[i]!
      own.v[i] = 0.99 * own.v[i]! + 0.01 * dLoss[i]! ** 2
      own.param[i]! -= (rate * (own.m[i]! / (1 - 0.8 ** t))) / (Math.sqrt(own.v[i]! / (1 - 0.99 ** t)) + 1e-6)
    }
    for (const key of ['param', 'm', 'v'] as const) numbers(state[key]!).forEach((x, i) => expect(x).toBeCloseTo(own[key][i]!, 5))
  }
  await session.release()
})

test('a training step is one graph whose outputs are its next inputs: a regression finds the least-squares line', async () => {
  const g = new Graph('regression')
  const x = g.input('x', ['N', 1])
  const y = g.input('y', ['N', 1])
  const step = g.input('step', [])
  const rate = g.input('rate', [])
  const params = [g.input('slope', [1, 1]), g.input('offset', [1])] as const
  const loss = g.reduceMean(g.square(g.sub(g.gemm(x, params[0], params[1]), y)), undefined, false)
  g.output('loss', loss)
  gradients(g, loss, params).forEach((gradient, i) => {
    const param = params[i]!
    const state = { param, gradient, m: g.input(`${param.name}.m`, param.shape), v: g.input(`${param.name}.v`, param.shape), step, rate }
    const next = adamStep(g, state)
    g.output(param.name, next.param)
    g.output(`${param.name}.m`, next.m)
    g.output(`${param.name}.v`, next.v)
  })
  const session = await createSession(g, cpu(1))

  const random = new Random(5)
  const xs = random.normals(50)
  const ys = xs.map((v) => 3 * v - 2 + 0.5 * random.normal())
  const mean = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0) / 50
  const [mx, my] = [mean(xs), mean(ys)]
  const slope = mean(xs.map((v, i) => (v - mx) * (ys[i]! - my))) / mean(xs.map((v) => (v - mx) ** 2))

  const data = { x: float32([50, 1], xs), y: float32([50, 1], ys) }
  let state = Object.fromEntries(
    session.inputs.filter((p) => !['x', 'y', 'step', 'rate'].includes(p.name)).map((p) => [p.name, float32(p.shape as number[])]),
  )
  const losses: number[] = []
  for (let t = 1; t <= 600; t++) {
    const { loss: value, ...next } = await session.run({ ...data, ...state, step: float32([], [t]), rate: float32([], [0.2 * 0.99 ** t]) })
    losses.push(value!.data[0] as number)
    state = next
  }
  expect(losses.at(-1)!).toBeLessThan(losses[0]! / 10)
  expect(numbers(state.slope!)[0]).toBeCloseTo(slope, 3)
  expect(numbers(state.offset!)[0]).toBeCloseTo(my - slope * mx, 3)
  await session.release()
})
