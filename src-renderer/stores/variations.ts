import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { VariationResult } from '../../src-main/contract/calls.ts'
import { isEdit, type Layer } from '../../src-main/contract/document.ts'
import type { KeptVariation, VariationGroup } from '../../src-main/contract/variations.ts'
import { replaceLayers } from '../document/edits.ts'
import { useHost } from '../host/host.ts'
import { useDocument } from './document.ts'
import { useJobs } from './jobs.ts'
import { useSettings } from './settings.ts'
import { useToasts } from './toasts.ts'
import { filtered, layersWith, limited, stateOf, withResult } from './variation-groups.ts'
import { useView } from './view.ts'

const THUMBNAIL_SIZE = 256

/** A variation's name on the screen: its group and its place in it. */
export const variationId = (group: VariationGroup, { index }: KeptVariation): string => `${group.id}.${index}`

/**
 * The strip of results: a group for every ask, the newest first. A variation belongs to the document state that it was made from, and its group says
 * so when that moved on; what is shown of it is what keeping it would give.
 */
export const useVariations = defineStore('variations', () => {
  const document = useDocument()
  const view = useView()
  const jobs = useJobs()
  const settings = useSettings()
  const toasts = useToasts()

  const groups = shallowRef<readonly VariationGroup[]>([])
  const words = ref('')
  const rating = ref(0)
  /** The next seed: no two asks of a document share one. */
  const seed = ref(1)
  let controller: AbortController | undefined

  const stateNow = computed(() => (document.recipe === undefined ? '' : stateOf(document.recipe)))
  const newest = computed(() => groups.value[0])
  const list = computed<readonly KeptVariation[]>(() => newest.value?.results ?? [])
  const expected = computed(() => newest.value?.expected ?? 0)
  const isStale = computed(() => newest.value !== undefined && isStaleGroup(newest.value))
  /** What the filmstrip shows. */
  const shownGroups = computed(() => filtered(groups.value, { words: words.value, rating: rating.value }))
  const shown = computed(() => (view.shown.kind === 'variation' ? find(view.shown.id) : undefined))
  const shownLayers = computed<readonly Layer[] | undefined>(() => shown.value && layersWith(document.layers, shown.value.result.layers))

  function isStaleGroup(group: VariationGroup): boolean {
    return group.state !== stateNow.value
  }
  function find(id: string): { group: VariationGroup; result: KeptVariation } | undefined {
    const group = groups.value.find((each) => id.startsWith(`${each.id}.`))
    const result = group?.results.find((each) => variationId(group, each) === id)
    return group === undefined || result === undefined ? undefined : { group, result }
  }
  function change(id: string, to: (group: VariationGroup) => VariationGroup): void {
    groups.value = groups.value.map((group) => (group.id === id ? to(group) : group))
  }

  /**
   * Asks for results of the given layers with seeds that were not seen yet; they appear as they are finished. A newer ask ends an older one, which
   * keeps what it got. @param around the variation whose neighbours are wanted, instead of results far from each other
   */
  async function ask(layerIds: readonly string[], around?: KeptVariation): Promise<void> {
    const present = document.recipe
    if (present === undefined || layerIds.length === 0) return
    stop()
    const mine = new AbortController()
    controller = mine
    const count = settings.values.variations
    const recipe = around === undefined ? present : { ...present, layers: layersWith(present.layers, around.layers) }
    const id = crypto.randomUUID().slice(0, 8)
    const prompt = recipe.layers.filter((layer) => layerIds.includes(layer.id)).filter(isEdit)
    groups.value = limited([
      {
        id,
        prompt: prompt.map(({ text }) => text).join(', '),
        made: new Date().toISOString(),
        vary: [...layerIds],
        expected: count,
        state: stateOf(present),
        results: [],
      },
      ...groups.value,
    ])
    const add = (result: VariationResult) => {
      if (!mine.signal.aborted) change(id, (group) => withResult(group, result))
    }
    const input = { recipe, vary: [...layerIds], count, seed: seed.value, size: THUMBNAIL_SIZE, ...(around ? { around: true } : {}) }
    seed.value += count
    try {
      const { variations } = await jobs.track({ key: 'job.variations' }, (signal) => {
        signal.addEventListener('abort', () => mine.abort())
        return useHost().client.call('edit.variations', input, { signal: mine.signal, onProgress: add })
      })
      variations.forEach(add)
    } catch (error) {
      toasts.showError(error, 'Variations')
    } finally {
      change(id, (group) => ({ ...group, expected: group.results.length }))
      groups.value = groups.value.filter((group) => group.id !== id || group.results.length > 0)
    }
  }

  /** More of the kind of the shown variation. */
  async function askAround(): Promise<void> {
    const now = shown.value
    if (now !== undefined) await ask(now.group.vary, now.result)
  }

  /** The shown variation becomes the document's, in one undo step. */
  function keep(): void {
    const layers = shownLayers.value
    if (shown.value === undefined || layers === undefined) return
    const { group, result } = shown.value
    document.run({ key: 'step.variation', values: { number: result.index + 1 } }, replaceLayers(layers))
    change(group.id, (each) => ({ ...each, state: stateOf(document.recipe!) }))
    view.shown = { kind: 'result' }
  }

  function rate(id: string, stars: number): void {
    const found = find(id)
    if (found === undefined) return
    const results = found.group.results.map((each) => (each === found.result ? { ...each, rating: stars } : each))
    change(found.group.id, (group) => ({ ...group, results }))
  }
  /** One star or none, of the shown variation. */
  function star(): void {
    if (shown.value !== undefined) rate(variationId(shown.value.group, shown.value.result), shown.value.result.rating > 0 ? 0 : 1)
  }

  function stop(): void {
    controller?.abort()
    controller = undefined
  }
  function clear(): void {
    stop()
    groups.value = []
    words.value = ''
    rating.value = 0
    if (view.shown.kind === 'variation') view.shown = { kind: 'result' }
  }
  /** What a document was kept with: plain data, as `groups` gives it. */
  function restore(kept: readonly VariationGroup[]): void {
    clear()
    groups.value = limited(kept.map((group) => ({ ...group, expected: group.results.length })))
    const samples = kept.flatMap(({ results }) => results.flatMap(({ layers }) => layers.filter(isEdit).map(({ variation }) => variation)))
    const seeds = samples.flatMap((sample) => (sample === undefined ? [] : [sample.seed, ...(sample.more ?? []).map((more) => more.seed)]))
    seed.value = Math.max(0, ...seeds) + 1
  }

  return {
    groups,
    words,
    rating,
    seed,
    shownGroups,
    list,
    expected,
    isStale,
    shown,
    shownLayers,
    isStaleGroup,
    find,
    ask,
    askAround,
    keep,
    rate,
    star,
    clear,
    restore,
  }
})
