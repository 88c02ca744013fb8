import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { Rendered } from '../../src-main/contract/calls.ts'
import type { Recipe } from '../../src-main/contract/document.ts'
import { Cancelled } from '../../src-main/contract/errors.ts'
import { useHost } from '../host/host.ts'
import { useDocument } from './document.ts'
import { useRendering } from './rendering.ts'
import { layersWith } from './variation-groups.ts'
import { useVariations, variationId } from './variations.ts'
import { useView, type Shown } from './view.ts'

export const GRID = { least: 2, most: 9 } as const
/** Pictures of other states that stay at hand. */
const KEPT = 24

/** A name for a picture that is the same for the same picture. */
export const keyOf = (shown: Shown): string => ('id' in shown ? `${shown.kind} ${shown.id}` : shown.kind)

/** Pictures beside the one that is edited: the other side of a comparison, and the grid. Editing goes on in all of them. */
export const useComparing = defineStore('comparing', () => {
  const document = useDocument()
  const rendering = useRendering()
  const variations = useVariations()
  const view = useView()

  /** The pictures of the grid, and which one is chosen. */
  const grid = shallowRef<readonly Shown[]>([])
  const picked = ref(0)
  /** Cells of the filmstrip that were marked for the next grid. */
  const marked = shallowRef<readonly Shown[]>([])
  /** The figures of the difference map that is shown, shares of 1. */
  const difference = ref({ most: 0, share: 0 })
  const patches = shallowRef<ReadonlyMap<string, { state: string; patch: Rendered['patch'] }>>(new Map())
  const asking = new Map<string, AbortController>()

  /** Everything that something can be compared with, snapshots and variations included. */
  const choices = computed<readonly Shown[]>(() => [
    { kind: 'photo' },
    { kind: 'inversion' },
    { kind: 'result' },
    ...document.snapshots.map(({ id }) => ({ kind: 'snapshot' as const, id })),
    ...(variations.groups[0]?.results ?? []).map((result) => ({
      kind: 'variation' as const,
      id: variationId(variations.groups[0]!, result),
    })),
  ])
  /** Pictures that the canvas needs and the renderer of the document does not make. */
  const wanted = computed<readonly Shown[]>(() => {
    const needed = view.compare === 'grid' ? grid.value : view.compare === 'off' ? [] : [view.against]
    return needed.filter((shown) => recipeOf(shown) !== undefined && !isCanvasOwn(shown))
  })

  /** The picture that the document's own renderer makes anyway. */
  function isCanvasOwn(shown: Shown): boolean {
    return keyOf(shown) === keyOf(view.shown)
  }
  /** Undefined for the photo, the inversion, and what is no longer there. */
  function recipeOf(shown: Shown): Recipe | undefined {
    const present = document.recipe
    if (present === undefined) return undefined
    if (shown.kind === 'result') return present
    if (shown.kind === 'snapshot') {
      const snapshot = document.snapshots.find(({ id }) => id === shown.id)
      return snapshot && document.recipeAt(snapshot.step)
    }
    const found = shown.kind === 'variation' ? variations.find(shown.id) : undefined
    return found && { ...present, layers: layersWith(present.layers, found.result.layers) }
  }
  function patchOf(shown: Shown): Rendered['patch'] {
    return isCanvasOwn(shown) ? rendering.patch : patches.value.get(keyOf(shown))?.patch
  }
  /** Whether its picture is still on its way. */
  function isPending(shown: Shown): boolean {
    return !isCanvasOwn(shown) && recipeOf(shown) !== undefined && !patches.value.has(keyOf(shown))
  }

  async function ask(shown: Shown): Promise<void> {
    const key = keyOf(shown)
    const recipe = recipeOf(shown)
    if (recipe === undefined) return
    const maxSize = Math.ceil(rendering.fullSize / (view.compare === 'grid' ? 2 : 1))
    const state = JSON.stringify([recipe, maxSize])
    if (patches.value.get(key)?.state === state) return
    asking.get(key)?.abort()
    const mine = new AbortController()
    asking.set(key, mine)
    try {
      const { patch } = recipe.layers.length === 0 ? { patch: undefined } : await render(recipe, maxSize, mine.signal)
      const next = new Map(patches.value)
      next.delete(key)
      patches.value = new Map([...next, [key, { state, patch }] as const].slice(-KEPT))
    } catch (error) {
      // The document's own picture tells what is wrong with it; a neighbour of it only stays away.
      if (!(error instanceof Cancelled)) patches.value = new Map([...patches.value, [key, { state, patch: undefined }]])
    } finally {
      if (asking.get(key) === mine) asking.delete(key)
    }
  }
  const render = (recipe: Recipe, maxSize: number, signal: AbortSignal) =>
    useHost().client.call('edit.render', { ...recipe, maxSize, draft: false, purpose: 'compare' }, { signal })

  watch([wanted, () => document.isInGesture], ([list, isInGesture]) => {
    if (!isInGesture) for (const shown of list) void ask(shown)
  })
  watch(
    () => document.photo,
    () => {
      for (const each of asking.values()) each.abort()
      patches.value = new Map()
      marked.value = []
      grid.value = []
    },
    { flush: 'sync' },
  )

  /** The marked cells, or the result with its newest variations. */
  function openGrid(): void {
    const newest = choices.value.filter(({ kind }) => kind === 'result' || kind === 'variation')
    const chosen = marked.value.length >= GRID.least ? marked.value : newest.length >= GRID.least ? newest : choices.value.slice(0, 3)
    grid.value = chosen.slice(0, GRID.most)
    picked.value = 0
    view.compare = 'grid'
  }
  function closeGrid(): void {
    grid.value = []
    marked.value = []
    view.compare = 'off'
  }
  function toggleGrid(): void {
    if (view.compare === 'grid') closeGrid()
    else openGrid()
  }
  function pick(index: number): void {
    if (index >= 0 && index < grid.value.length) picked.value = index
  }
  /** Takes the chosen picture out; the last one that is left is shown alone. */
  function drop(): void {
    if (view.compare !== 'grid') return
    const rest = grid.value.filter((_, index) => index !== picked.value)
    grid.value = rest
    picked.value = Math.min(picked.value, rest.length - 1)
    if (rest.length < GRID.least) showAlone(0)
  }
  function showAlone(index: number): void {
    const shown = grid.value[index]
    closeGrid()
    if (shown !== undefined && shown.kind !== 'snapshot') view.shown = shown
  }
  function mark(shown: Shown): void {
    const rest = marked.value.filter((other) => keyOf(other) !== keyOf(shown))
    marked.value = rest.length < marked.value.length ? rest : [...rest, shown].slice(-GRID.most)
  }
  /** The next thing to compare with. */
  function nextAgainst(): void {
    const now = choices.value.findIndex((each) => keyOf(each) === keyOf(view.against))
    view.against = choices.value[(now + 1) % choices.value.length]!
  }

  return {
    grid,
    picked,
    marked,
    difference,
    choices,
    recipeOf,
    patchOf,
    isPending,
    openGrid,
    closeGrid,
    toggleGrid,
    pick,
    drop,
    showAlone,
    mark,
    nextAgainst,
  }
})
