import { describe, expect, it } from 'vitest'
import { Centering, deviationOfRows, meanOfRows, minus, spreadOfRows } from './centers.ts'

const rows = Float32Array.of(1, 2, 3, 4, 5, 9) // three rows of two
const w = Float32Array.of(1, 1, 2, 2, 6, 6)
const sources = { bank: Float32Array.of(1, 1), wCenter: Float32Array.of(3, 3), image: Float32Array.of(2, 0), text: Float32Array.of(0, 5) }

describe('centers of a batch', () => {
  it.each([
    ['bank', [0, 1, 2, 3, 4, 8]],
    ['image', [-1, 2, 1, 4, 3, 9]],
    ['text', [1, -3, 3, -1, 5, 4]],
    ['batch', [-2, -3, 0, -1, 2, 4]],
    // The first moving center is the first batch's mean: the bias of starting at zero is divided out.
    ['ema', [-2, -3, 0, -1, 2, 4]],
  ] as const)('%s', (center, expected) => {
    const { deltaF, deltaW } = new Centering(center, sources).residuals(rows, w)
    deltaF.forEach((x, i) => expect(x).toBeCloseTo(expected[i]!, 5))
    expect([...deltaW]).toEqual([-2, -2, -1, -1, 3, 3])
  })

  it('pair takes f and w from the sample before', () => {
    const { deltaF, deltaW } = new Centering('pair', sources).residuals(rows, w)
    expect([...deltaF]).toEqual([-4, -7, 2, 2, 2, 5])
    expect([...deltaW]).toEqual([-5, -5, 1, 1, 4, 4])
  })

  it('ema follows the batches with the rate 0.001', () => {
    const centering = new Centering('ema', sources)
    centering.residuals(Float32Array.of(0, 0), Float32Array.of(0, 0))
    const { deltaF } = centering.residuals(Float32Array.of(1, 2), Float32Array.of(0, 0))
    const share = 0.001 / (1 - 0.999 ** 2)
    expect(deltaF[0]).toBeCloseTo(1 - share, 6)
    expect(deltaF[1]).toBeCloseTo(2 - 2 * share, 6)
  })
})

it('mean, deviation and spread of rows', () => {
  expect([...meanOfRows(rows, 2)]).toEqual([3, 5])
  const deviation = deviationOfRows(rows, 2, Float32Array.of(3, 5))
  expect(deviation[0]).toBeCloseTo(Math.sqrt(8 / 3), 5)
  expect(deviation[1]).toBeCloseTo(Math.sqrt(26 / 3), 5)
  expect(spreadOfRows(minus(rows, Float32Array.of(3, 5)), 2)).toBeCloseTo(Math.sqrt(34 / 3), 5)
})
