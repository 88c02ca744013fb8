import fc from 'fast-check'
import { produce } from 'immer'
import { describe, expect, it } from 'vitest'
import { newEditLayer, type Layer, type Recipe } from '../../src-main/contract/document.ts'
import type { DocumentChange } from './edits.ts'
import { dropTarget, rowsOf, stepGroup, stepTarget } from './layer-rows.ts'
import { addLayers, duplicateLayers, groupLayers, mergeEdits, moveGroup, moveLayers, removeLayers, splitEdit, ungroup } from './stack.ts'
import { testDocument } from './testing.ts'

/** "a b (g: c d) e" as a document. */
function stack(text: string): Recipe {
  const groups: { id: string; name: string; visible: boolean }[] = []
  const layers: Layer[] = []
  let group: string | undefined
  for (const [word] of text.matchAll(/[^\s]+/g)) {
    const opening = /^\((\w+):$/.exec(word)?.[1]
    if (opening !== undefined) {
      group = opening
      groups.push({ id: group, name: group, visible: true })
      continue
    }
    const id = word.replace(')', '')
    layers.push({ ...newEditLayer(id, `text of ${id}`), ...(group === undefined ? {} : { group }) })
    if (word.endsWith(')')) group = undefined
  }
  return { ...testDocument, layers, ...(groups.length > 0 ? { groups } : {}) }
}
/** The same back again. */
function show({ layers, groups = [] }: Recipe): string {
  return rowsOf({ layers, groups }, new Set())
    .map((row, index, rows) => {
      if (row.kind === 'group') return `(${row.id}:`
      const next = rows[index + 1]
      const isLast = row.group !== undefined && (next?.kind !== 'layer' || next.group !== row.group)
      return row.id + (isLast ? ')' : '')
    })
    .join(' ')
}
const after = (text: string, change: DocumentChange) => show(produce(stack(text), change))

describe('the stack', () => {
  it('moves layers to a place, into and out of groups', () => {
    expect(after('a b c', moveLayers(['c'], 0))).toBe('c a b')
    expect(after('a b c d', moveLayers(['a', 'c'], 4))).toBe('b d a c')
    expect(after('a (g: b c) d', moveLayers(['a'], 2, 'g'))).toBe('(g: b a c) d')
    expect(after('a (g: b c) d', moveLayers(['b'], 0))).toBe('b a (g: c) d')
    expect(after('(g: a) b', moveLayers(['a'], 2))).toBe('b a')
  })

  it('keeps a group together, whatever is put between its layers', () => {
    expect(after('a (g: b c) d', moveLayers(['a'], 2))).toBe('(g: b c) a d')
    expect(after('(g: a b) (h: c d)', moveGroup('g', 3))).toBe('(h: c d) (g: a b)')
    expect(after('a b c d', groupLayers(['b', 'd'], { id: 'g', name: 'g', visible: true }))).toBe('a (g: b d) c')
    expect(after('(g: a b) c', groupLayers(['a', 'c'], { id: 'h', name: 'h', visible: true }))).toBe('(h: a c) (g: b)')
  })

  it('drops a group with its last layer, and ungroups', () => {
    expect(produce(stack('(g: a) b'), removeLayers(['a'])).groups).toBeUndefined()
    expect(after('(g: a b) (h: c)', ungroup(['g']))).toBe('a b (h: c)')
    expect(stack('a b')).toStrictEqual(produce(stack('a b'), removeLayers(['x'])))
  })

  it('duplicates layers above the uppermost, and groups as groups', () => {
    expect(after('a b c', duplicateLayers([{ id: 'b', copy: 'B' }]))).toBe('a B b c')
    const pairs = ['a', 'b'].map((id) => ({ id, copy: id.toUpperCase() }))
    expect(after('x (g: a b)', duplicateLayers(pairs, [{ id: 'g', copy: 'G' }]))).toBe('x (G: A B) (g: a b)')
  })

  it('splits a compound edit and merges edits, one into several and back', () => {
    const split = produce(
      stack('x a y'),
      splitEdit('a', [
        { id: 'a', text: 'smiling' },
        { id: 'n', text: 'red hair' },
      ]),
    )
    expect(split.layers.map((layer) => layer.kind === 'edit' && layer.text)).toStrictEqual([
      'text of x',
      'smiling',
      'red hair',
      'text of y',
    ])
    const merged = produce(split, mergeEdits(['a', 'n']))
    expect(merged.layers.map((layer) => layer.kind === 'edit' && layer.text)).toStrictEqual(['text of x', 'smiling, red hair', 'text of y'])
  })

  it('has its groups together after any changes', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    const group = fc.constantFrom('g', 'h')
    const change = fc.oneof(
      fc.tuple(fc.array(id), fc.nat(6), fc.option(group, { nil: undefined })).map(([ids, place, into]) => moveLayers(ids, place, into)),
      fc.tuple(group, fc.nat(6)).map(([which, place]) => moveGroup(which, place)),
      fc.tuple(fc.array(id), fc.nat(99)).map(([ids, n]) => groupLayers(ids, { id: `n${n}`, name: '', visible: true })),
      group.map((which) => ungroup([which])),
      id.map((which) => removeLayers([which])),
      fc.nat(99).map((n) => addLayers([newEditLayer(`l${n}`, 'x')])),
    )
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
        const { layers, groups = [] } = changes.reduce((document, each) => produce(document, each), stack('a (g: b c) (h: d) e'))
        const runs = layers.filter((layer, at) => layer.group !== undefined && layers[at - 1]?.group !== layer.group)
        expect(new Set(runs.map((layer) => layer.group))).toStrictEqual(new Set(groups.map((each) => each.id)))
        expect(runs).toHaveLength(new Set(runs.map((layer) => layer.group)).size)
      }),
      { seed: 11 },
    )
  })
})

