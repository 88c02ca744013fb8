// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { Cancelled, StudioError } from '../../src-main/contract/errors.ts'
import { isEdit } from '../../src-main/contract/document.ts'
import { patchLayer } from '../document/edits.ts'
import { settled, type ControlledHost } from '../testing/controlled-host.ts'
import { freshStudio, openStudio, photo } from '../testing/opened.ts'
import { useDocument } from './document.ts'
import { useExporting } from './exporting.ts'
import { useIncomingFiles } from './incoming.ts'
import { useJobs } from './jobs.ts'
import { useOpening } from './opening.ts'
import { usePrompting } from './prompting.ts'
import { usePrompts } from './prompts.ts'
import { useRendering } from './rendering.ts'
import { useToasts } from './toasts.ts'
import { useVariations, variationId } from './variations.ts'
import { useView } from './view.ts'

const blob = (letter: string) => ({ sha256: letter.repeat(64), type: 'image/png', bytes: 1 })
const rendered = (letter: string) => ({
  patch: { ...blob(letter), box: { x: 0, y: 0, width: 10, height: 10 } },
  timings: { synthesize: 40, composite: 10 },
  unknownWords: [],
  channels: {},
})

/** Types a prompt of two parts and answers everything up to the first picture. */
async function edit(host: ControlledHost): Promise<void> {
  useRendering()
  const run = usePrompting().run('smiling, with red hair')
  await settled()
  await host.last('edit.split').answer({ parts: ['smiling', 'red hair'], unknownWords: [] })
  await settled()
  await host.last('edit.render').answer(rendered('1'))
  await settled()
  void run
}

beforeEach(() => localStorage.clear())

describe('opening', () => {
  it('makes a document of the photo and inverts it', async () => {
    const host = await openStudio()
    expect(useDocument().recipe).toMatchObject({ photo: { name: 'holiday.jpg' }, crop: photo.crop, layers: [] })
    expect(host.last('photo.invert').input).toMatchObject({ photo: photo.id, crop: photo.crop })
    expect(useDocument().isEdited).toBe(false)
  })

  it('keeps the photo when its face cannot be inverted, and tries again when asked', async () => {
    const host = await openStudio()
    const error = { where: 'Rendered portraits', what: 'it is not aligned yet', todo: 'Align the pack first.' }
    await host.last('photo.invert').fail(new StudioError('pack.not-aligned', error))
    expect(useOpening().hasFailed).toBe(true)
    expect(useDocument().photo?.name).toBe('holiday.jpg')
    void useOpening().invertAgain()
    expect(useOpening().hasFailed).toBe(false)
    expect(host.count('photo.invert')).toBe(2)
  })

  it('inverts a photo that is opened again', async () => {
    const host = await openStudio()
    const opening = useOpening().openSample('holiday')
    await settled()
    await host.last('photo.open').answer({ ...photo })
    await opening
    await settled()
    expect(host.count('photo.invert')).toBe(2)
  })

  it('keeps the present document when the next photo cannot be read, and says why', async () => {
    const host = await openStudio()
    const before = useDocument().recipe
    const opening = useIncomingFiles().openFile(new File(['hi'], 'letter.jpg'))
    await settled()
    const error = { where: 'letter.jpg', what: 'it is a text file', todo: 'Choose a picture.' }
    await host.last('photo.open').fail(new StudioError('photo.not-an-image', error))
    await opening
    expect(useDocument().recipe).toBe(before)
    expect(useToasts().list[0]).toMatchObject({ kind: 'error', text: 'letter.jpg: it is a text file.', todo: 'Choose a picture.' })
  })

  it('asks for the packs again when there was none, and says what to do when there still is none', async () => {
    const host = await freshStudio([])
    const opening = useOpening().openSample('holiday')
    await settled()
    await host.last('packs.list').answer([])
    await opening
    expect(useToasts().list[0]).toMatchObject({ kind: 'error', text: 'Packs: no usable pack was found.' })
    expect(host.count('photo.open')).toBe(0)
  })

  it('says nothing when it is cancelled', async () => {
    await freshStudio()
    const opening = useOpening().openSample('holiday')
    await settled()
    useJobs().current!.cancel()
    await opening
    expect(useToasts().list).toStrictEqual([])
    expect(useJobs().list).toStrictEqual([])
  })

  it('offers a recipe that the file carries, and restores the original with its edits', async () => {
    const recipe = { ...(await openStudio(), useDocument().recipe!), layers: [] as never[] }
    const host = await openStudio({ recipe: { ...recipe, composite: { ...recipe.composite, feather: 0.2 } } })
    useToasts().list[0]!.action!.run()
    await settled()
    expect(host.last('photo.open').input.source).toStrictEqual({ blob: photo.id, name: 'holiday.jpg' })
    await host.last('photo.open').answer(photo)
    expect(useDocument().recipe!.composite.feather).toBe(0.2)
  })
})

