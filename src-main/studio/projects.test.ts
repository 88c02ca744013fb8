import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { CallInput, CallName, CallOutput } from '../contract/calls.ts'
import type { CallContext, Handlers } from '../contract/channel.ts'
import { storedHistorySchema } from '../contract/history.ts'
import { BlobStore } from './blobs.ts'
import { takeLock } from './document-lock.ts'
import { Documents } from './documents.ts'
import { documentPage, type DocumentPage, type ProjectFiles } from './projects.ts'
import { Startup } from './startup.ts'
import { testPicture } from './testing.ts'
import { historyOf, testRecipe, testStep } from './testing-documents.ts'

let folder: string
let photo: string
let host: ReturnType<typeof startHost>
let pages: DocumentPage[] = []

/** A host on the folder, as often as wanted: what another program, or the next start, would see. */
function startHost(files?: ProjectFiles) {
  const blobs = new BlobStore(join(folder, 'cache'), join(folder, 'kept'))
  const documents = new Documents(join(folder, 'documents'), blobs)
  const startup = new Startup(documents)
  return {
    blobs,
    documents,
    page: () => {
      const page = documentPage({ documents, blobs, startup, version: '1', files })
      pages.push(page)
      return { call: calling(page.handlers), close: () => page.close() }
    },
  }
}
const calling =
  (handlers: Handlers) =>
  async <K extends CallName>(name: K, input: CallInput<K>): Promise<CallOutput<K>> => {
    const handler = handlers[name] as unknown as (input: CallInput<K>, context: CallContext<K>) => Promise<CallOutput<K>>
    return handler(input, { signal: new AbortController().signal, progress: () => undefined })
  }

type Page = ReturnType<ReturnType<typeof startHost>['page']>
async function begun(page: Page): Promise<string> {
  const history = await host.blobs.put(Buffer.from(JSON.stringify(historyOf(testRecipe(photo)))))
  const { id } = await page.call('documents.begin', { name: 'holiday.jpg', packTitle: 'Tiny', history: history.sha256 })
  return id
}
const stepped = (page: Page, id: string, step: number) =>
  page.call('documents.append', { id, from: step - 1, lines: [{ kind: 'step', step: testStep(step, step - 1) }] })
const historyIn = async (sha256: string) => storedHistorySchema.parse(JSON.parse(Buffer.from(await host.blobs.read(sha256)).toString()))

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'documents-'))
  pages = []
  onTestFinished(async () => {
    for (const page of pages) await page.close()
    await rm(folder, { recursive: true, force: true })
  })
  host = startHost()
  photo = (await host.blobs.put(await testPicture('jpeg'))).sha256
})

