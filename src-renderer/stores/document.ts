import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { OpenedPhoto, PackSummary } from '../../src-main/contract/calls.ts'
import { defaultComposite, type Layer, type Recipe } from '../../src-main/contract/document.ts'
import type { Snapshot } from '../../src-main/contract/history.ts'
import type { DocumentChange } from '../document/edits.ts'
import * as history from '../document/history.ts'
import type { History, Label } from '../document/history.ts'
import { HISTORY_LIMIT, limit, sizeOfSteps } from '../document/limit.ts'
import { lineThrough } from '../document/tree.ts'

type Shape = Pick<History<Recipe>, 'root' | 'steps' | 'current' | 'onward'>

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
  /** The step whose state lies in a file of the person's own, an export or a project; 0 is the opened photo. */
  const savedAt = shallowRef(0)
  /** The person has a project file of it. */
  const isProject = shallowRef(false)
  const snapshots = shallowRef<readonly Snapshot[]>([])

  const recipe = computed(() => past.value?.present)
  const layers = computed<readonly Layer[]>(() => recipe.value?.layers ?? [])
  /** A gesture's previews leave it as it is, so that lists are not made anew for every one of them. */
  const shape = computed<Shape | undefined>((before) => {
    const now = past.value
    if (now === undefined) return undefined
    const isSame = before?.steps === now.steps && before.current === now.current && before.onward === now.onward
    return isSame ? before : { root: now.root, steps: now.steps, current: now.current, onward: now.onward }
  })
  /** The present branch, redo included; `tree` has all branches. */
  const steps = computed(() => (shape.value === undefined ? [] : lineThrough(shape.value, shape.value.current)))
  const tree = computed(() => shape.value?.steps ?? [])
  const stepNow = computed(() => past.value?.current ?? 0)
  /** How many steps of the present branch are done. */
  const position = computed(() => steps.value.findIndex((step) => step.id === stepNow.value) + 1)
  const isInGesture = computed(() => past.value?.mark !== undefined)
  const canUndo = computed(() => past.value !== undefined && history.canUndo(past.value))
  const canRedo = computed(() => past.value !== undefined && history.canRedo(past.value))
  /** Changed since it was opened or last saved. */
  const isEdited = computed(() => past.value !== undefined && stepNow.value !== savedAt.value)

  function start(opened: OpenedPhoto, document: Recipe): void {
    resume(opened, history.begin(document))
  }
  /** Shows a document with the history that it already has. */
  function resume(
    opened: OpenedPhoto,
    before: History<Recipe>,
    kept: { snapshots?: readonly Snapshot[]; saved?: number | undefined; isProject?: boolean } = {},
  ): void {
    photo.value = opened
    past.value = before
    snapshots.value = kept.snapshots ?? []
    savedAt.value = kept.saved ?? 0
    isProject.value = kept.isProject ?? false
  }
  function close(): void {
    photo.value = undefined
    past.value = undefined
    snapshots.value = []
  }
  function update(walk: (past: History<Recipe>) => History<Recipe>): void {
    if (past.value === undefined) return
    const marks = snapshots.value.map((snapshot) => snapshot.step)
    const next = walk(past.value)
    const isTooLarge = next.steps !== past.value.steps && sizeOfSteps(next.steps) > HISTORY_LIMIT
    // With room to spare, since the journal begins anew after each cut.
    past.value = isTooLarge ? limit(next, HISTORY_LIMIT * 0.8, marks) : next
  }

  return {
    photo,
    past,
    savedAt,
    isProject,
    snapshots,
    recipe,
    layers,
    steps,
    tree,
    shape,
    stepNow,
    position,
    isInGesture,
    canUndo,
    canRedo,
    isEdited,
    start,
    resume,
    close,
    /** One change as one undo step. */
    run: (label: Label, change: DocumentChange) => update((past) => history.commit(past, label, change)),
    mark: (label: Label) => update((past) => history.mark(past, label)),
    preview: (change: DocumentChange) => update((past) => history.preview(past, change)),
    settle: (label?: Label) => update((past) => history.settle(past, label)),
    bail: () => update(history.bail),
    undo: () => update(history.undo),
    redo: () => update(history.redo),
    /** To a state of any branch, by the step that made it. */
    visit: (step: number) => update((past) => history.visit(past, step)),
    /** To a place on the present branch, 0 being its oldest state. */
    goTo: (place: number) => {
      const root = past.value?.root ?? 0
      const at = Math.min(Math.max(place, 0), steps.value.length)
      update((past) => history.visit(past, at === 0 ? root : steps.value[at - 1]!.id))
    },
    /** What the document was after a step, without going there. */
    recipeAt: (step: number): Recipe | undefined => past.value && history.stateAt(past.value, step),
    /** @param step whose state was written to a project file */
    markSaved: (step: number) => {
      isProject.value = true
      savedAt.value = step
    },
    /** An export keeps the result of a photo; the changes of a project are kept by its own file alone. */
    markExported: () => {
      if (!isProject.value) savedAt.value = stepNow.value
    },
  }
})
