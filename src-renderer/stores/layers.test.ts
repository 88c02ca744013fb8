// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { newEditLayer, type ImageLayer, type Layer, type MixLayer, type Recipe } from '../../src-main/contract/document.ts'
import { donorOfRecipe } from '../document/donors.ts'
import { addLayers, groupLayers } from '../document/stack.ts'
import type { ControlledHost } from '../testing/controlled-host.ts'
import { settled } from '../testing/controlled-host.ts'
import { openStudio, photo } from '../testing/opened.ts'
import { useDocument } from './document.ts'
import { pasted, useLayerClipboard } from './layer-clipboard.ts'
import { useLayerList } from './layer-list.ts'
import { useLens } from './lens.ts'
import { useMixing } from './mixing.ts'
import { useRendering } from './rendering.ts'
import { useView } from './view.ts'

const edit = (id: string) => newEditLayer(id, `text of ${id}`)
const mix: MixLayer = { id: 'm', kind: 'mix', visible: true, donor: { kind: 'seed', seed: 4 }, alpha: 0.5, weights: [0.2, 0.4, 0.6] }
const picture: ImageLayer = {
  id: 'p',
  kind: 'image',
  visible: true,
  picture: { id: 'c'.repeat(64), name: 'hat.png', width: 30, height: 20 },
  center: [300, 100],
  scale: 2,
  angle: 0.3,
  opacity: 0.5,
  blend: 'screen',
}
const mask = { bitmap: 'd'.repeat(64), width: 60, height: 40, feather: 0, grow: 0, edges: 0, inverted: false, enabled: true }
const add = (...layers: Layer[]) => useDocument().run({ key: 'step.edit' }, addLayers(layers))
const present = (): Recipe => useDocument().recipe!

let host: ControlledHost
beforeEach(async () => {
  host = await openStudio()
})

describe('the list of layers', () => {
  it('picks one, several, a range, and what lies in a picked group', () => {
    add(edit('a'), edit('b'), edit('c'), edit('d'))
    useDocument().run({ key: 'step.group' }, groupLayers(['b', 'c'], { id: 'g', name: 'Hair', visible: true }))
    const list = useLayerList()
    expect(list.rows.map((row) => row.id)).toStrictEqual(['a', 'g', 'b', 'c', 'd'])
    list.pick('a')
    list.pick('d', 'toggle')
    expect(list.pickedLayers.map((layer) => layer.id)).toStrictEqual(['a', 'd'])
    list.pick('d', 'toggle')
    list.pick('g')
    expect(list.pickedLayers.map((layer) => layer.id)).toStrictEqual(['b', 'c'])
    expect(useView().selected?.id).toBe('b')
    list.pick('a')
    list.pick('b', 'range')
    expect(list.pickedRows.map((row) => row.id)).toStrictEqual(['a', 'g', 'b'])
    useView().selectedId = 'd'
    expect(list.pickedLayers.map((layer) => layer.id)).toStrictEqual(['d'])
    list.walk(-1)
    expect(list.pickedLayers.map((layer) => layer.id)).toStrictEqual(['c'])
  })

  it('shows a layer alone without changing the document', () => {
    add(edit('a'), { ...edit('b'), visible: false })
    const before = present()
    useLayerList().toggleSolo('b')
    expect(
      useLens()
        .through(before)
        .layers.map((layer) => layer.visible),
    ).toStrictEqual([false, true])
    expect(useRendering().recipe!.layers.map((layer) => layer.visible)).toStrictEqual([false, true])
    useLayerList().toggleSolo('b')
    expect(useRendering().recipe).toBe(before)
    expect(present()).toBe(before)
  })

  it('shows one style layer of a mix alone for a moment, as a draft', async () => {
    useRendering()
    add(mix)
    await settled()
    useLens().glance = { layer: 'm', style: 1 }
    await settled()
    const { input } = host.last('edit.render')
    expect(input).toMatchObject({ draft: true, layers: [{ weights: [0, 1, 0] }] })
    useLens().glance = undefined
    expect(present().layers).toStrictEqual([mix])
  })
})

