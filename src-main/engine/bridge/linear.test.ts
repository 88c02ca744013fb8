import { describe, expect, it } from 'vitest'
import { bridgeOf, type Bridge } from '../nets/bridge.ts'
import { Graph } from '../onnx/graph.ts'
import { float32, type TensorData } from '../onnx/tensor.ts'
import { Random } from '../runtime/random.ts'
import { createSession } from '../runtime/session.ts'
import { initialBridge } from './initial.ts'
import { leastSquares, momentsOf } from './least-squares.ts'
import { linearTrunk } from './linear-trunk.ts'
import { testDevice } from './testing.ts'

/** y = xᵀM for N random x; more rows than one chunk. */
function samples(map: Float64Array, inputs: number, outputs: number, count: number) {
  const x = new Random(3).normals(count * inputs)
  const y = new Float32Array(count * outputs)
  for (let n = 0; n < count; n++)
    for (let i = 0; i < inputs; i++) for (let j = 0; j < outputs; j++) y[n * outputs + j]! += x[n * inputs + i]! * map[i * outputs + j]!
  return { x, y }
}

describe('least squares', () => {
  const map = Float64Array.from(new Random(1).normals(5 * 3))
  it('finds the map that made the samples', async () => {
    const { x, y } = samples(map, 5, 3, 1500)
    const found = leastSquares(await momentsOf(x, y, 5, 3, testDevice), 1e-9)
    found.forEach((value, i) => expect(value).toBeCloseTo(map[i]!, 4))
  })

  it('shrinks by the ridge: for orthonormal moments, by 1 ÷ (1 + ridge)', () => {
    const one = Float64Array.from({ length: 9 }, (_, i) => (i % 4 === 0 ? 1 : 0))
    const found = leastSquares({ xx: one, xy: Float64Array.of(1, 2, 3), inputs: 3, outputs: 1 }, 0.25)
    ;[1, 2, 3].forEach((value, i) => expect(found[i]).toBeCloseTo(value / 1.25, 10))
  })
})

describe('a trunk that starts as a linear map', () => {
  const build = async (a: Bridge, map: Float64Array, deltaF: Float32Array) => {
    const parameters: Record<string, TensorData> = {
      ...initialBridge(a, float32([a.styles, a.wDim]), new Random(2)),
      ...linearTrunk(a, map, new Random(4)),
      inputGain: float32([1], [1]),
      wDeviation: float32([a.wDim], new Float32Array(a.wDim).fill(1)),
    }
    const g = new Graph('trunk')
    g.output('deltaW', bridgeOf(g, a, (name) => g.initializer(name, parameters[name]!), g.input('deltaF', ['N', a.embed])).deltaW)
    const session = await createSession(g, testDevice)
    const { deltaW } = await session.run({ deltaF: float32([deltaF.length / a.embed, a.embed], deltaF) })
    await session.release()
    return deltaW!.data as Float32Array
  }

  it('computes it exactly, through every LeakyReLU', async () => {
    const a: Bridge = { embed: 6, wDim: 4, styles: 3, depth: 8, width: 12, mixing: 'off' }
    const map = Float64Array.from(new Random(1).normals(24))
    const { x, y } = samples(map, 6, 4, 7)
    const found = await build(a, map, x)
    found.forEach((value, i) => expect(value).toBeCloseTo(y[i]!, 4))
  })

  it('keeps what matters most where f has more numbers than half the width', async () => {
    const a: Bridge = { embed: 9, wDim: 5, styles: 3, depth: 3, width: 8, mixing: 'off' }
    const [left, right] = [new Random(5).normals(9 * 4), new Random(6).normals(4 * 5)]
    const map = new Float64Array(45) // of rank 4, half the width
    for (let i = 0; i < 9; i++)
      for (let k = 0; k < 4; k++) for (let j = 0; j < 5; j++) map[i * 5 + j]! += left[i * 4 + k]! * right[k * 5 + j]!
    const { x, y } = samples(map, 9, 5, 7)
    const found = await build(a, map, x)
    found.forEach((value, i) => expect(value).toBeCloseTo(y[i]!, 2))
  })
})
