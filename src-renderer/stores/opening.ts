import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { CallInput, Inversion, OpenedPhoto } from '../../src-main/contract/calls.ts'
import type { Recipe } from '../../src-main/contract/document.ts'
import { replaceLayers, setCrop } from '../document/edits.ts'
import { useHost } from '../host/host.ts'
import { newDocument, useDocument } from './document.ts'
import { useEngine } from './engine.ts'
import { useJobs } from './jobs.ts'
import { useJournal } from './journal.ts'
import { useToasts } from './toasts.ts'
import { useVariations } from './variations.ts'
import { useView } from './view.ts'

const REFINED_STEPS = 300

type Source = CallInput<'photo.open'>['source']

/** Opening a photo is inverting it: one path from a file, a sample or a paste to a document that can be edited. */
export const useOpening = defineStore('opening', () => {
  const document = useDocument()
  const engine = useEngine()
  const view = useView()
  const variations = useVariations()
  const jobs = useJobs()
  const journal = useJournal()
  const toasts = useToasts()

  const inversion = shallowRef<Inversion>()
  /** The face could not be inverted, or that was cancelled; the photo is open all the same. */
  const hasFailed = ref(false)
  /** Photos on their way, uploads included. */
  const underway = ref(0)
  const isOpening = computed(() => underway.value > 0)
  let inverting: AbortController | undefined
  let opening: AbortController | undefined

  const openSample = (name: string) => attempt(name, () => open({ sample: name }))
  const openBlob = (blob: string, name: string) => attempt(name, () => open({ blob, name }))

  /** Counts as opening while it lasts; a failure is shown. @returns whether it succeeded */
  async function attempt(where: string, task: () => Promise<unknown>): Promise<boolean> {
    underway.value++
    try {
      await task()
      return true
    } catch (error) {
      toasts.showError(error, where)
      return false
    } finally {
      underway.value--
    }
  }

  /** Reads a photo; a newer reading gives up an older one. @param packId whose detector looks for faces; without it the present pack's */
  async function read(source: Source, packId?: string): Promise<OpenedPhoto> {
    opening?.abort()
    const mine = new AbortController()
    opening = mine
    const pack = packId ?? (await engine.needPack()).id
    return jobs.track({ key: 'job.open' }, (signal, onProgress) => {
      signal.addEventListener('abort', () => mine.abort())
      return useHost().client.call('photo.open', { source, pack }, { signal: mine.signal, onProgress })
    })
  }
  /** Puts another document, or none, in the place of the present one, which stays among the recent documents. */
  function replace(start: () => void): void {
    journal.leave()
    variations.clear()
    inversion.value = undefined
    hasFailed.value = false
    view.reset()
    start()
  }

  /** Opens in place of the present document once the photo is read; until then, and if it cannot be read, the present one stays. */
  async function open(source: Source): Promise<OpenedPhoto> {
    const pack = await engine.needPack()
    const photo = await read(source, pack.id)
    replace(() => {
      document.start(photo, newDocument(photo, pack))
      journal.follow()
    })
    if (photo.faces.length === 0) view.setTool('crop')
    for (const warning of photo.warnings) toasts.show({ kind: 'warning', text: warning })
    if (photo.recipe !== undefined) offerRecipe(photo.recipe)
    return photo
  }

  /** A photo that the studio exported knows how it was made. Restoring needs the original, which may be in the cache; the edits alone fit any photo. */
  function offerRecipe(recipe: Recipe): void {
    const values = { count: recipe.layers.length }
    toasts.show({
      kind: 'info',
      text: { key: 'recipe.found', values },
      action: { label: { key: 'recipe.restore' }, run: () => void attempt(recipe.photo.name, () => restore(recipe)) },
    })
  }
  async function restore(recipe: Recipe): Promise<void> {
    await open({ blob: recipe.photo.id, name: recipe.photo.name })
    document.run({ key: 'step.restore' }, (draft) => {
      setCrop(recipe.crop)(draft)
      replaceLayers(recipe.layers)(draft)
      draft.composite = { ...recipe.composite }
    })
  }

  async function invert({ photo, crop, pack, quality, inversion: made }: Recipe): Promise<void> {
    inverting?.abort()
    const mine = new AbortController()
    inverting = mine
    hasFailed.value = false
    try {
      const result = await jobs.track({ key: 'job.invert' }, (signal, onProgress) => {
        signal.addEventListener('abort', () => mine.abort())
        // A refined one that an older file does not say the steps of is made with all of them.
        const steps = quality === 'refined' ? { steps: made?.steps ?? REFINED_STEPS } : {}
        const input = { photo: photo.id, crop, pack: pack.id, quality, ...steps }
        return useHost().client.call('photo.invert', input, { signal: mine.signal, onProgress })
      })
      if (inverting === mine) inversion.value = result
    } catch (error) {
      if (inverting === mine) hasFailed.value = true
      toasts.showError(error, photo.name)
    }
  }

  // The inversion belongs to the photo, the crop and the pack: whatever changes one of them (undo too) asks for it again; the host remembers.
  watch(
    [
      () => document.photo,
      () => {
        const recipe = document.recipe
        return recipe && JSON.stringify([recipe.crop, recipe.pack, recipe.quality, recipe.inversion])
      },
    ],
    () => {
      if (document.recipe !== undefined && engine.hasPack(document.recipe.pack.id)) void invert(document.recipe)
    },
  )

  async function invertAgain(): Promise<void> {
    if (document.recipe !== undefined) await invert(document.recipe)
  }

  return { inversion, hasFailed, isOpening, invertAgain, attempt, read, replace, openSample, openBlob }
})
