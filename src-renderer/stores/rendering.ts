import { defineStore } from 'pinia'
import { computed, nextTick, ref, shallowRef, watch } from 'vue'
import type { Rendered, RenderRequest } from '../../src-main/contract/calls.ts'
import { Cancelled } from '../../src-main/contract/errors.ts'
import type { Recipe } from '../../src-main/contract/document.ts'
import { useHost } from '../host/host.ts'
import { DraftLadder } from '../render/draft-ladder.ts'
import { LatestWins } from '../render/scheduler.ts'
import { useDocument } from './document.ts'
import { useEngine } from './engine.ts'
import { useLens } from './lens.ts'
import { useToasts } from './toasts.ts'
import { useVariations } from './variations.ts'

/** Keeps the picture on the canvas in step with the document: drafts while a gesture lasts, the full picture when it ends. */
export const useRendering = defineStore('rendering', () => {
  const document = useDocument()
  const engine = useEngine()
  const lens = useLens()
  const variations = useVariations()
  const toasts = useToasts()

  /** The changed part of the photo that the canvas lays over it. */
  const patch = shallowRef<Rendered['patch']>()
  /** The recipe that `patch` shows, and whether it is the full picture. */
  const rendered = shallowRef<{ recipe: Recipe; isDraft: boolean }>()
  const isBusy = ref(false)
  const unknownWords = ref<readonly string[]>([])
  const channels = ref<Rendered['channels']>({})
  /** Milliseconds of the last picture, all stages together. */
  const milliseconds = ref<number>()
  /** Longest side that the canvas can show now; the canvas keeps it up to date. */
  const fullSize = ref(1024)
  const drafts = new DraftLadder()
  let idle: (() => void)[] = []

  const recipe = computed<Recipe | undefined>(() => {
    const layers = variations.shownLayers
    if (document.recipe === undefined) return undefined
    return lens.through(layers === undefined ? document.recipe : { ...document.recipe, layers: [...layers] })
  })

  const queue = new LatestWins<RenderRequest, Rendered>({
    run: async (request, signal) => {
      const start = performance.now()
      const result = await useHost().client.call('edit.render', request, { signal })
      if (request.draft) drafts.took(performance.now() - start)
      return result
    },
    done: (result, { maxSize: _maxSize, draft, ...shown }) => {
      patch.value = result.patch
      rendered.value = { recipe: shown, isDraft: draft }
      unknownWords.value = result.unknownWords
      channels.value = { ...channels.value, ...result.channels }
      milliseconds.value = Object.values(result.timings).reduce((sum, each) => sum + each, 0)
    },
    failed: (error, { draft }) => {
      // The engine drops a render for a newer one, or restarts; the newer one, or the full one after a draft, is on its way.
      if (!(error instanceof Cancelled) && !draft) toasts.showError(error, 'Render')
    },
    busy: (busy) => {
      isBusy.value = busy
      if (busy) return
      for (const resolve of idle) resolve()
      idle = []
    },
  })

  function refresh(): void {
    const current = recipe.value
    if (current !== undefined && !engine.hasPack(current.pack.id)) return queue.cancel()
    if (current === undefined || current.layers.length === 0) {
      queue.cancel()
      patch.value = undefined
      unknownWords.value = []
      rendered.value = current && { recipe: current, isDraft: false }
      return
    }
    const draft = document.isInGesture || lens.glance !== undefined
    queue.request({ ...current, draft, maxSize: draft ? Math.min(drafts.size, fullSize.value) : fullSize.value }, draft ? 'draft' : 'full')
  }

  watch([recipe, () => document.isInGesture], ([, isInGesture], [, before]) => {
    if (before && !isInGesture) drafts.rest()
    refresh()
  })
  // A restarted engine has forgotten nothing that the document does not know: draw again.
  watch(
    () => engine.status.phase,
    (phase, before) => {
      if (phase === 'ready' && before === 'restarting') refresh()
    },
  )

  /** What is shown where the document's pack is missing: a picture of the whole photo, or the photo alone. */
  function showInstead(sha256: string | undefined): void {
    const { photo } = document
    if (photo === undefined) return
    const box = { x: 0, y: 0, width: photo.width, height: photo.height }
    patch.value = sha256 === undefined ? undefined : { sha256, type: 'image/jpeg', bytes: 0, box }
  }

  /** Resolves when everything asked so far is on the canvas. */
  async function whenIdle(): Promise<void> {
    await nextTick()
    if (isBusy.value) await new Promise<void>((resolve) => idle.push(resolve))
  }

  return { patch, rendered, isBusy, unknownWords, channels, milliseconds, fullSize, recipe, refresh, showInstead, whenIdle }
})