describe('steps up and down', () => {
  function step(text: string, ids: string[], by: 1 | -1, closed: string[] = []): string | undefined {
    const document = stack(text)
    const target = stepTarget(rowsOf(document, new Set(closed)), ids, by)
    return target && show(produce(document, moveLayers(ids, target.place, target.group)))
  }
  it('walk a layer through the list, into groups and out of them', () => {
    const up = ['a (g: b c) d', 'a (g: b c d)', 'a (g: b d c)', 'a (g: d b c)', 'a d (g: b c)', 'd a (g: b c)']
    up.forEach((from, index) => expect(step(from, ['d'], -1)).toBe(up[index + 1]))
    up.toReversed().forEach((from, index) => expect(step(from, ['d'], 1)).toBe(up.toReversed()[index + 1]))
  })
  it('pass a closed group, and move several layers as one', () => {
    expect(step('a (g: b c) d', ['d'], -1, ['g'])).toBe('a d (g: b c)')
    expect(step('a b c d', ['b', 'c'], 1)).toBe('a d b c')
  })
  it('move a group past whole groups', () => {
    const document = stack('a (g: b c) (h: d e)')
    expect(stepGroup(document, 'g', 1)).toBe(5)
    expect(stepGroup(document, 'h', -1)).toBe(1)
    expect(stepGroup(document, 'h', 1)).toBeUndefined()
  })
  it('know where a drop lands', () => {
    const rows = rowsOf(stack('a (g: b c) d'), new Set())
    expect(rows.map((row) => [row.id, dropTarget(row, false), dropTarget(row, true)])).toStrictEqual([
      ['a', { place: 0, group: undefined }, { place: 1, group: undefined }],
      ['g', { place: 1, group: undefined }, { place: 1, group: 'g' }],
      ['b', { place: 1, group: 'g' }, { place: 2, group: 'g' }],
      ['c', { place: 2, group: 'g' }, { place: 3, group: 'g' }],
      ['d', { place: 3, group: undefined }, { place: 4, group: undefined }],
    ])
  })
})
