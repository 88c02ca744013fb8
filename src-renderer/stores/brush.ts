import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Brush } from '../masks/stroke.ts'
import type { MaskPixels } from '../masks/pixels.ts'
import { useDocument } from './document.ts'
import { useView } from './view.ts'

/** The largest and the smallest brush, in shares of the photo's longer side: one pixel of a 4-megapixel photo to half of it. */
export const BRUSH_SIZES = { min: 0.0005, max: 0.5 }
/** One press of [ or ]. */
const SIZE_STEP = 1.2
const HARDNESS_STEP = 0.1

/** The mask brush in the hand; no part of the document. */
export const useBrush = defineStore('brush', () => {
  const document = useDocument()
  const view = useView()
  /** Diameter as a share of the photo's longer side. */
  const size = ref(0.07)
  const hardness = ref(0.5)
  const flow = ref(1)
  /** Where the last stroke ended, in photo pixels: Shift draws a straight line from there. */
  const last = shallowRef<{ readonly x: number; readonly y: number }>()

  const longer = computed(() => Math.max(document.photo?.width ?? 1, document.photo?.height ?? 1))
  /** In photo pixels. */
  const radius = computed(() => (size.value * longer.value) / 2)
  const tool = computed(() => {
    if (document.recipe === undefined || view.selected === undefined) return undefined
    return view.tool === 'brush' || view.tool === 'eraser' ? ('brush' as const) : view.tool === 'lasso' ? ('lasso' as const) : undefined
  })
  const clamp = (x: number, min: number, max: number) => Math.min(max, Math.max(min, x))
  const setSize = (next: number) => {
    size.value = clamp(next, BRUSH_SIZES.min, BRUSH_SIZES.max)
  }
  const setHardness = (next: number) => {
    hardness.value = clamp(Math.round(next * 100) / 100, 0, 1)
  }

  return {
    size,
    hardness,
    flow,
    last,
    radius,
    tool,
    setSize,
    setHardness,
    grow: (steps: number) => setSize(size.value * SIZE_STEP ** steps),
    harden: (steps: number) => setHardness(hardness.value + steps * HARDNESS_STEP),
    /** The brush on a mask's points. @param isTurned white hides in this mask */
    on: ({ width, height }: Pick<MaskPixels, 'width' | 'height'>, isTurned: boolean): Brush => ({
      radius: (size.value * Math.max(width, height)) / 2,
      hardness: hardness.value,
      flow: flow.value,
      isErasing: (view.tool === 'eraser') !== isTurned,
    }),
  }
})
