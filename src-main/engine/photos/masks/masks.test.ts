import { describe, expect, it } from 'vitest'
import { Random } from '../../runtime/random.ts'
import { blur, newField } from '../field.ts'
import type { Field } from '../field.ts'
import { transformOf } from '../transform.ts'
import { maskSize, readMask, writeMask } from './bitmap.ts'
import { boxMean, softBlur, stretched } from './box.ts'
import { grow } from './grow.ts'
import { guidedFilter } from './guided-filter.ts'
import { placeMask, uniformValue } from './place.ts'
import { shapeMask } from './shape.ts'

function random(width: number, height: number, channels: number, seed = 1): Field {
  const field = newField(width, height, channels)
  const chance = new Random(seed)
  for (let i = 0; i < field.data.length; i++) field.data[i] = chance.uniform()
  return field
}
/** White inside a disc. */
function disc(width: number, height: number, cx: number, cy: number, r: number): Field {
  const field = newField(width, height, 1)
  for (let i = 0; i < field.data.length; i++) field.data[i] = Math.hypot((i % width) - cx, Math.floor(i / width) - cy) <= r ? 1 : 0
  return field
}
/** The points of a window, as the definition says. */
function window(field: Field, x: number, y: number, r: number): number[] {
  const found: number[] = []
  for (let j = Math.max(0, y - r); j <= Math.min(field.height - 1, y + r); j++)
    for (let i = Math.max(0, x - r); i <= Math.min(field.width - 1, x + r); i++) found.push(j * field.width + i)
  return found
}
const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length

describe('boxMean', () => {
  it.each([1, 3, 20])('is the mean of the window, cut at the border (r = %i)', (r) => {
    const field = random(13, 9, 2)
    const out = boxMean(field, r)
    for (let y = 0; y < 9; y++)
      for (let x = 0; x < 13; x++)
        for (let c = 0; c < 2; c++)
          expect(out.data[(y * 13 + x) * 2 + c]).toBeCloseTo(mean(window(field, x, y, r).map((i) => field.data[i * 2 + c]!)), 5)
  })
  it('three times is almost a Gaussian', () => {
    const edge = newField(120, 1, 1)
    edge.data.fill(1, 60)
    const soft = softBlur(edge, 7)
    const exact = blur(edge, 7)
    for (let i = 25; i < 95; i++) expect(Math.abs(soft.data[i]! - exact.data[i]!)).toBeLessThan(0.02)
  })
})

describe('grow', () => {
  it.each([1, 2, 3, 7, 30])('moves a disc’s edge by %i points, to a twelfth', (r) => {
    const [width, height] = [160, 130]
    const area = (field: Field) => field.data.reduce((sum, x) => sum + x, 0)
    const radius = (field: Field) => Math.sqrt(area(field) / Math.PI)
    const one = disc(width, height, 80, 65, 32)
    expect(Math.abs(radius(grow(one, r)) - 32 - r)).toBeLessThan(Math.max(0.6, r / 12))
    if (r < 30) expect(Math.abs(radius(grow(one, -r)) - 32 + r)).toBeLessThan(Math.max(0.6, r / 12))
  })
  it('keeps soft values, what is empty and what is full', () => {
    const soft = newField(21, 21, 1)
    soft.data[10 * 21 + 10] = 0.4
    const grown = grow(soft, 5)
    expect(Math.max(...grown.data)).toBeCloseTo(0.4)
    expect(grown.data[10 * 21 + 15]).toBeCloseTo(0.4)
    expect(grown.data[10 * 21 + 16]).toBe(0)
    expect(uniformValue(grow(newField(9, 5, 1), 3))).toBe(0)
    expect(uniformValue(grow(disc(9, 5, 4, 2, 99), -3))).toBe(1)
  })
})

