import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import { useDocument } from './document.ts'
import { useRendering } from './rendering.ts'
import { useVariations } from './variations.ts'
import type { Bitmaps } from '../canvas/bitmaps.ts'
import type { Crop } from '../../src-main/contract/geometry.ts'

/** The filmstrip shows 114 CSS pixels, on a dense screen twice as many. */
const SIZE = 228

/** Small pictures of the crop as it looked after each step, taken from what the canvas shows anyway: no render of their own. */
export const useThumbnails = defineStore('thumbnails', () => {
  const document = useDocument()
  const rendering = useRendering()
  const variations = useVariations()
  const bySteps = shallowRef<ReadonlyMap<number, string>>(new Map())
  const byLayers = shallowRef<ReadonlyMap<string, string>>(new Map())
  const latest = shallowRef<string>()
  const bitmaps = shallowRef<Bitmaps>()
  const stepNow = computed(() => document.steps[document.position - 1]?.id ?? 0)
  /** The present result; until its own picture is there, the one before it. */
  const current = computed(() => bySteps.value.get(stepNow.value) ?? latest.value)

  watch(
    () => document.photo,
    () => {
      for (const url of [...bySteps.value.values(), ...byLayers.value.values()]) URL.revokeObjectURL(url)
      bySteps.value = new Map()
      latest.value = undefined
      byLayers.value = new Map()
    },
    { flush: 'sync' },
  )
  watch([() => rendering.rendered, bitmaps], () => void take())

  async function take(): Promise<void> {
    const shown = rendering.rendered
    const photo = document.photo
    if (photo === undefined || bitmaps.value === undefined || shown === undefined || shown.isDraft || variations.shown !== undefined) return
    const step = stepNow.value
    const patch = rendering.patch
    const photoBitmap = await bitmaps.value.get(photo.preview.sha256)
    const patchBitmap = patch === undefined ? undefined : await bitmaps.value.get(patch.sha256)
    const url = URL.createObjectURL(
      await draw(shown.recipe.crop, (context) => {
        context.drawImage(photoBitmap, 0, 0, photo.width, photo.height)
        if (patch !== undefined && patchBitmap !== undefined)
          context.drawImage(patchBitmap, patch.box.x, patch.box.y, patch.box.width, patch.box.height)
      }),
    )
    bySteps.value = new Map(bySteps.value).set(step, url)
    latest.value = url
    const layers = new Map(byLayers.value)
    for (const layer of shown.recipe.layers) if (!layers.has(layer.id)) layers.set(layer.id, url)
    byLayers.value = layers
  }
  return { bySteps, byLayers, bitmaps, current }
})

/** Draws the crop upright into a small square. The painter works in photo pixels. */
async function draw({ center, size, angle }: Crop, paint: (context: OffscreenCanvasRenderingContext2D) => void): Promise<globalThis.Blob> {
  const canvas = new OffscreenCanvas(SIZE, SIZE)
  const context = canvas.getContext('2d')!
  context.imageSmoothingQuality = 'high'
  context.translate(SIZE / 2, SIZE / 2)
  context.scale(SIZE / size, SIZE / size)
  context.rotate(-angle)
  context.translate(-center[0], -center[1])
  paint(context)
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 })
}
