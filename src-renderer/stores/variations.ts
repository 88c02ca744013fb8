import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { VariationResult } from '../../src-main/contract/calls.ts'
import type { Recipe } from '../../src-main/contract/document.ts'
import { patchLayer } from '../document/edits.ts'
import { useHost } from '../host/host.ts'
import { useDocument } from './document.ts'
import { useJobs } from './jobs.ts'
import { useToasts } from './toasts.ts'
import { useView } from './view.ts'

export const VARIATION_COUNT = 4
const THUMBNAIL_SIZE = 256

/** The strip of results for the last prompt. A variation belongs to the document state that it was made from, and says so when that moved on. */
export const useVariations = defineStore('variations', () => {
  const document = useDocument()
  const view = useView()
  const jobs = useJobs()
  const toasts = useToasts()

  const list = shallowRef<readonly VariationResult[]>([])
  const expected = ref(0)
  const vary = shallowRef<readonly string[]>([])
  const madeFrom = shallowRef<Recipe>()
  const seed = ref(1)
  let controller: AbortController | undefined

  const isStale = computed(() => madeFrom.value !== undefined && JSON.stringify(madeFrom.value) !== JSON.stringify(document.recipe))
  const shown = computed(() => {
    const now = view.shown
    return now.kind === 'variation' ? list.value.find((each) => each.index === now.index) : undefined
  })

  /** Asks for results of the given layers with seeds that were not seen yet; they appear as they are finished. A newer ask replaces an older one. */
  async function ask(layerIds: readonly string[]): Promise<void> {
    const recipe = document.recipe
    if (recipe === undefined || layerIds.length === 0) return
    clear()
    const mine = new AbortController()
    controller = mine
    expected.value = VARIATION_COUNT
    vary.value = layerIds
    madeFrom.value = recipe
    const add = (result: VariationResult) => {
      if (mine.signal.aborted || list.value.some((other) => other.index === result.index)) return
      list.value = [...list.value, result].sort((a, b) => a.index - b.index)
    }
    try {
      const { variations } = await jobs.track({ key: 'job.variations' }, (signal) => {
        signal.addEventListener('abort', () => mine.abort())
        return useHost().client.call(
          'edit.variations',
          { recipe, vary: [...layerIds], count: VARIATION_COUNT, seed: seed.value++, size: THUMBNAIL_SIZE },
          { signal: mine.signal, onProgress: add },
        )
      })
      variations.forEach(add)
    } catch (error) {
      toasts.showError(error, 'Variations')
    } finally {
      if (controller === mine) expected.value = list.value.length
    }
  }

  /** The shown variation becomes the document's, in one undo step. */
  function keep(): void {
    const result = shown.value
    if (result === undefined) return
    const kept = result.layers.filter((layer) => vary.value.includes(layer.id))
    document.run({ key: 'step.variation', values: { number: result.index + 1 } }, (draft) => {
      for (const { id, kind: _kind, ...patch } of kept) patchLayer(id, patch)(draft)
    })
    madeFrom.value = document.recipe
    view.shown = { kind: 'result' }
  }

  function clear(): void {
    controller?.abort()
    controller = undefined
    list.value = []
    expected.value = 0
    madeFrom.value = undefined
    if (view.shown.kind === 'variation') view.shown = { kind: 'result' }
  }

  return { list, expected, vary, seed, isStale, shown, ask, keep, clear }
})
