// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OpenedDocument } from '../../src-main/contract/calls.ts'
import type { StoredHistory } from '../../src-main/contract/history.ts'
import { setComposite } from '../document/edits.ts'
import { settled, type ControlledHost } from '../testing/controlled-host.ts'
import { freshStudio, openStudio, photo } from '../testing/opened.ts'
import { newDocument, useDocument } from './document.ts'
import { useJournal } from './journal.ts'
import { useProjects } from './projects.ts'
import { useRendering } from './rendering.ts'
import { useSnapshots } from './snapshots.ts'
import { useToasts } from './toasts.ts'
import { demoPack } from '../testing/demo-pack.ts'

const id = '11111111-1111-1111-1111-111111111111'
const opened: OpenedDocument = { id, name: 'holiday', history: 'e'.repeat(64), lines: 3, kind: 'project', packTitle: 'Demo', isCopy: false }
const softer = setComposite({ feather: 0.2 })
const label = { key: 'step.feather' }

/** What the host has of a document with one step, at which a snapshot was taken. */
function stored(pack = demoPack.id): StoredHistory {
  const before = newDocument(photo, { ...demoPack, id: pack })
  return {
    format: 1,
    root: 0,
    opened: before,
    steps: [
      {
        id: 1,
        parent: 0,
        label,
        forward: [{ op: 'replace', path: ['composite', 'feather'], value: 0.2 }],
        backward: [{ op: 'replace', path: ['composite', 'feather'], value: before.composite.feather }],
        at: 1,
      },
    ],
    current: 1,
    snapshots: [{ id: 's', name: 'Soft', step: 1, at: 2 }],
    pictures: [],
    saved: 1,
  }
}
const answering = (history: unknown) => vi.stubGlobal('fetch', () => Promise.resolve({ json: () => Promise.resolve(history) }))

/** Answers what showing an opened document asks for. */
async function shown(host: ControlledHost): Promise<void> {
  await settled()
  await host.last('photo.open').answer(photo)
  await settled()
}

beforeEach(() => sessionStorage.clear())
afterEach(() => vi.unstubAllGlobals())

describe('the journal of the shown document', () => {
  it('begins when a photo is opened, and hears every step, walk, snapshot and saving', async () => {
    const host = await openStudio()
    await host.last('documents.begin').answer({ id })
    expect(useJournal().remembered()).toBe(id)
    const document = useDocument()
    document.run(label, softer)
    expect(host.last('documents.append').input).toMatchObject({ id, from: 0, lines: [{ kind: 'step', step: { id: 1, parent: 0 } }] })
    await host.last('documents.append').answer({ lines: 1 })
    document.undo()
    useSnapshots().take()
    document.markSaved(1)
    await host.last('documents.append').answer({ lines: 2 })
    expect(host.last('documents.append').input.lines).toMatchObject([{ kind: 'snapshots' }, { kind: 'saved', step: 1 }])
  })

  it('hears nothing of a gesture until it is settled, also when the next gesture settles it', async () => {
    const host = await openStudio()
    await host.last('documents.begin').answer({ id })
    const document = useDocument()
    document.mark(label)
    document.preview(softer)
    expect(host.count('documents.append')).toBe(0)
    document.mark(label)
    expect(host.last('documents.append').input.lines).toHaveLength(1)
  })

  it('is left when another photo is shown', async () => {
    const host = await openStudio()
    await host.last('documents.begin').answer({ id })
    useProjects().close()
    await settled()
    expect(host.last('documents.leave').input).toStrictEqual({ id })
    expect(useJournal().remembered()).toBeUndefined()
    expect(useDocument().recipe).toBeUndefined()
  })
})

describe('going on', () => {
  it('brings back the document that a crash interrupted, with its history', async () => {
    const host = await freshStudio()
    answering(stored())
    const starting = useProjects().startUp()
    await host.last('documents.startup').answer({ reopen: { id, name: 'holiday', because: 'crash' }, setAside: ['wedding.jpg'] })
    expect(host.last('documents.open').input).toStrictEqual({ id, isRecovery: true })
    void host.last('documents.open').answer(opened)
    await shown(host)
    await host.last('documents.arrived').answer({})
    expect(await starting).toBe(true)
    const document = useDocument()
    expect(document.recipe?.composite.feather).toBe(0.2)
    expect(document.isEdited).toBe(false)
    expect(useSnapshots().list).toMatchObject([{ name: 'Soft' }])
    expect(useProjects().name).toBe('holiday')
    document.undo()
    expect(host.last('documents.append').input).toStrictEqual({ id, from: 3, lines: [{ kind: 'go', to: 0 }] })
    expect(document.isEdited).toBe(true)
    expect(useToasts().list.map((toast) => toast.kind)).toStrictEqual(['error', 'info'])
  })

  it('starts with nothing when the document cannot be read, and does not count it as closed', async () => {
    const host = await freshStudio()
    answering({ format: 99 })
    const starting = useProjects().startUp()
    await host.last('documents.startup').answer({ reopen: { id, name: 'holiday', because: 'crash' }, setAside: [] })
    await host.last('documents.open').answer(opened)
    expect(await starting).toBe(false)
    expect(host.count('documents.leave')).toBe(0)
    expect(useToasts().list[0]?.kind).toBe('error')
  })

  it('shows the last saved picture of a document whose pack is missing, and asks the engine for nothing', async () => {
    const host = await freshStudio()
    answering(stored('cats'))
    const opening = useProjects().openRecent(id, 'holiday')
    await host.last('documents.open').answer({ ...opened, packTitle: 'Cats', render: '9'.repeat(64) })
    await shown(host)
    await host.last('documents.arrived').answer({})
    await opening
    expect(useRendering().patch).toMatchObject({ sha256: '9'.repeat(64), box: { width: photo.width, height: photo.height } })
    expect(useToasts().list[0]?.text).toMatchObject({ key: 'project.noPackPicture', values: { pack: 'Cats' } })
    expect(host.count('edit.render') + host.count('photo.invert')).toBe(0)
  })
})

describe('saving', () => {
  it('writes a download where pages cannot write files, and the dot goes out', async () => {
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined)
    const host = await openStudio()
    await host.last('documents.begin').answer({ id })
    const document = useDocument()
    document.run(label, softer)
    await host.last('documents.append').answer({ lines: 1 })
    const saving = useProjects().save(false)
    await settled()
    await host.last('projects.pack').answer({ blob: { sha256: '7'.repeat(64), type: 'application/zip', bytes: 9 } })
    await host.last('documents.describe').answer({})
    expect(host.last('projects.saved').input).toStrictEqual({ id, name: 'holiday.stylebridge' })
    await host.last('projects.saved').answer({})
    expect(await saving).toBe(true)
    expect(click).toHaveBeenCalledOnce()
    expect(document.isEdited).toBe(false)
    document.undo()
    document.markExported()
    expect(document.isEdited).toBe(true)
  })
})
