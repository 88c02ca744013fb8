import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { OpenedPhoto, PackSummary } from '../../src-main/contract/calls.ts'
import { defaultComposite, type Layer, type Recipe } from '../../src-main/contract/document.ts'
import type { DocumentChange } from '../document/edits.ts'
import * as history from '../document/history.ts'
import type { History, Label } from '../document/history.ts'

/** The document of a photo that was just opened: nothing edited, the crop that the host proposes. */
export function newDocument(photo: OpenedPhoto, pack: PackSummary): Recipe {
  return {
    format: 1,
    pack: { id: pack.id, hash: pack.hash },
    photo: { id: photo.id, name: photo.name },
    crop: photo.crop,
    quality: 'instant',
    layers: [],
    composite: defaultComposite,
  }
}

/** The one document, changed by commands alone. Everything that undo walks is here; what is on the screen is in the view store. */
export const useDocument = defineStore('document', () => {
  const photo = shallowRef<OpenedPhoto>()
  const past = shallowRef<History<Recipe>>()
  /** Where in the history the last export was made; the opened photo itself is position 0. */
  const savedAt = shallowRef<number>(0)

  const recipe = computed(() => past.value?.present)
  const layers = computed<readonly Layer[]>(() => recipe.value?.layers ?? [])
  const steps = computed(() => past.value?.steps ?? [])
  const position = computed(() => past.value?.position ?? 0)
  const isInGesture = computed(() => past.value?.mark !== undefined)
  const canUndo = computed(() => past.value !== undefined && history.canUndo(past.value))
  const canRedo = computed(() => past.value !== undefined && history.canRedo(past.value))
  /** Changed since it was opened or last exported. */
  const isEdited = computed(() => {
    const stepNow = steps.value[position.value - 1]?.id ?? 0
    return stepNow !== savedAt.value
  })

  function start(opened: OpenedPhoto, document: Recipe): void {
    photo.value = opened
    past.value = history.begin(document)
    savedAt.value = 0
  }
  function close(): void {
    photo.value = undefined
    past.value = undefined
  }
  function update(walk: (past: History<Recipe>) => History<Recipe>): void {
    if (past.value !== undefined) past.value = walk(past.value)
  }

  return {
    photo,
    recipe,
    layers,
    steps,
    position,
    isInGesture,
    canUndo,
    canRedo,
    isEdited,
    start,
    close,
    /** One change as one undo step. */
    run: (label: Label, change: DocumentChange) => update((past) => history.commit(past, label, change)),
    mark: (label: Label) => update((past) => history.mark(past, label)),
    preview: (change: DocumentChange) => update((past) => history.preview(past, change)),
    settle: (label?: Label) => update((past) => history.settle(past, label)),
    bail: () => update(history.bail),
    undo: () => update(history.undo),
    redo: () => update(history.redo),
    goTo: (place: number) => update((past) => history.goTo(past, place)),
    markSaved: () => {
      savedAt.value = steps.value[position.value - 1]?.id ?? 0
    },
  }
})