describe('a document', () => {
  it('is reopened after a crash with every step, once, and its photo is kept', async () => {
    const page = host.page()
    const id = await begun(page)
    await stepped(page, id, 1)
    await stepped(page, id, 2)
    await page.close()
    await rm(join(folder, 'cache'), { recursive: true })

    host = startHost()
    const next = host.page()
    expect((await next.call('documents.startup', {})).reopen).toStrictEqual({ id, name: 'holiday.jpg', because: 'crash' })
    expect((await host.page().call('documents.startup', {})).reopen).toBeUndefined()
    const opened = await next.call('documents.open', { id, isRecovery: true })
    expect(opened).toMatchObject({ id, lines: 2, isCopy: false })
    expect(await historyIn(opened.history)).toMatchObject({ current: 2, steps: [{ id: 1 }, { id: 2 }] })
    expect((await host.blobs.read(photo)).byteLength).toBeGreaterThan(100)
  })

  it('is not reopened when its page closed it on purpose, except after a reload', async () => {
    const page = host.page()
    const id = await begun(page)
    await page.call('documents.leave', { id })
    expect((await host.page().call('documents.startup', {})).reopen).toBeUndefined()
    expect((await host.page().call('documents.startup', { last: id })).reopen).toMatchObject({ id, because: 'reload' })
  })

  it('is set aside when reopening it fails twice, told once, and can still be opened by hand', async () => {
    const page = host.page()
    const id = await begun(page)
    await page.close()
    for (let attempt = 0; attempt < 2; attempt++) {
      host = startHost()
      const crashing = host.page()
      expect((await crashing.call('documents.startup', {})).reopen).toMatchObject({ id })
      await crashing.call('documents.open', { id, isRecovery: true })
      await crashing.close()
    }
    host = startHost()
    const third = host.page()
    expect(await third.call('documents.startup', {})).toStrictEqual({ setAside: ['holiday.jpg'] })
    expect(await third.call('documents.startup', {})).toStrictEqual({ setAside: [] })
    expect((await third.call('documents.recent', {})).documents).toMatchObject([{ id, isSetAside: true }])
    await third.call('documents.open', { id, isRecovery: false })
    await third.call('documents.arrived', { id })
    expect((await third.call('documents.recent', {})).documents).toMatchObject([{ id, isSetAside: false }])
  })

  it('is never shared: another page and another program get a copy', async () => {
    const page = host.page()
    const id = await begun(page)
    await stepped(page, id, 1)
    const second = host.page()
    expect((await second.call('documents.recent', {})).documents).toMatchObject([{ id, isElsewhere: true }])
    const copy = await second.call('documents.open', { id, isRecovery: false })
    expect(copy.isCopy).toBe(true)
    expect(copy.id).not.toBe(id)
    await expect(stepped(second, id, 2)).rejects.toMatchObject({ code: 'document.elsewhere' })
    await stepped(second, copy.id, 1).catch(() => undefined)
    expect(await historyIn((await page.call('documents.open', { id, isRecovery: false })).history)).toMatchObject({ current: 1 })
  })

  it('that this page leaves while the list is read is not said to be open elsewhere', async () => {
    const page = host.page()
    const id = await begun(page)
    const listing = page.call('documents.recent', {})
    await Promise.resolve()
    await page.call('documents.leave', { id })
    expect((await listing).documents).toMatchObject([{ id, isElsewhere: false }])
  })

  it('goes on with a page that lost its connection', async () => {
    const page = host.page()
    const id = await begun(page)
    await stepped(page, id, 1)
    await page.close()
    const again = host.page()
    expect(await stepped(again, id, 2)).toStrictEqual({ lines: 2 })
  })

  it('is told once on the list when the same photo is opened again, unless there are unsaved changes', async () => {
    const page = host.page()
    await page.call('documents.leave', { id: await begun(page) })
    const second = await begun(page)
    await page.call('documents.describe', { id: second, isEdited: true, isUnsaved: true })
    await page.call('documents.leave', { id: second })
    await begun(page)
    expect((await page.call('documents.recent', {})).documents.map(({ kind, isUnsaved }) => [kind, isUnsaved])).toStrictEqual([
      ['photo', false],
      ['edits', true],
    ])
  })

  it('leaves the disk with its blobs once it was taken off the list, at the next start', async () => {
    const page = host.page()
    const id = await begun(page)
    await page.call('documents.leave', { id })
    await page.call('documents.forget', { id, isForgotten: true })
    expect((await page.call('documents.recent', {})).documents).toStrictEqual([])
    await page.call('documents.forget', { id, isForgotten: false })
    expect((await page.call('documents.recent', {})).documents).toHaveLength(1)
    await page.call('documents.forget', { id, isForgotten: true })
    await startHost().documents.tidy(join(folder, 'store'))
    await expect(readFile(join(folder, 'documents', id, 'journal.jsonl'))).rejects.toThrow()
  })
})

describe('a project', () => {
  it('goes to a file and comes back as a document of its own', async () => {
    const page = host.page()
    const id = await begun(page)
    await stepped(page, id, 1)
    const { blob } = await page.call('projects.pack', { id, recipe: testRecipe(photo) })
    const opened = await page.call('projects.open', { blob: blob.sha256, name: 'holiday.stylebridge' })
    expect(opened).toMatchObject({ name: 'holiday', kind: 'project', packTitle: 'Tiny', isCopy: false })
    expect(opened.id).not.toBe(id)
    expect(await historyIn(opened.history)).toMatchObject({ current: 1, saved: 1 })
  })

  it('is written where the desktop saved it before, and where a person says', async () => {
    const written: string[] = []
    const answers = ['/home/eva/first.stylebridge', undefined, '/home/eva/second.stylebridge']
    host = startHost({
      ask: async () => answers.shift(),
      write: async (_blob, path) => void written.push(path),
      pathOf: () => undefined,
    })
    const page = host.page()
    const id = await begun(page)
    const save = (asks: boolean) => page.call('projects.save', { id, blob: photo, name: 'holiday.stylebridge', asks })
    expect(await save(false)).toStrictEqual({ path: '/home/eva/first.stylebridge', name: 'first' })
    await save(false)
    expect(await save(true)).toStrictEqual({})
    expect((await save(true)).name).toBe('second')
    expect(written.map((path) => path.slice(10, -12))).toStrictEqual(['first', 'first', 'second'])
  })
})

describe('a lock', () => {
  it('is taken over from a program that has ended, never from one that runs', async () => {
    const path = join(folder, 'lock')
    const release = await takeLock(path)
    expect(release).toBeDefined()
    expect(await takeLock(path)).toBeUndefined()
    await release!()
    const ended = spawnSync(process.execPath, ['-e', '']).pid
    await writeFile(path, JSON.stringify({ pid: ended, at: Date.now(), key: 'x' }))
    expect(await takeLock(path)).toBeDefined()
    await writeFile(path, JSON.stringify({ pid: process.pid, at: 0, key: 'from before the machine was started' }))
    expect(await takeLock(path)).toBeDefined()
  })
})
