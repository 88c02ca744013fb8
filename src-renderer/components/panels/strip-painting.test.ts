import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitWeights, paint, presetWeights, stripGroups, type StripLayer } from './strip-painting.ts'

const layers: StripLayer[] = [4, 4, 8, 8, 8, 16, 32, 64, 128].map((resolution, index) => ({
  name: `b${resolution}.${index}`,
  kind: index % 3 === 1 ? 'toRgb' : 'conv',
  resolution,
}))

describe('painting weights', () => {
  it('draws the straight line between two bars, in either direction, and leaves the others', () => {
    expect(paint([0, 0, 0, 0, 0, 0], { index: 1, weight: 0 }, { index: 4, weight: 0.9 })).toStrictEqual([0, 0, 0.3, 0.6, 0.9, 0])
    expect(paint([1, 1, 1, 1], { index: 3, weight: 0.5 }, { index: 1, weight: 0.1 })).toStrictEqual([1, 0.1, 0.3, 0.5])
    expect(paint([0, 0], { index: 1, weight: 0.2 }, { index: 1, weight: 0.7 })).toStrictEqual([0, 0.7])
  })

  it('stays inside 0…1 wherever the pointer goes', () => {
    const dab = fc.record({ index: fc.nat(8), weight: fc.double({ min: -3, max: 4, noNaN: true }) })
    fc.assert(
      fc.property(dab, dab, (from, to) => {
        const painted = paint(fitWeights([], 9), from, to)
        expect(painted).toHaveLength(9)
        expect(painted.every((weight) => weight >= 0 && weight <= 1)).toBe(true)
      }),
      { seed: 3 },
    )
  })
})

describe('presets and groups', () => {
  it('part the layers by their resolution', () => {
    expect(presetWeights(layers, 'coarse')).toStrictEqual([1, 1, 1, 1, 1, 0, 0, 0, 0])
    expect(presetWeights(layers, 'middle')).toStrictEqual([0, 0, 0, 0, 0, 1, 1, 0, 0])
    expect(presetWeights(layers, 'fine')).toStrictEqual([0, 0, 0, 0, 0, 0, 0, 1, 1])
    expect(presetWeights(layers, 'all').every((weight) => weight === 1)).toBe(true)
    expect(presetWeights(layers, 'none').every((weight) => weight === 0)).toBe(true)
    expect(stripGroups(layers).map(({ resolution, bars }) => [resolution, bars.length])).toStrictEqual([
      [4, 2],
      [8, 3],
      [16, 1],
      [32, 1],
      [64, 1],
      [128, 1],
    ])
  })

  it('fit weights of another pack', () => {
    expect(fitWeights([0.5, 1, 1], 2)).toStrictEqual([0.5, 1])
    expect(fitWeights([0.5], 3)).toStrictEqual([0.5, 0, 0])
  })
})