describe('editing', () => {
  it('makes one layer of each part in one undo step, shows the picture, then asks for variations', async () => {
    const host = await openStudio()
    await edit(host)
    const document = useDocument()
    expect(document.layers.filter(isEdit).map((layer) => layer.text)).toStrictEqual(['smiling', 'red hair'])
    expect(document.steps).toHaveLength(1)
    expect(useRendering().patch?.sha256).toBe('1'.repeat(64))
    expect(host.last('edit.variations').input.vary).toStrictEqual(document.layers.map((layer) => layer.id))
    expect(usePrompts().history[0]).toBe('smiling, with red hair')
    document.undo()
    await settled()
    expect(document.layers).toHaveLength(0)
    expect(useRendering().patch).toBeUndefined()
  })

  it('draws drafts while a slider moves and the full picture when it is let go', async () => {
    const host = await openStudio()
    await edit(host)
    const document = useDocument()
    const id = document.layers[0]!.id
    document.mark({ key: 'step.strength' })
    document.preview(patchLayer(id, { strength: 1.5 }))
    await settled()
    expect(host.last('edit.render').input).toMatchObject({ draft: true })
    document.preview(patchLayer(id, { strength: 1.7 }))
    document.preview(patchLayer(id, { strength: 2 }))
    document.settle()
    await settled()
    const full = host.last('edit.render')
    expect(full.input).toMatchObject({ draft: false, layers: [{ strength: 2 }, { strength: 1 }] })
    await full.answer(rendered('2'))
    expect(useRendering().patch?.sha256).toBe('2'.repeat(64))
    expect(useRendering().milliseconds).toBe(50)
    expect(document.steps).toHaveLength(2)
  })

  it('shows a variation as the result it would be, and keeps it in one step', async () => {
    const host = await openStudio()
    await edit(host)
    const document = useDocument()
    const layers = document.layers.filter(isEdit).map((layer) => ({ ...layer, variation: { seed: 7, amount: 0.5 } }))
    const variations = useVariations()
    host.last('edit.variations').progress({ index: 0, layers, thumbnail: blob('3') })
    expect(variations.list).toHaveLength(1)
    useView().shown = { kind: 'variation', id: variationId(variations.groups[0]!, variations.list[0]!) }
    await settled()
    expect(host.last('edit.render').input.layers[0]).toMatchObject({ variation: { seed: 7, amount: 0.5 } })
    expect(document.steps).toHaveLength(1)
    variations.keep()
    expect(document.layers[0]).toMatchObject({ variation: { seed: 7, amount: 0.5 } })
    expect(document.steps).toHaveLength(2)
    expect(useView().shown).toStrictEqual({ kind: 'result' })
    expect(variations.isStale).toBe(false)
    document.run({ key: 'step.strength' }, patchLayer(layers[0]!.id, { strength: -1 }))
    expect(variations.isStale).toBe(true)
  })

  it('draws again when the engine was restarted', async () => {
    const host = await openStudio()
    await edit(host)
    const before = host.count('edit.render')
    host.emit('engine.status', { phase: 'restarting', devices: [] })
    await settled()
    host.emit('engine.status', { phase: 'ready', devices: [] })
    await settled()
    expect(host.count('edit.render')).toBe(before + 1)
  })

  it('does not report a render that the engine dropped for a newer one', async () => {
    const host = await openStudio()
    await edit(host)
    useDocument().run({ key: 'step.strength' }, patchLayer(useDocument().layers[0]!.id, { strength: 2 }))
    await settled()
    await host.last('edit.render').fail(new Cancelled())
    expect(useToasts().list).toStrictEqual([])
  })
})

describe('exporting', () => {
  it('asks for the whole recipe and counts the document as saved', async () => {
    const host = await openStudio()
    await edit(host)
    expect(useDocument().isEdited).toBe(true)
    const saving = useExporting().run()
    await settled()
    expect(host.last('export.render').input).toMatchObject({ format: 'jpeg', metadata: 'all', aiLabel: true, recipe: useDocument().recipe })
    await host
      .last('export.render')
      .answer({ blob: blob('9'), name: 'x.jpg', width: 600, height: 400, warnings: ['no room for the recipe'] })
    expect(await saving).toBe(true)
    expect(useDocument().isEdited).toBe(false)
    expect(useToasts().list.map((toast) => toast.kind)).toStrictEqual(['warning', 'info'])
  })
})
