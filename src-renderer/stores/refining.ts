import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { Inversion } from '../../src-main/contract/calls.ts'
import { Cancelled } from '../../src-main/contract/errors.ts'
import { useHost } from '../host/host.ts'
import { useDocument } from './document.ts'
import { useEngine } from './engine.ts'
import { useJobs } from './jobs.ts'
import { useOpening } from './opening.ts'
import { useToasts } from './toasts.ts'
import { useView, type Compare, type Shown } from './view.ts'

/** How long refining takes here, by pack; kept by the host, since measuring takes a second or two itself. */
const KEY = 'refining-times'
const ENOUGH_STEPS = 20

/** A better inversion while one watches: it may be stopped at any step and kept, or given up. Editing goes on meanwhile. */
export const useRefining = defineStore('refining', () => {
  const document = useDocument()
  const engine = useEngine()
  const jobs = useJobs()
  const opening = useOpening()
  const toasts = useToasts()
  const view = useView()

  const progress = shallowRef<{ step: number; of: number }>()
  const isRunning = computed(() => progress.value !== undefined)
  const isRefined = computed(() => document.recipe?.quality === 'refined')
  /** Whether a refinement was stopped before its last step. */
  const isUnfinished = ref(false)
  const times = shallowRef<Readonly<Record<string, number>>>({})
  const isMeasuring = ref(false)
  const milliseconds = computed(() => times.value[document.recipe?.pack.hash ?? engine.pack?.hash ?? ''])
  let running: { controller: AbortController; photo: string } | undefined

  void load()
  async function load(): Promise<void> {
    try {
      const { value } = await useHost().client.call('store.get', { key: KEY })
      if (value === undefined || value === null || typeof value !== 'object' || Array.isArray(value)) return
      const kept = Object.entries(value).flatMap(([hash, ms]) => (typeof ms === 'number' && ms > 0 ? [[hash, ms] as const] : []))
      times.value = { ...Object.fromEntries(kept), ...times.value }
    } catch {
      // Unknown times are measured again.
    }
  }
  function learn(hash: string, ms: number): void {
    times.value = { ...times.value, [hash]: ms }
    void useHost()
      .client.call('store.put', { key: KEY, value: times.value })
      .catch(() => undefined)
  }

  /** Measures how long it will take, once a pack and machine. */
  async function measure(): Promise<void> {
    const recipe = document.recipe
    if (recipe === undefined || milliseconds.value !== undefined || isMeasuring.value || opening.inversion === undefined) return
    isMeasuring.value = true
    try {
      const { refinedMs } = await useHost().client.call('photo.invert.time', {
        photo: recipe.photo.id,
        crop: recipe.crop,
        pack: recipe.pack.id,
      })
      learn(recipe.pack.hash, refinedMs)
    } catch {
      // Without a measurement the button only says what it does.
    } finally {
      isMeasuring.value = false
    }
  }

  async function start(): Promise<void> {
    const recipe = document.recipe
    const before = opening.inversion
    if (recipe === undefined || before === undefined || isRunning.value) return
    const controller = new AbortController()
    running = { controller, photo: recipe.photo.id }
    progress.value = { step: 0, of: 1 }
    const screen = watchInversion()
    let first: number | undefined
    let began = 0
    let each: number | undefined
    try {
      const input = { photo: recipe.photo.id, crop: recipe.crop, pack: recipe.pack.id, quality: 'refined' as const }
      const made = await jobs.track({ key: 'job.refine' }, (signal, report) => {
        signal.addEventListener('abort', () => controller.abort())
        return useHost().client.call('photo.invert', input, {
          signal: controller.signal,
          onProgress: ({ step, of, stage, closeness, inverted }) => {
            report({ stage: '', step, of })
            if (stage !== 'refine' || controller.signal.aborted) return
            first ??= step
            progress.value = { step, of }
            // Steps as they really came tell more than the two that were measured; those before the first one are the setting up.
            if (step - first >= ENOUGH_STEPS) each = (performance.now() - began) / (step - first)
            else if (step === first) began = performance.now()
            if (closeness !== undefined && inverted !== undefined) opening.inversion = { ...before, method: 'refined', closeness, inverted }
          },
        })
      })
      take(made)
    } catch (error) {
      opening.inversion = before
      if (!(error instanceof Cancelled)) toasts.showError(error, recipe.photo.name)
    } finally {
      if (each !== undefined) learn(recipe.pack.hash, each * (progress.value?.of ?? 0))
      progress.value = undefined
      running = undefined
      screen.restore()
    }
  }
  function take(made: Inversion): void {
    const steps = made.steps ?? 1
    isUnfinished.value = progress.value !== undefined && steps < progress.value.of
    opening.inversion = made
    document.run({ key: 'step.refine', values: { percent: Math.round(made.closeness.percent) } }, (draft) => {
      draft.quality = 'refined'
      draft.inversion = { steps }
    })
  }

  /** What it has reached by now becomes the document's inversion. */
  function stop(): void {
    if (running === undefined) return
    useHost()
      .client.call('photo.invert.stop', { photo: running.photo })
      .catch((error: unknown) => toasts.showError(error, 'Refine'))
  }
  function giveUp(): void {
    running?.controller.abort()
  }
  function backToInstant(): void {
    document.run({ key: 'step.instant' }, (draft) => {
      draft.quality = 'instant'
      delete draft.inversion
    })
  }

  /** The canvas shows the inversion beside the photo while it is refined, and then again what it showed before. */
  function watchInversion(): { restore: () => void } {
    const before: { shown: Shown; compare: Compare } = { shown: view.shown, compare: view.compare }
    view.shown = { kind: 'inversion' }
    view.against = { kind: 'photo' }
    view.compare = 'vertical'
    return {
      restore: () => {
        if (view.shown.kind !== 'inversion') return
        view.shown = before.shown
        view.compare = before.compare
      },
    }
  }

  // Another photo or another face: what is being refined is no longer looked at.
  watch(
    [() => document.photo, () => JSON.stringify(document.recipe?.crop)],
    () => {
      giveUp()
      isUnfinished.value = false
    },
    { flush: 'sync' },
  )

  return { progress, isRunning, isRefined, isUnfinished, milliseconds, isMeasuring, measure, start, stop, giveUp, backToInstant }
})
