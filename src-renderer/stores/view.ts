import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Crop } from '../../src-main/contract/geometry.ts'
import { useDocument } from './document.ts'

export type Tool = 'select' | 'hand' | 'crop' | 'zoom' | 'brush' | 'eraser' | 'lasso'
export type Compare = 'off' | 'vertical' | 'horizontal' | 'two-up' | 'difference' | 'grid'
/** A picture of the photo: what the canvas shows, or what it is compared with. A variation is shown as the result that it would be. */
export type Shown =
  { kind: 'result' } | { kind: 'photo' } | { kind: 'inversion' } | { kind: 'variation'; id: string } | { kind: 'snapshot'; id: string }
export type Dialog = 'none' | 'export' | 'batch' | 'settings' | 'palette' | 'keys' | 'about'
export type Panel = 'left' | 'right' | 'filmstrip'

/** What the canvas does when a command asks it to. */
export interface CanvasActions {
  fit(): void
  actualSize(): void
  zoomBy(direction: 1 | -1): void
  zoomTo(zoom: number): void
}

/** What is on the screen, and nothing that undo would walk. */
export const useView = defineStore('view', () => {
  const document = useDocument()
  const tool = ref<Tool>('select')
  const compare = ref<Compare>('off')
  /** Where the split stands in the visible part of the photo, 0…1. */
  const splitAt = ref(0.5)
  const shown = ref<Shown>({ kind: 'result' })
  /** What stands on the other side of a comparison. */
  const against = ref<Shown>({ kind: 'photo' })
  const isHoldingBefore = ref(false)
  const dialog = ref<Dialog>('none')
  const panels = ref({ left: true, right: true, filmstrip: true })
  /** Photo pixels to device pixels, as the canvas reports it. */
  const zoom = ref(1)
  const isFitted = ref(true)
  const canvas = shallowRef<CanvasActions>()
  const selectedId = ref<string>()
  /** The crop frame while it is being placed; the document changes on Enter. */
  const cropDraft = shallowRef<Crop>()
  /** A key that is held down now and changes what a click does. */
  const heldKey = ref<'none' | 'space' | 'shift' | 'alt'>('none')

  const selected = computed(() => document.layers.find((layer) => layer.id === selectedId.value) ?? document.layers[0])
  const selectedEdit = computed(() => (selected.value?.kind === 'edit' ? selected.value : undefined))

  function setTool(next: Tool): void {
    if (next === 'crop' && document.recipe !== undefined) cropDraft.value = document.recipe.crop
    if (next !== 'crop') cropDraft.value = undefined
    tool.value = next
  }
  function toggleCompare(mode: Exclude<Compare, 'off'>): void {
    compare.value = compare.value === mode ? 'off' : mode
  }
  function togglePanel(panel: Panel): void {
    panels.value = { ...panels.value, [panel]: !panels.value[panel] }
  }
  function reset(): void {
    setTool('select')
    compare.value = 'off'
    splitAt.value = 0.5
    shown.value = { kind: 'result' }
    against.value = { kind: 'photo' }
    selectedId.value = undefined
  }
  return {
    tool,
    compare,
    splitAt,
    shown,
    against,
    isHoldingBefore,
    dialog,
    panels,
    zoom,
    isFitted,
    canvas,
    selectedId,
    selected,
    selectedEdit,
    cropDraft,
    heldKey,
    setTool,
    toggleCompare,
    togglePanel,
    reset,
  }
})
