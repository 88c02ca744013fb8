import { describe, expect, it } from 'vitest'
import { Graph } from '../../onnx/graph.ts'
import { channelsAt, channelsFrom, type StyleGan2 } from './architecture.ts'
import { chooseForms, formsFor, formsOf, isUp, type KernelForm } from './forms/forms.ts'
import { inferStyleGan2 } from './infer.ts'
import { styleLayout } from './layout.ts'
import { mapping } from './mapping.ts'
import { styles, stylesOfW } from './styles.ts'
import { synthesis } from './synthesis.ts'
import { golden, type GoldenName } from './testdata/goldens.ts'
import { distance, first, runOnce } from './testdata/running.ts'

/** Against NVIDIA's own code (testdata/ORIGIN.md): float32, largest absolute difference. */
const TOLERANCE = 1e-4

const cases: [GoldenName, { clamp?: number }][] = [
  ['g64-noise', {}],
  ['g128-clamp', { clamp: 1.25 }],
  ['g256', {}],
]

describe.each(cases)('%s agrees with NVIDIA’s code', (name, untold) => {
  const { p, result } = golden(name)
  const a = inferStyleGan2(p, untold)

  it('mapping', async () => {
    const { w } = await runOnce(result('z'), (g, z) => ({ w: mapping(g, a, p, z) }))
    expect(distance(w!, result('w'))).toBeLessThan(TOLERANCE)
  })

  it('styles', async () => {
    const { s } = await runOnce(result('wPlus'), (g, wPlus) => ({ s: styles(g, a, p, wPlus) }))
    expect(distance(s!, result('s'))).toBeLessThan(TOLERANCE)
  })

  it('synthesis', async () => {
    const expected = result('image.none')
    const s = expected.shape[0] === 1 ? first(result('s')) : result('s')
    const { image } = await runOnce(s, (g, s) => ({ image: synthesis(g, a, p, s).image }))
    expect(distance(image!, expected)).toBeLessThan(TOLERANCE)
  })
})

it('adds the constant noise of the checkpoint', async () => {
  const { p, result } = golden('g64-noise')
  const a = inferStyleGan2(p)
  const { image } = await runOnce(result('s'), (g, s) => ({ image: synthesis(g, a, p, s, { noise: 'const' }).image }))
  expect(distance(image!, result('image.const'))).toBeLessThan(TOLERANCE)
  expect(distance(image!, result('image.none'))).toBeGreaterThan(0.1)
})

it('gives the styles of one w as those of the same w in every layer', async () => {
  const { p, result } = golden('g64-noise')
  const a = inferStyleGan2(p)
  const { one, all } = await runOnce(result('w'), (g, w) => ({
    one: stylesOfW(g, a, p, w),
    all: styles(g, a, p, g.expand(g.unsqueeze(w, [1]), [1, 10, 1])),
  }))
  expect(distance(one!, all!)).toBeLessThan(1e-6)
})

it('gives an earlier skip image as preview: the image of the net that ends there', async () => {
  const { p, result } = golden('g64-noise')
  const a = inferStyleGan2(p)
  const small: StyleGan2 = { ...a, imageSize: 16, channels: Object.fromEntries([4, 8, 16].map((r) => [r, channelsAt(a, r)])) }
  const { preview, image } = await runOnce(result('s'), (g, s) => ({
    preview: synthesis(g, a, p, s, { previewSize: 16 }).preview!,
    image: synthesis(g, small, p, g.slice(s, 1, 0, styleLayout(small).total)).image,
  }))
  expect(distance(preview!, image!)).toBeLessThan(1e-6)
})

it('refuses a preview of a size that no block makes', () => {
  const { p } = golden('g64-noise')
  const a = inferStyleGan2(p)
  const g = new Graph('test')
  const s = g.input('s', ['N', styleLayout(a).total])
  expect(() => synthesis(g, a, p, s, { previewSize: 12 })).toThrow(RangeError)
})

describe.each(['g64-noise', 'g128-clamp', 'g256'] as const)('every form of every convolution of %s makes the plain image', (name) => {
  const { p, result } = golden(name)
  const a = inferStyleGan2(p, name === 'g128-clamp' ? { clamp: 1.25 } : {})
  const allOf = (same: KernelForm, up: KernelForm) =>
    Object.fromEntries(
      styleLayout(a).layers.flatMap((l) =>
        formsOf(l)
          .filter((f) => f === (isUp(l) ? up : same))
          .map((f) => [l.name, f]),
      ),
    )

  it.each([
    ['plain', 'transposed6'],
    ['plain', 'depthToSpace'],
    ['plain', 'fourPhases'],
    ['winograd', 'plain'],
    ['winograd', 'fourPhases'],
  ] as const)('%s and %s', async (same, up) => {
    const s = first(result('s'))
    const { image } = await runOnce(s, (g, s) => ({ image: synthesis(g, a, p, s, { forms: allOf(same, up) }).image }))
    expect(distance(image!, first(result('image.none')))).toBeLessThan(TOLERANCE)
  })

  it('as the rule by size chooses them', async () => {
    const { image } = await runOnce(first(result('s')), (g, s) => ({ image: synthesis(g, a, p, s, { forms: formsFor(a, 'cpu') }).image }))
    expect(distance(image!, first(result('image.none')))).toBeLessThan(TOLERANCE)
  })
})

it('chooses the cheapest form where a cost is given, by size otherwise, and plain off the CPU', () => {
  const a = { ...inferStyleGan2(golden('g64-noise').p), channels: channelsFrom(64, 32768) }
  const costs: Record<KernelForm, number> = { plain: 3, winograd: 2, transposed6: 4, depthToSpace: 1, fourPhases: 2 }
  const measured = chooseForms(a, (_, form) => costs[form])
  expect(measured).toMatchObject({ 'b4.conv1': 'winograd', 'b64.conv0': 'depthToSpace', 'b64.conv1': 'winograd' })
  expect(chooseForms(a)).toMatchObject({ 'b4.conv1': 'plain', 'b8.conv0': 'plain', 'b64.conv0': 'fourPhases', 'b64.conv1': 'winograd' })
  expect(formsFor(a, 'cuda')).toEqual({})
})
