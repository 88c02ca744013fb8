import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { newField } from '../field.ts'
import type { Field } from '../field.ts'
import { transformOf } from '../transform.ts'
import { classify } from './mixture.ts'
import type { Portrait } from './portrait.ts'
import { polygonMask } from './polygon.ts'
import { portraitLandmarks, portraitOf, regionMask, type Region } from './regions.ts'

const SIDE = 320
/** The face of the sample in its 1024 pixels; its landmarks are taken as standard, which the detector's are not far from. */
const crop = transformOf({ cx: (500 / 1024) * SIDE, cy: (611 / 1024) * SIDE, size: (656 / 1024) * SIDE, angle: 0 })
const photo = { width: SIDE, height: SIDE }
const landmarks = portraitLandmarks([], crop)
let guide: Field
let portrait: Portrait

beforeAll(async () => {
  const file = join(import.meta.dirname, '../../../../assets/samples/portrait-afro.jpg')
  const rgb = await sharp(file).resize(SIDE, SIDE).removeAlpha().raw().toBuffer()
  guide = newField(SIDE, SIDE, 3)
  for (let i = 0; i < guide.data.length; i++) guide.data[i] = rgb[i]! / 255
  portrait = portraitOf({ guide, photo, landmarks })
})

/** A region's value at places in shares of the picture. */
function at(region: Region, ...places: [number, number][]): number[] {
  const mask = regionMask({ guide, photo, landmarks, region, portrait: () => portrait })
  return places.map(([x, y]) => mask.data[Math.round(y * SIDE) * SIDE + Math.round(x * SIDE)]!)
}

describe('parts of a portrait', () => {
  const places: Record<string, [number, number]> = {
    crown: [0.49, 0.27],
    cheek: [0.42, 0.66],
    nose: [0.49, 0.62],
    lips: [0.48, 0.755],
    corner: [0.05, 0.06],
  }
  it.each([
    ['hair', ['crown'], ['cheek', 'nose', 'corner']],
    ['face', ['cheek', 'nose', 'lips'], ['crown', 'corner']],
    ['skin', ['cheek', 'nose'], ['crown', 'corner', 'lips']],
    ['background', ['corner'], ['crown', 'cheek', 'nose', 'lips']],
    ['mouth', ['lips'], ['nose', 'cheek', 'corner']],
    ['eyes', [], ['nose', 'lips', 'corner']],
  ] as const)('%s is where it is and not where it is not', (region, inside, outside) => {
    for (const value of at(region, ...inside.map((name) => places[name]!))) expect(value).toBeGreaterThan(0.85)
    for (const value of at(region, ...outside.map((name) => places[name]!))) expect(value).toBeLessThan(0.15)
  })

  it('are of the face that the crop shows', () => {
    const far = landmarks.map(([x, y]): [number, number] => [x + 300, y])
    expect(portraitLandmarks([far, landmarks], crop)).toBe(landmarks)
    expect(portraitLandmarks([far], crop)).toEqual(landmarks)
  })
})

describe('classify', () => {
  it('tells two colours apart from a vague idea of where they are, and goes by place where a colour is unknown', () => {
    const features = newField(30, 10, 3)
    for (let i = 0; i < 300; i++) features.data.set(i % 30 < 12 ? [0.2, 0.1, 0.1] : [0.7, 0.2, 0], i * 3)
    const left = Float32Array.from({ length: 300 }, (_, i) => (i % 30 < 18 ? 0.7 : 0.3))
    const right = left.map((x) => 1 - x)
    const [a] = classify(features, [left, right], [1, 1])
    expect([a![5]! > 0.95, a![15]! < 0.05, a![25]! < 0.05]).toEqual([true, true, true])
  })
})

describe('polygonMask', () => {
  it('is white inside, soft at the edge and as much wider as asked', () => {
    const square: [number, number][] = [[10, 10], [30, 10], [30, 30], [10, 30]] // prettier-ignore
    const mask = polygonMask(square, 40, 40, { soft: 4, grow: 3 })
    const value = (x: number, y: number) => mask.data[y * 40 + x]!
    expect([value(20, 20), value(8, 20), value(3, 20)]).toEqual([1, expect.closeTo(0.957, 2), 0])
  })
})