describe('layers for another photo', () => {
  const other = { id: 'e'.repeat(64), width: 1200, height: 400 }
  let count = 0
  const newId = () => `n${count++}`

  it('keep their numbers, lie where they lay, and leave their masks behind', () => {
    count = 0
    const grouped = [
      { ...edit('a'), group: 'g', mask },
      { ...picture, group: 'g' },
    ]
    const copied = { photo: photo.id, width: 600, height: 400, layers: grouped, groups: [{ id: 'g', name: 'Hair', visible: true }] }
    const { layers, groups } = pasted(copied, other, newId)
    expect(groups).toStrictEqual([{ id: 'n0', name: 'Hair', visible: true }])
    expect(layers[0]).toStrictEqual({ ...edit('a'), id: 'n1', group: 'n0' })
    expect(layers[1]).toStrictEqual({ ...picture, id: 'n2', group: 'n0', center: [600, 100], scale: 2 })
    expect(pasted({ ...copied, groups: [] }, { ...other, id: photo.id, width: 600 }, newId).layers[0]).toMatchObject({ mask })
  })

  it('are copied and pasted as one step each, and picked', () => {
    add(edit('a'), mix)
    const clipboard = useLayerClipboard()
    expect(clipboard.canPaste).toBe(false)
    useLayerList().pick('m')
    clipboard.copy()
    clipboard.paste()
    expect(present().layers.map((layer) => layer.kind)).toStrictEqual(['mix', 'edit', 'mix'])
    expect(useLayerList().pickedLayers).toStrictEqual([present().layers[0]])
    useDocument().undo()
    expect(present().layers.map((layer) => layer.id)).toStrictEqual(['a', 'm'])
  })

  it('are at hand from the photo that was open before', () => {
    add(edit('a'))
    const clipboard = useLayerClipboard()
    expect(clipboard.canPastePrevious).toBe(false)
    const next = { ...photo, id: 'e'.repeat(64) }
    useDocument().start(next, { ...present(), photo: { id: next.id, name: next.name }, layers: [] })
    clipboard.pastePrevious()
    expect(present().layers).toMatchObject([{ text: 'text of a' }])
  })
})

describe('donors', () => {
  it('of a document’s state are its shown edits and mixes, bare', () => {
    const inner: MixLayer = {
      ...mix,
      id: 'r',
      donor: { kind: 'result', photo: { id: 'b'.repeat(64), name: 'x' }, crop: photo.crop, layers: [] },
    }
    const recipe = { ...present(), layers: [{ ...edit('a'), mask, name: 'Copper' }, mix, inner, picture, { ...edit('h'), visible: false }] }
    expect(donorOfRecipe(recipe)).toStrictEqual({
      kind: 'result',
      photo: recipe.photo,
      crop: recipe.crop,
      layers: [edit('a'), mix],
    })
  })

  it('come as thumbnails, asked for once', async () => {
    const mixing = useMixing()
    expect(mixing.thumbnailOf(mix.donor)).toBeUndefined()
    expect(mixing.thumbnailOf(mix.donor)).toBeUndefined()
    expect(host.count('mix.donor')).toBe(1)
    await host.last('mix.donor').answer({ thumbnail: { sha256: 'f'.repeat(64), type: 'image/webp', bytes: 1 } })
    expect(mixing.thumbnailOf(mix.donor)).toBe(`blobs/${'f'.repeat(64)}`)
  })

  it('get weights from the method as one step', async () => {
    add(mix)
    const adapting = useMixing().adapt('m')
    await host.last('mix.adaptive').answer({ weights: [1, 0.5, 0.25] })
    await adapting
    expect(present().layers[0]).toMatchObject({ weights: [1, 0.5, 0.25] })
    useDocument().undo()
    expect(present().layers).toStrictEqual([mix])
  })
})

it('a picture file is laid over the middle of the photo, small enough to be seen whole', async () => {
  const placing = useMixing().place(new File([], 'hat.png', { type: 'image/png' }))
  await settled()
  await host.last('layer.picture').answer({ width: 3000, height: 1000, preview: { sha256: 'f'.repeat(64), type: 'image/webp', bytes: 1 } })
  await placing
  const [layer] = present().layers
  expect(layer).toMatchObject({ kind: 'image', center: [300, 200], opacity: 1, blend: 'normal' })
  expect(layer?.kind === 'image' && layer.scale * 3000).toBeCloseTo(240)
  expect(useView().selected?.id).toBe(layer?.id)
})
