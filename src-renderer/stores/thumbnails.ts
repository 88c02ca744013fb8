import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import type { StoredHistory } from '../../src-main/contract/history.ts'
import { useHost } from '../host/host.ts'
import { useDocument } from './document.ts'
import { useLaidPictures } from './laid-pictures.ts'
import { useLens } from './lens.ts'
import { useRendering } from './rendering.ts'
import { keepPicture } from './step-pictures.ts'
import { useVariations } from './variations.ts'
import type { Bitmaps } from '../canvas/bitmaps.ts'
import { paintShot } from '../canvas/paint-shot.ts'
import type { Shot } from '../canvas/scene.ts'
import type { Crop } from '../../src-main/contract/geometry.ts'

/** The filmstrip shows 106 CSS pixels, on a dense screen twice as many. */
const SIZE = 228
/** In lists of prompts, which are kept for years. */
const SMALL = 72

/** Small pictures of the crop as it looked after each step, taken from what the canvas shows anyway: no render of their own. */
export const useThumbnails = defineStore('thumbnails', () => {
  const document = useDocument()
  const laid = useLaidPictures()
  const lens = useLens()
  const rendering = useRendering()
  const variations = useVariations()
  const bySteps = shallowRef<ReadonlyMap<number, string>>(new Map())
  const byLayers = shallowRef<ReadonlyMap<string, string>>(new Map())
  const latest = shallowRef<string>()
  const bitmaps = shallowRef<Bitmaps>()
  const stepNow = computed(() => document.stepNow)
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
    if (
      photo === undefined ||
      bitmaps.value === undefined ||
      shown === undefined ||
      shown.isDraft ||
      lens.isActive ||
      variations.shown !== undefined
    )
      return
    const step = stepNow.value
    const picture = (await drawn(shown.recipe.crop, SIZE))!
    if (document.photo !== photo) return
    const url = URL.createObjectURL(picture)
    bySteps.value = new Map(bySteps.value).set(step, url)
    latest.value = url
    const layers = new Map(byLayers.value)
    for (const layer of shown.recipe.layers) if (!layers.has(layer.id)) layers.set(layer.id, url)
    byLayers.value = layers
    const sha256 = await keepPicture(step, picture)
    if (sha256 !== undefined && document.photo === photo) exchange(url, useHost().blobUrl(sha256))
  }
  /** What the host keeps need not be held in memory as well. */
  function exchange(url: string, kept: string): void {
    const exchanged = <K>(map: ReadonlyMap<K, string>) => new Map([...map].map(([key, each]) => [key, each === url ? kept : each] as const))
    bySteps.value = exchanged(bySteps.value)
    byLayers.value = exchanged(byLayers.value)
    if (latest.value === url) latest.value = kept
    URL.revokeObjectURL(url)
  }
  /** A document that is opened brings the pictures of its states along. */
  function recall(pictures: StoredHistory['pictures']): void {
    bySteps.value = new Map([...pictures.map(({ step, blob }) => [step, useHost().blobUrl(blob)] as const), ...bySteps.value])
  }
  /** The crop as the canvas shows it now, `size` pixels a side. */
  async function drawn(crop: Crop, size: number): Promise<globalThis.Blob | undefined> {
    const photo = document.photo
    const patch = rendering.patch
    if (photo === undefined || bitmaps.value === undefined) return undefined
    const photoBitmap = await bitmaps.value.get(photo.preview.sha256)
    const bitmap = patch === undefined ? undefined : await bitmaps.value.get(patch.sha256)
    const pictures = laid.of('thumbnail', rendering.recipe)
    const shot: Shot = { side: 'result', patch: patch && bitmap && { bitmap, box: patch.box }, inversion: undefined, pictures }
    return draw(crop, size, (context) => paintShot(context, { photo, photoBitmap }, shot))
  }
  /** The present result as base64 of a file of two or three kilobytes, for lists that are kept; undefined where there is none. */
  async function small(): Promise<string | undefined> {
    const crop = document.recipe?.crop
    const blob = crop && (await drawn(crop, SMALL))
    return blob && btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())))
  }
  return { bySteps, byLayers, bitmaps, current, small, recall }
})

/** Draws the crop upright into a small square. The painter works in photo pixels. */
async function draw(
  { center, size, angle }: Crop,
  side: number,
  paint: (context: OffscreenCanvasRenderingContext2D) => void,
): Promise<globalThis.Blob> {
  const canvas = new OffscreenCanvas(side, side)
  const context = canvas.getContext('2d')!
  context.imageSmoothingQuality = 'high'
  context.translate(side / 2, side / 2)
  context.scale(side / size, side / size)
  context.rotate(-angle)
  context.translate(-center[0], -center[1])
  paint(context)
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 })
}
