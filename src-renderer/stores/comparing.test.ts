// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { isEdit } from '../../src-main/contract/document.ts'
import { addEdits, patchLayer } from '../document/edits.ts'
import { settled, type ControlledHost } from '../testing/controlled-host.ts'
import { openStudio } from '../testing/opened.ts'
import { keyOf, useComparing } from './comparing.ts'
import { useDocument } from './document.ts'
import { useRendering } from './rendering.ts'
import { useVariations, variationId } from './variations.ts'
import { useView } from './view.ts'

const blob = (letter: string) => ({ sha256: letter.repeat(64), type: 'image/png', bytes: 1 })
const rendered = (letter: string) => ({
  patch: { ...blob(letter), box: { x: 0, y: 0, width: 10, height: 10 } },
  timings: {},
  unknownWords: [],
  channels: {},
})

/** A studio with one edit and two variations of it. */
async function varied(): Promise<ControlledHost> {
  const host = await openStudio()
  useRendering()
  useComparing()
  const document = useDocument()
  document.run({ key: 'step.edit' }, addEdits([{ id: 'a', text: 'smiling' }]))
  await settled()
  await host.last('edit.render').answer(rendered('1'))
  void useVariations().ask(['a'])
  const layers = (seed: number) => document.layers.filter(isEdit).map((layer) => ({ ...layer, variation: { seed, amount: 0.7 } }))
  for (const index of [0, 1]) host.last('edit.variations').progress({ index, layers: layers(index), thumbnail: blob('9') })
  return host
}
const variation = (index: number) => {
  const group = useVariations().groups[0]!
  return { kind: 'variation' as const, id: variationId(group, group.results[index]!) }
}

describe('comparing', () => {
  let host: ControlledHost
  beforeEach(async () => {
    host = await varied()
  })

  it('asks for the picture of a variation once, beside the document’s own', async () => {
    const view = useView()
    const comparing = useComparing()
    view.against = variation(1)
    expect(host.count('edit.render')).toBe(1)
    view.compare = 'vertical'
    await settled()
    expect(host.last('edit.render').input).toMatchObject({ purpose: 'compare', layers: [{ variation: { seed: 1 } }] })
    expect(comparing.isPending(view.against)).toBe(true)
    await host.last('edit.render').answer(rendered('2'))
    expect(comparing.patchOf(view.against)?.sha256).toBe('2'.repeat(64))
    view.compare = 'two-up'
    await settled()
    expect(host.count('edit.render')).toBe(2)
  })

  it('follows the document, but not every movement of a hand', async () => {
    const document = useDocument()
    useView().against = variation(0)
    useView().compare = 'vertical'
    await settled()
    await host.last('edit.render').answer(rendered('2'))
    const before = host.asked.filter(({ input }) => 'purpose' in input).length
    document.mark({ key: 'step.strength' })
    document.preview(patchLayer('a', { strength: 2 }))
    await settled()
    expect(host.asked.filter(({ input }) => 'purpose' in input)).toHaveLength(before)
    document.settle()
    await settled()
    expect(host.asked.findLast(({ input }) => 'purpose' in input)!.input).toMatchObject({
      layers: [{ strength: 2, variation: { seed: 0 } }],
    })
  })

  it('makes a grid of the result and its variations, takes the chosen one out, and shows the last that is left alone', async () => {
    const comparing = useComparing()
    const view = useView()
    comparing.openGrid()
    expect(comparing.grid.map(keyOf)).toStrictEqual(['result', ...[0, 1].map((index) => keyOf(variation(index)))])
    comparing.pick(0)
    comparing.drop()
    comparing.pick(7)
    expect([comparing.grid.length, comparing.picked]).toStrictEqual([2, 0])
    const last = comparing.grid[1]!
    comparing.drop()
    expect(view.compare).toBe('off')
    expect(view.shown).toStrictEqual(last)
  })

  it('makes a grid of what was marked, nine at most', () => {
    const comparing = useComparing()
    for (const shown of [{ kind: 'photo' }, { kind: 'inversion' }, { kind: 'result' }, { kind: 'inversion' }] as const)
      comparing.mark(shown)
    comparing.openGrid()
    expect(comparing.grid.map(keyOf)).toStrictEqual(['photo', 'result'])
    comparing.closeGrid()
    expect(comparing.marked).toStrictEqual([])
  })

  it('compares with a snapshot as it was', async () => {
    const document = useDocument()
    document.snapshots = [{ id: 's', name: 'Before', step: document.stepNow, at: 0 }]
    document.run({ key: 'step.strength' }, patchLayer('a', { strength: -1 }))
    useView().against = { kind: 'snapshot', id: 's' }
    useView().compare = 'vertical'
    await settled()
    const asked = host.asked.findLast(({ input }) => 'purpose' in input)!
    expect(asked.input).toMatchObject({ layers: [{ strength: 1 }] })
  })
})

describe('the variations', () => {
  it('of an earlier ask stay, varied around one of them on request, with seeds of their own', async () => {
    const host = await varied()
    const variations = useVariations()
    const first = host.last('edit.variations')
    useView().shown = variation(1)
    void variations.askAround()
    await settled()
    expect(first.signal?.aborted).toBe(true)
    expect(variations.groups.map(({ results }) => results.length)).toStrictEqual([0, 2])
    const { input } = host.last('edit.variations')
    expect(input).toMatchObject({ around: true, recipe: { layers: [{ variation: { seed: 1 } }] } })
    expect(input.seed).toBeGreaterThanOrEqual(first.input.seed + first.input.count)
  })

  it('come back from what a document was kept with', async () => {
    await varied()
    const variations = useVariations()
    variations.rate(variation(1).id, 3)
    const kept = JSON.parse(JSON.stringify(variations.groups)) as typeof variations.groups
    variations.clear()
    variations.restore(kept)
    expect(variations.list.map(({ rating }) => rating)).toStrictEqual([0, 3])
    expect(variations.seed).toBe(2)
    expect(variations.isStale).toBe(false)
  })
})
