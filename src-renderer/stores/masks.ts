import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { CallInput, MaskBitmap, MaskRegion } from '../../src-main/contract/calls.ts'
import { Cancelled } from '../../src-main/contract/errors.ts'
import type { Layer, Mask } from '../../src-main/contract/document.ts'
import { newMask, patchMask, setMask } from '../document/masks.ts'
import type { Label } from '../document/history.ts'
import { useHost } from '../host/host.ts'
import { combined, evenMask, inverted, maskSizeOf, type MaskPixels } from '../masks/pixels.ts'
import { readMaskPicture, writeGreyPng } from '../masks/png.ts'
import { TINTS } from '../masks/tint.ts'
import { useBrush } from './brush.ts'
import { useDocument } from './document.ts'
import { useJobs } from './jobs.ts'
import { useToasts } from './toasts.ts'
import { useView } from './view.ts'

/** Bitmaps that a hand goes back and forth between by undo. */
const KEPT = 12
/** The studio's own masks have a narrow soft edge, as a share of the photo's longer side. */
const REGION_FEATHER = 0.003

/** The masks of the document: their pixels, and every change of them as one undo step. */
export const useMasks = defineStore('masks', () => {
  const brush = useBrush()
  const document = useDocument()
  const jobs = useJobs()
  const toasts = useToasts()
  const view = useView()

  const layer = computed<Layer | undefined>(() => view.selected)
  const mask = computed<Mask | undefined>(() => layer.value?.mask)
  /** The selected layer's pixels as far as the hand knows them: ahead of the document while a stroke is being stored. */
  const pixels = shallowRef<MaskPixels>()
  let owner: string | undefined
  /** A mask that was copied, to be given to another layer. */
  const copied = shallowRef<Mask>()
  const isFinding = ref(false)
  const overlay = ref<'auto' | 'on' | 'off'>('auto')
  const tint = ref(0)
  const isOverlayShown = computed(
    () => mask.value !== undefined && (overlay.value === 'on' || (overlay.value === 'auto' && brush.tool !== undefined)),
  )

  const kept = new Map<string, Promise<MaskPixels>>()
  let storing = Promise.resolve()
  let pending = 0

  function read(bitmap: string): Promise<MaskPixels> {
    const known = kept.get(bitmap)
    if (known !== undefined) {
      kept.delete(bitmap)
      kept.set(bitmap, known)
      return known
    }
    const reading = fetch(useHost().blobUrl(bitmap)).then(async (answer) => {
      if (!answer.ok) throw new Error(`the mask answered ${answer.status}`)
      return readMaskPicture(await answer.blob())
    })
    keep(bitmap, reading)
    reading.catch(() => kept.delete(bitmap))
    return reading
  }
  function keep(bitmap: string, reading: Promise<MaskPixels>): void {
    kept.set(bitmap, reading)
    for (const old of kept.keys()) {
      if (kept.size <= KEPT) break
      kept.delete(old)
    }
  }

  /** Follows the document, but never overtakes a hand whose strokes are still being stored. */
  async function follow(): Promise<void> {
    const now = mask.value
    const id = layer.value?.id
    if (now === undefined || owner !== id) {
      if (pending > 0 && owner === id) return
      pixels.value = undefined
      owner = id
    }
    if (now === undefined || pending > 0) return
    try {
      const found = await read(now.bitmap)
      if (pending === 0 && layer.value?.id === id && mask.value?.bitmap === now.bitmap) pixels.value = found
    } catch (error) {
      toasts.showError(error, 'Mask')
    }
  }
  watch([() => layer.value?.id, () => mask.value?.bitmap], () => void follow(), { immediate: true, flush: 'sync' })

  /** What a change begins with on a layer: its mask, or one that hides or shows everything. */
  function base(empty: 0 | 255): MaskPixels | undefined {
    if (document.photo === undefined || layer.value === undefined) return undefined
    return pixels.value ?? (mask.value === undefined ? evenMask(maskSizeOf(document.photo), empty) : undefined)
  }

  /** Stores pixels and gives them to a layer, in the order in which they were made. Whatever else the mask says stays. */
  function put(id: string, next: MaskPixels, label: Label, patch: Partial<Mask> = {}): Promise<void> {
    if (layer.value?.id === id) pixels.value = next
    pending++
    storing = storing.then(async () => {
      try {
        const { sha256 } = await useHost().upload(new File([await writeGreyPng(next)], 'mask.png', { type: 'image/png' }))
        keep(sha256, Promise.resolve(next))
        const old = document.layers.find((each) => each.id === id)?.mask
        document.run(
          label,
          setMask(id, { ...(old ?? newMask(sha256, next)), ...patch, bitmap: sha256, width: next.width, height: next.height }),
        )
      } catch (error) {
        toasts.showError(error, 'Mask')
      } finally {
        pending--
        void follow()
      }
    })
    return storing
  }

  const labelled = (what: string): Label => ({ key: `step.mask.${what}` })
  function onLayer(run: (layer: Layer) => void): () => void {
    return () => {
      if (layer.value !== undefined) run(layer.value)
    }
  }

  /** One of the studio's own masks, in place of what was there. */
  async function find(what: MaskRegion | 'changed'): Promise<void> {
    const recipe = document.recipe
    const target = layer.value
    if (recipe === undefined || target === undefined) return
    isFinding.value = true
    try {
      const found = await jobs.track({ key: 'job.mask' }, (signal): Promise<MaskBitmap> => {
        const { client } = useHost()
        if (what === 'changed') return client.call('mask.changed', { recipe, layer: target.id }, { signal })
        const where: CallInput<'mask.region'> = { photo: recipe.photo.id, pack: recipe.pack.id, crop: recipe.crop, region: what }
        return client.call('mask.region', where, { signal })
      })
      const { blob, width, height } = found
      document.run(labelled(what), setMask(target.id, { ...newMask(blob.sha256, { width, height }), feather: REGION_FEATHER }))
      if (brush.tool === undefined) view.setTool('brush')
    } catch (error) {
      if (!(error instanceof Cancelled)) toasts.showError(error, 'Mask')
    } finally {
      isFinding.value = false
    }
  }

  return {
    layer,
    mask,
    pixels,
    copied,
    isFinding,
    overlay,
    tint,
    isOverlayShown,
    read,
    base,
    put,
    find,
    /** Everything hidden, or everything shown. */
    fill: (value: 0 | 255) =>
      onLayer(({ id }) => {
        const now = base(0)
        if (now !== undefined)
          void put(id, evenMask(now, mask.value?.inverted ? (value === 0 ? 255 : 0) : value), labelled(value === 0 ? 'clear' : 'fill'))
      })(),
    invert: onLayer(({ id }) => document.run(labelled('invert'), patchMask(id, { inverted: mask.value?.inverted !== true }))),
    /** The turned mask as pixels, so that it can be added to others. */
    lasso: (shape: Uint8Array, how: 'replace' | 'add' | 'subtract') =>
      onLayer(({ id }) => {
        const now = base(how === 'subtract' ? 255 : 0)
        if (now === undefined) return
        const isTurned = mask.value?.inverted === true
        const shown = isTurned ? inverted(now) : now
        const next = combined(how === 'replace' ? evenMask(now, 0) : shown, shape, how === 'subtract' ? 'subtract' : 'add')
        void put(id, isTurned ? inverted(next) : next, labelled('lasso'))
      })(),
    toggle: onLayer(({ id }) => document.run(labelled('enabled'), patchMask(id, { enabled: mask.value?.enabled !== true }))),
    remove: onLayer(({ id }) => document.run(labelled('delete'), setMask(id, undefined))),
    copy: () => {
      copied.value = mask.value
    },
    /** Gives a mask to a layer: the copied one to the selected layer, or this layer's to another. */
    give: (id: string, given: Mask | undefined) => {
      if (given !== undefined) document.run(labelled('copy'), setMask(id, given))
    },
    toggleOverlay: () => {
      overlay.value = isOverlayShown.value ? 'off' : 'on'
    },
    nextTint: () => {
      tint.value = (tint.value + 1) % TINTS.length
    },
    /** Resolves when every stroke so far is in the document. */
    whenStored: () => storing,
  }
})