describe('guidedFilter', () => {
  /** He, Sun and Tang (2013), eqs. 19–21, window by window: a by Cramer's rule on the window's own covariance. */
  function naive(guide: Field, mask: Field, r: number, epsilon: number): Float64Array {
    const points = guide.width * guide.height
    const ab: number[][] = []
    for (let k = 0; k < points; k++) {
      const own = window(guide, k % guide.width, Math.floor(k / guide.width), r)
      const I = (i: number) => [guide.data[i * 3]!, guide.data[i * 3 + 1]!, guide.data[i * 3 + 2]!]
      const mu = [0, 1, 2].map((c) => mean(own.map((i) => I(i)[c]!)))
      const p = mean(own.map((i) => mask.data[i]!))
      const S = [0, 1, 2].map((c) =>
        [0, 1, 2].map((d) => mean(own.map((i) => (I(i)[c]! - mu[c]!) * (I(i)[d]! - mu[d]!))) + (c === d ? epsilon : 0)),
      )
      const v = [0, 1, 2].map((c) => mean(own.map((i) => I(i)[c]! * mask.data[i]!)) - mu[c]! * p)
      const det = (m: number[][]) =>
        m[0]![0]! * (m[1]![1]! * m[2]![2]! - m[1]![2]! * m[2]![1]!) -
        m[0]![1]! * (m[1]![0]! * m[2]![2]! - m[1]![2]! * m[2]![0]!) +
        m[0]![2]! * (m[1]![0]! * m[2]![1]! - m[1]![1]! * m[2]![0]!)
      const a = [0, 1, 2].map((c) => det(S.map((row, i) => row.map((x, j) => (j === c ? v[i]! : x)))) / det(S))
      ab.push([...a, p - a[0]! * mu[0]! - a[1]! * mu[1]! - a[2]! * mu[2]!])
    }
    return Float64Array.from({ length: points }, (_, k) => {
      const own = window(guide, k % guide.width, Math.floor(k / guide.width), r)
      const [a0, a1, a2, b] = [0, 1, 2, 3].map((c) => mean(own.map((i) => ab[i]![c]!)))
      return a0! * guide.data[k * 3]! + a1! * guide.data[k * 3 + 1]! + a2! * guide.data[k * 3 + 2]! + b!
    })
  }

  it('is what the paper says, window by window', () => {
    const [guide, mask] = [random(17, 12, 3, 2), random(17, 12, 1, 3)]
    const out = guidedFilter(guide, mask, { radius: 3, epsilon: 0.01 })
    const expected = naive(guide, mask, 3, 0.01)
    for (let i = 0; i < expected.length; i++) expect(out.data[i]).toBeCloseTo(expected[i]!, 4)
  })
  it('moves a rough edge onto the photo’s edge, on the small grid too', () => {
    const guide = newField(96, 48, 3)
    const rough = newField(96, 48, 1)
    for (let i = 0; i < rough.data.length; i++) {
      guide.data.fill(i % 96 < 50 ? 0.2 : 0.7, i * 3, i * 3 + 3)
      rough.data[i] = i % 96 < 45 ? 1 : 0
    }
    for (const shrink of [1, 2]) {
      const out = guidedFilter(guide, rough, { radius: 12, epsilon: 0.0004, shrink })
      expect(out.data[24 * 96 + 47]! - out.data[24 * 96 + 53]!).toBeGreaterThan(0.5)
      expect(Math.abs(out.data[24 * 96 + 53]! - out.data[24 * 96 + 60]!)).toBeLessThan(0.1)
    }
  })
})

describe('shapeMask', () => {
  const shape = { feather: 0, grow: 0, edges: 0, inverted: false }
  const noGuide = () => {
    throw new Error('not asked for')
  }
  it('leaves a plain mask as it is, and inverts', () => {
    const one = disc(60, 40, 30, 20, 9)
    expect(shapeMask(one, shape, noGuide)).toEqual(one)
    const turned = shapeMask(one, { ...shape, inverted: true }, noGuide)
    expect(turned.data.every((x, i) => x === 1 - one.data[i]!)).toBe(true)
  })
  it.each([0, 1])('keeps a mask that is %i everywhere exactly so', (value) => {
    const all = newField(80, 50, 1)
    all.data.fill(value)
    const shaped = shapeMask(all, { feather: 0.1, grow: 0.05, edges: 0.7, inverted: false }, () => random(80, 50, 3))
    expect(uniformValue(shaped)).toBe(value)
  })
  it('has a soft edge as wide as asked', () => {
    const half = newField(400, 20, 1)
    for (let i = 0; i < half.data.length; i++) half.data[i] = i % 400 < 200 ? 1 : 0
    const soft = shapeMask(half, { ...shape, feather: 0.1 }, noGuide)
    const row = [...soft.data.subarray(0, 400)]
    const width = row.filter((x) => x > 0.025 && x < 0.975).length
    expect(Math.abs(width - 40)).toBeLessThan(4)
  })
})

describe('a mask’s place and file', () => {
  it('is read at the photo’s place whatever the crop', () => {
    const left = newField(8, 4, 1)
    for (let i = 0; i < 32; i++) left.data[i] = i % 8 < 4 ? 1 : 0
    const mask = placeMask(left, { width: 800, height: 400 }, transformOf({ cx: 400, cy: 200, size: 300, angle: Math.PI / 2 }))
    // A quarter turn clockwise: the square's top shows the photo's right.
    expect(mask.at(0.5, 0.1)).toBe(0)
    expect(mask.at(0.5, 0.9)).toBe(1)
    expect(mask.at(0.1, 0.5)).toBeCloseTo(0.5)
  })
  it('goes through a grey PNG, and says what is wrong with another file', async () => {
    const levels = newField(256, 1, 1)
    for (let i = 0; i < 256; i++) levels.data[i] = i / 255
    const bytes = await writeMask(levels)
    expect([bytes[24], bytes[25]]).toEqual([8, 0])
    expect(await readMask(bytes)).toEqual(levels)
    await expect(readMask(Buffer.from('Dear diary'))).rejects.toMatchObject({ code: 'mask.damaged' })
  })
  it('has the photo’s proportions and at most 2048 points a side', () => {
    expect(maskSize({ width: 6000, height: 4000 })).toEqual({ width: 2048, height: 1365 })
    expect(maskSize({ width: 600, height: 400 })).toEqual({ width: 600, height: 400 })
    expect(stretched(random(5, 3, 1), 50, 30).data).toHaveLength(1500)
  })
})
