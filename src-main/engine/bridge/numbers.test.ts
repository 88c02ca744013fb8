import { describe, expect, it } from 'vitest'
import { bridgeOf, bridgeShapes, type Bridge, type Mixing } from '../nets/bridge.ts'
import { Graph } from '../onnx/graph.ts'
import { float32, sizeOf } from '../onnx/tensor.ts'
import { Random } from '../runtime/random.ts'
import { createSession } from '../runtime/session.ts'
import { gate } from './focus.ts'
import { initialBridge } from './initial.ts'
import { psnrOf } from './inversion.ts'
import { latentLosses } from './losses.ts'
import { testDevice } from './testing.ts'
import { cosineRate } from './training.ts'
import { explainedVariance } from './variance.ts'

describe('losses against their definition', () => {
  it('standardised squares of w and s, and the cosine of s', async () => {
    const g = new Graph('losses')
    const value = (name: string, ...x: number[]) => g.input(name, [x.length === 4 ? 2 : 1, 2].slice(x.length === 4 ? 0 : 1))
    const w = { predicted: value('pw', 0, 0, 0, 0), target: value('tw', 0, 0, 0, 0), deviation: value('dw', 0, 0) }
    const s = { predicted: value('ps', 0, 0, 0, 0), target: value('ts', 0, 0, 0, 0), deviation: value('ds', 0, 0) }
    const losses = latentLosses(g, w, s, { w: 2, s: 3, cosine: 5 })
    for (const [name, loss] of Object.entries(losses)) g.output(name, loss)
    const session = await createSession(g, testDevice)
    const rows = (...x: number[]) => float32([2, 2], x)
    const results = await session.run({
      ...{ pw: rows(1, 2, 3, 4), tw: rows(1, 0, 3, 1), dw: float32([2], [1, 2]) },
      ...{ ps: rows(1, 0, 0, 2), ts: rows(0, 1, 0, 1), ds: float32([2], [1, 1]) },
    })
    const number = (name: string) => (results[name]!.data as Float32Array)[0]!
    expect(number('w')).toBeCloseTo((1 + 2.25) / 4, 6) // (2/2)², (3/2)²
    expect(number('s')).toBeCloseTo((1 + 1 + 1) / 4, 6)
    expect(number('total')).toBeCloseTo(2 * number('w') + 3 * number('s') + 5 * (1 - 0.5), 5) // cosines 0 and 1
    await session.release()
  })

  it('explained variance is 1 for the truth, 0 for the mean, and each channel’s own', () => {
    const truth = { deltaW: Float32Array.of(1, 3), deltaS: Float32Array.of(1, 5, 3, 7) }
    const mean = { deltaW: Float32Array.of(2, 2), deltaS: Float32Array.of(1, 6, 3, 6) }
    expect(explainedVariance(truth, truth, { w: 1, s: 2 })).toEqual({ w: 1, s: 1, channels: Float32Array.of(1, 1) })
    expect(explainedVariance(mean, truth, { w: 1, s: 2 })).toEqual({ w: 0, s: 0.5, channels: Float32Array.of(1, 0) })
  })
})

describe('the bridge before it learns', () => {
  it.each<Mixing>(['gate', 'film', 'mix', 'off'])('mixing %s is the identity: deltaS = A·deltaW', async (mixing) => {
    const a: Bridge = { embed: 3, wDim: 4, styles: 5, depth: 3, width: 6, mixing }
    const random = new Random(1)
    const affines = float32([5, 4], random.normals(20))
    const parameters = {
      ...initialBridge(a, affines, random),
      inputGain: float32([1], [2]),
      wDeviation: float32([4], [1, 2, 3, 4]),
      'affines.weight': affines,
    }
    expect(
      Object.keys(bridgeShapes(a)).every((name) => sizeOf(bridgeShapes(a)[name]!) === (parameters as never)[name]['data']['length']),
    ).toBe(true)
    const g = new Graph('bridge')
    const deltaF = g.input('deltaF', ['N', 3])
    const made = bridgeOf(g, a, (name) => g.initializer(name, parameters[name as keyof typeof parameters]), deltaF)
    g.output('deltaW', made.deltaW)
    g.output('deltaS', made.deltaS)
    const session = await createSession(g, testDevice)
    const { deltaW, deltaS } = await session.run({ deltaF: float32([2, 3], random.normals(6)) })
    const [w, s] = [deltaW!.data as Float32Array, deltaS!.data as Float32Array]
    for (let n = 0; n < 2; n++)
      for (let j = 0; j < 5; j++) {
        const expected = [0, 1, 2, 3].reduce((sum, k) => sum + (affines.data as Float32Array)[j * 4 + k]! * w[n * 4 + k]!, 0)
        expect(s[n * 5 + j]).toBeCloseTo(expected, 4)
      }
    await session.release()
  })
})

it('focus silences the channels below its share of the strongest, measured in deviations', () => {
  const deltaS = Float32Array.of(4, -1, 0.5, 0)
  expect(gate(deltaS, Float32Array.of(4, 0.5, 1, 1), 0.5)).toBe(2) // 1, 2, 0.5, 0 deviations; the limit is 1
  expect([...deltaS]).toEqual([4, -1, 0, 0])
})

it('the rate warms up, then falls by a cosine', () => {
  const options = { steps: 1000, rate: { first: 1, last: 0 } }
  expect(cosineRate(0, options)).toBeCloseTo(0.01, 6)
  expect(cosineRate(500, options)).toBeCloseTo(0.5, 6)
  expect(cosineRate(1000, options)).toBeCloseTo(0, 6)
})

it('PSNR clips what is outside the range, as a screen does', () => {
  expect(psnrOf(Float32Array.of(1, 0), Float32Array.of(3, 0.2))).toBeCloseTo(10 * Math.log10(4 / 0.02), 5)
})
