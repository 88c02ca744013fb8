import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { OpenedDocument, OpenedPhoto } from '../../src-main/contract/calls.ts'
import { storedHistorySchema, type StoredHistory } from '../../src-main/contract/history.ts'
import * as history from '../document/history.ts'
import { useHost } from '../host/host.ts'
import { useDocument } from './document.ts'
import { useEngine } from './engine.ts'
import { useJobs } from './jobs.ts'
import { useJournal } from './journal.ts'
import { useOpening } from './opening.ts'
import { useLastRender } from './last-render.ts'
import { useRendering } from './rendering.ts'
import { useToasts } from './toasts.ts'
import { useVariations } from './variations.ts'
import { useThumbnails } from './thumbnails.ts'
import { chooseTarget, writeTarget, type PageFile } from './page-files.ts'

/** Documents as files of the person's own, and documents that the host kept: saving, opening, going on after a crash, closing. */
export const useProjects = defineStore('projects', () => {
  const document = useDocument()
  const engine = useEngine()
  const journal = useJournal()
  const jobs = useJobs()
  const opening = useOpening()
  const lastRender = useLastRender()
  const rendering = useRendering()
  const thumbnails = useThumbnails()
  const toasts = useToasts()
  const variations = useVariations()

  /** What is known of documents by their id: how they are called, and the file that Save writes to where the page itself has one. */
  const named = shallowRef<{ id: string; name: string }>()
  const pageFile = shallowRef<{ id: string; file: PageFile }>()
  const isSaving = ref(false)
  /** What the window's title calls the document. */
  const name = computed(() => (named.value?.id === journal.id ? named.value?.name : undefined) ?? document.recipe?.photo.name)

  /** @param asks where to, even if that is known @returns whether a file was written; a person may change their mind */
  async function save(asks: boolean): Promise<boolean> {
    const { photo } = document
    if (photo === undefined || isSaving.value) return false
    isSaving.value = true
    const file = `${proposedName(name.value ?? photo.name)}.stylebridge`
    try {
      const isDesktop = engine.info?.host === 'electron'
      const known = pageFile.value?.id === journal.id && !asks ? pageFile.value?.file : undefined
      const target = isDesktop ? undefined : await chooseTarget(file, known)
      if (!isDesktop && target === undefined) return false
      return await jobs.track({ key: 'job.save' }, () => write(photo, target, file, asks))
    } catch (error) {
      toasts.showError(error, file)
      return false
    } finally {
      isSaving.value = false
    }
  }
  /** @param target undefined where the host itself writes files */
  async function write(photo: OpenedPhoto, target: PageFile | undefined, file: string, asks: boolean): Promise<boolean> {
    await rendering.whenIdle()
    await journal.whenKept()
    const { id } = journal
    const { recipe, stepNow } = document
    if (id === undefined || recipe === undefined || document.photo !== photo) return false
    const { client } = useHost()
    const pictures = await lastRender.make()
    const { blob } = await client.call('projects.pack', { id, recipe, ...pictures })
    await client.call('documents.describe', { id, isEdited: true, isUnsaved: document.isEdited, ...pictures })
    const saved =
      target === undefined
        ? await client.call('projects.save', { id, blob: blob.sha256, name: file, asks })
        : await writeHere(id, blob.sha256, target)
    if (saved.name === undefined) return false
    if (journal.id === id) {
      named.value = { id, name: saved.name }
      document.markSaved(stepNow)
    }
    toasts.show({ kind: 'info', text: { key: 'project.saved', values: { name: saved.path ?? saved.name } } })
    return true
  }
  async function writeHere(id: string, blob: string, target: PageFile): Promise<{ name: string; path?: string }> {
    await writeTarget(target, blob)
    await useHost().client.call('projects.saved', { id, name: target.name })
    pageFile.value = { id, file: target }
    return { name: withoutExtension(target.name), path: target.name }
  }

  /** A project file that the host has as a blob. @param file where the page may save it again */
  const openBlob = (blob: string, fileName: string, file?: PageFile) =>
    opening.attempt(fileName, async () => {
      const found = await jobs.track({ key: 'job.open' }, () => useHost().client.call('projects.open', { blob, name: fileName }))
      await show(found)
      if (file !== undefined) pageFile.value = { id: found.id, file }
    })
  /** A document of the host's own list. */
  const openRecent = (id: string, recentName: string) =>
    opening.attempt(recentName, async () => {
      await show(await jobs.track({ key: 'job.open' }, () => useHost().client.call('documents.open', { id, isRecovery: false })))
    })

  /**
   * Shows a document that the host has opened for this page. When that fails, the one shown before stays, and the host is told; but not of a recovery,
   * which is tried once more at the next start.
   */
  async function show(found: OpenedDocument, isRecovery = false): Promise<void> {
    try {
      const stored = await readHistory(found)
      const past = history.restore(stored)
      const { photo: source, pack } = past.present
      const photo = await opening.read({ blob: source.id, name: source.name }, engine.hasPack(pack.id) ? pack.id : undefined)
      opening.replace(() => {
        document.resume(photo, past, { snapshots: stored.snapshots, saved: stored.saved, isProject: found.kind === 'project' })
        variations.restore(stored.variations ?? [])
        journal.follow({ id: found.id, lines: found.lines, pictures: stored.pictures })
      })
      named.value = { id: found.id, name: found.name }
      thumbnails.recall(stored.pictures)
      lastRender.recall(found.render)
      if (found.isCopy) toasts.show({ kind: 'warning', text: { key: 'project.copy', values: { name: found.name } } })
      warnOfPack(found)
    } catch (error) {
      if (!isRecovery) await tellLeft(found.id)
      throw error
    }
    await rendering.whenIdle()
    await useHost().client.call('documents.arrived', { id: found.id })
  }
  const tellLeft = (id: string) =>
    useHost()
      .client.call('documents.leave', { id })
      .catch(() => undefined)
  function warnOfPack({ name: documentName, packTitle, render }: OpenedDocument): void {
    const { pack } = document.recipe!
    const present = engine.packs.find(({ id }) => id === pack.id)
    if (present?.hash === pack.hash) return
    const key = present !== undefined ? 'project.otherPack' : render === undefined ? 'project.noPack' : 'project.noPackPicture'
    toasts.show({ kind: 'warning', text: { key, values: { name: documentName, pack: packTitle || pack.id } } })
  }

  /** At the start of the page: goes on with what a reload or a crash interrupted. @returns whether there was something */
  async function startUp(): Promise<boolean> {
    const { client } = useHost()
    const last = journal.remembered()
    const { reopen, setAside } = await client.call('documents.startup', last === undefined ? {} : { last })
    for (const each of setAside) toasts.show({ kind: 'error', text: { key: 'project.setAside', values: { name: each } } })
    if (reopen === undefined) return false
    const isBack = await opening.attempt(reopen.name, async () =>
      show(await client.call('documents.open', { id: reopen.id, isRecovery: true }), true),
    )
    if (isBack && reopen.because === 'crash')
      toasts.show({ kind: 'info', text: { key: 'project.recovered', values: { name: reopen.name } } })
    return isBack
  }

  /** Back to the start screen. The document stays among the recent ones. */
  const close = () => opening.replace(() => document.close())

  return { name, isSaving, save, openBlob, openRecent, startUp, close }
})

const withoutExtension = (name: string) => name.replace(/\.stylebridge$/i, '')
const proposedName = (name: string) => withoutExtension(name).replace(/\.(jpe?g|png|webp|avif|tiff?|heic)$/i, '')

async function readHistory({ history: sha256 }: OpenedDocument): Promise<StoredHistory> {
  const response = await fetch(useHost().blobUrl(sha256))
  return storedHistorySchema.parse(await response.json())
}
