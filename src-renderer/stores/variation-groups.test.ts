import { describe, expect, it } from 'vitest'
import { newEditLayer } from '../../src-main/contract/document.ts'
import { variationGroupSchema, type VariationGroup } from '../../src-main/contract/variations.ts'
import { filtered, layersWith, limited, withResult } from './variation-groups.ts'

const thumbnail = { sha256: 'a'.repeat(64), type: 'image/webp', bytes: 1 }
const smile = newEditLayer('a', 'smiling')
const hair = newEditLayer('b', 'red hair')
const group = (changes: Partial<VariationGroup> = {}): VariationGroup => ({
  id: 'g',
  prompt: 'smiling',
  made: '2026-01-01T00:00:00.000Z',
  vary: ['a'],
  expected: 4,
  state: 's',
  results: [],
  ...changes,
})
const result = (index: number, rating = 0) => ({ index, layers: [], thumbnail, rating })

describe('the groups of the filmstrip', () => {
  it('keep only the layers that vary, each result once, in their order', () => {
    const varied = [{ ...smile, variation: { seed: 4, amount: 0.7 } }, hair]
    let filled = group()
    for (const index of [1, 0, 1]) filled = withResult(filled, { index, layers: varied, thumbnail })
    expect(filled.results.map(({ index, layers }) => [index, layers.map(({ id }) => id)])).toStrictEqual([
      [0, ['a']],
      [1, ['a']],
    ])
    expect(variationGroupSchema.parse(JSON.parse(JSON.stringify(filled)))).toStrictEqual(filled)
  })

  it('change nothing of a document but the samples, and bring back a layer that is gone', () => {
    const varied = [{ ...smile, strength: 1, variation: { seed: 4, amount: 0.7 } }]
    const turned = { ...smile, strength: -2 }
    expect(layersWith([hair, turned], varied)).toStrictEqual([hair, { ...turned, variation: varied[0]!.variation }])
    expect(layersWith([hair], varied).map(({ id }) => id)).toStrictEqual(['a', 'b'])
  })

  it('are dropped from the oldest on when there are too many, but for those with a star', () => {
    const groups = [
      group({ id: 'new', results: [result(0), result(1)] }),
      group({ id: 'old', results: [result(0), result(1, 3)] }),
      group({ id: 'bare', results: [result(0)] }),
    ]
    expect(limited(groups, 3).map(({ id, results }) => [id, results.map(({ index }) => index)])).toStrictEqual([
      ['new', [0, 1]],
      ['old', [1]],
    ])
  })

  it('are found by all the words and by stars', () => {
    const groups = [
      group({ id: 'one', prompt: 'With red hair', results: [result(0, 2), result(1)] }),
      group({ id: 'two', results: [result(0)] }),
    ]
    const ids = (words: string, rating = 0) => filtered(groups, { words, rating }).map(({ id, results }) => `${id} ${results.length}`)
    expect(ids('')).toStrictEqual(['one 2', 'two 1'])
    expect(ids('hair red')).toStrictEqual(['one 2'])
    expect(ids('', 1)).toStrictEqual(['one 1'])
    expect(ids('blond')).toStrictEqual([])
  })
})
