import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import type { Rendered } from '../../src-main/contract/calls.ts'
import { Cancelled } from '../../src-main/contract/errors.ts'
import type { PhotoBox } from '../../src-main/contract/geometry.ts'
import type { Look } from '../canvas/scene.ts'
import { useHost } from '../host/host.ts'
import { useDocument } from './document.ts'
import { useRendering } from './rendering.ts'
import { useView } from './view.ts'

/** The view stands still for this long before it is looked at closely. */
const STILL_MS = 140
/** Looked at beyond what the canvas shows, on each side, as a share of it: a short way to pan. */
const MARGIN = 0.25
/** A picture this much coarser than the screen still looks sharp. */
const COARSE_ENOUGH = 1.15
/** Longest side of a detail, in pixels: a 4K screen with its margins. */
const LONGEST = 4096

/**
 * The photo and the result in the part that is looked at, at the resolution at which it is looked at: the preview of a large photo is smaller than
 * the photo, and a patch no larger than the canvas. Fetched when the view stands still, dropped as soon as it shows another state.
 */
export const useDetail = defineStore('detail', () => {
  const document = useDocument()
  const rendering = useRendering()
  const view = useView()

  const photo = shallowRef<NonNullable<Rendered['patch']>>()
  const patch = shallowRef<NonNullable<Rendered['patch']>>()
  const isBusy = ref(false)
  let look: Look | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: AbortController | undefined

  function onLook(next: Look): void {
    const isSame = look !== undefined && look.zoom === next.zoom && JSON.stringify(look.inPhoto) === JSON.stringify(next.inPhoto)
    look = next
    if (!isSame) later()
  }
  function later(): void {
    clearTimeout(timer)
    timer = setTimeout(() => void fetchDetail(), STILL_MS)
  }

  async function fetchDetail(): Promise<void> {
    running?.abort()
    const opened = document.photo
    if (look === undefined || opened === undefined || document.isInGesture) return
    const box = withMargin(look.inPhoto, opened)
    const maxSize = Math.min(LONGEST, Math.ceil(Math.max(box.width, box.height) * Math.min(1, look.zoom)))
    const fits = opened.preview.width >= opened.width * Math.min(1, look.zoom) * (1 / COARSE_ENOUGH)
    const mine = new AbortController()
    running = mine
    isBusy.value = true
    try {
      if (fits || maxSize < 1) photo.value = undefined
      else if (photo.value === undefined || !covers(photo.value, look, maxSize))
        photo.value = await useHost().client.call('photo.region', { photo: opened.id, box, maxSize }, { signal: mine.signal })
      await fetchPatch(box, maxSize, mine.signal)
    } catch (error) {
      // The coarse picture is there; a detail that does not come is only missing.
      if (!(error instanceof Cancelled)) patch.value = undefined
    } finally {
      if (running === mine) isBusy.value = false
    }
  }

  async function fetchPatch(region: PhotoBox, maxSize: number, signal: AbortSignal): Promise<void> {
    const shown = rendering.rendered
    const whole = rendering.patch
    if (shown === undefined || shown.isDraft || whole === undefined || look === undefined || view.compare === 'grid') return
    const cell = Math.ceil(Math.max(whole.box.width, whole.box.height) / rendering.fullSize)
    if (cell <= 1 || cell <= COARSE_ENOUGH / Math.min(1, look.zoom)) {
      patch.value = undefined
      return
    }
    const request = { ...shown.recipe, draft: false, maxSize, region, purpose: 'compare' as const }
    const made = await useHost().client.call('edit.render', request, { signal })
    if (!signal.aborted && rendering.rendered === shown) patch.value = made.patch
  }

  watch(
    () => [rendering.patch, document.photo] as const,
    ([, opened], [, before]) => {
      patch.value = undefined
      if (opened !== before) photo.value = undefined
      later()
    },
    { flush: 'sync' },
  )

  return { photo, patch, isBusy, onLook }
})

function withMargin({ x, y, width, height }: PhotoBox, photo: { width: number; height: number }): PhotoBox {
  const left = Math.max(0, Math.floor(x - width * MARGIN))
  const top = Math.max(0, Math.floor(y - height * MARGIN))
  const right = Math.min(photo.width, Math.ceil(x + width * (1 + MARGIN)))
  const bottom = Math.min(photo.height, Math.ceil(y + height * (1 + MARGIN)))
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) }
}

/** Whether a part that was fetched shows all that is looked at, as finely. */
function covers({ box }: { box: PhotoBox }, { inPhoto }: Look, maxSize: number): boolean {
  const isInside =
    box.x <= inPhoto.x + 1 &&
    box.y <= inPhoto.y + 1 &&
    box.x + box.width >= inPhoto.x + inPhoto.width - 1 &&
    box.y + box.height >= inPhoto.y + inPhoto.height - 1
  // A wider part was fetched more coarsely.
  return isInside && Math.max(box.width, box.height) <= maxSize * COARSE_ENOUGH
}
