import { computed, shallowRef, watch, type ShallowRef } from 'vue'
import type { Bitmaps } from '../canvas/bitmaps.ts'
import type { Patch, Scene, Shot } from '../canvas/scene.ts'
import type { Rendered } from '../../src-main/contract/calls.ts'
import type { Crop } from '../../src-main/contract/geometry.ts'
import { useComparing } from '../stores/comparing.ts'
import { useDetail } from '../stores/detail.ts'
import { useDocument } from '../stores/document.ts'
import { useLaidPictures } from '../stores/laid-pictures.ts'
import { useOpening } from '../stores/opening.ts'
import { useRendering } from '../stores/rendering.ts'
import { useView, type Shown } from '../stores/view.ts'
import { useReady } from './use-ready.ts'

const NO_PICTURES: Shot['pictures'] = []
/** A grid of nine and the two of a split. */
const MOST_SHOTS = 12

/** What the stores say, with every picture decoded: the scene changes only when it can be drawn, so nothing flickers. */
export function useScene(bitmaps: Bitmaps) {
  const comparing = useComparing()
  const detail = useDetail()
  const document = useDocument()
  const opening = useOpening()
  const rendering = useRendering()
  const view = useView()
  const { failure, keep } = useReady()

  const photo = shallowRef<{ photo: NonNullable<typeof document.photo>; bitmap: ImageBitmap }>()
  const patch = shallowRef<Patch>()
  const inversion = shallowRef<{ bitmap: ImageBitmap; crop: Crop }>()
  const photoDetail = shallowRef<Patch>()
  const patchDetail = shallowRef<Patch>()
  const ready = async (now: NonNullable<Rendered['patch']>) => ({ bitmap: await bitmaps.get(now.sha256), box: now.box })
  keep(
    () => document.photo,
    async (opened) => ({ photo: opened, bitmap: await bitmaps.get(opened.preview.sha256) }),
    photo,
  )
  keep(() => rendering.patch, ready, patch)
  keep(() => detail.photo, ready, photoDetail)
  keep(() => detail.patch, ready, patchDetail)
  keep(
    () => opening.inversion,
    async (now) => ({ bitmap: await bitmaps.get(now.inverted.sha256), crop: document.recipe!.crop }),
    inversion,
  )
  const others = useOthers(bitmaps)
  const laid = useLaidPictures()
  laid.bitmaps = bitmaps

  /** A picture whose bitmap is not there yet stays as it was, or is the photo. */
  const shots = new Map<string, Shot>()
  function shotOf(shown: Shown): Shot {
    const isOwn = JSON.stringify(shown) === JSON.stringify(view.shown)
    const side = shown.kind === 'photo' || shown.kind === 'inversion' ? shown.kind : 'result'
    const own = side !== 'result' ? undefined : isOwn ? patch.value : others.value.get(comparing.patchOf(shown)?.sha256 ?? '')
    const shot: Shot = {
      side,
      patch: own,
      detail: side === 'result' && isOwn ? patchDetail.value : undefined,
      inversion: inversion.value,
      pictures: side === 'result' ? laid.of(JSON.stringify(shown), isOwn ? rendering.recipe : comparing.recipeOf(shown)) : NO_PICTURES,
    }
    // The same picture is the same object, so that what is made of it is made once.
    const key = JSON.stringify(shown)
    const before = shots.get(key)
    if (
      before?.patch === shot.patch &&
      before?.detail === shot.detail &&
      before?.inversion === shot.inversion &&
      before?.pictures === shot.pictures
    )
      return before!
    shots.delete(key)
    shots.set(key, shot)
    // Its bitmaps would stay with it.
    for (const old of shots.keys()) if (shots.size > MOST_SHOTS) shots.delete(old)
    return shot
  }

  const chosenFace = computed(() => {
    const crop = JSON.stringify(document.recipe?.crop)
    return document.photo?.faces.findIndex((face) => JSON.stringify(face.crop) === crop) ?? -1
  })
  /** Faces are outlined while there is something to choose: before the first edit, or when there are several. */
  const faces = computed(() => {
    const all = document.photo?.faces ?? []
    const isUntouched = document.layers.length === 0 && view.shown.kind === 'result' && view.compare === 'off'
    return view.tool === 'select' && !view.isHoldingBefore && isUntouched ? all : []
  })
  const compare = computed(() => (view.isHoldingBefore || view.tool === 'crop' ? 'off' : view.compare))
  const panes = computed<readonly Shown[]>(() => {
    if (compare.value === 'two-up') return [view.against, view.shown]
    return compare.value === 'grid' ? comparing.grid : []
  })

  const scene = computed<Scene | undefined>(() => {
    if (photo.value === undefined || document.photo === undefined || photo.value.photo !== document.photo) return undefined
    return {
      photo: { width: document.photo.width, height: document.photo.height },
      photoBitmap: photo.value.bitmap,
      detail: photoDetail.value,
      before: shotOf(view.against),
      after: shotOf(view.isHoldingBefore ? { kind: 'photo' } : view.shown),
      compare: compare.value,
      panes: panes.value.map(shotOf),
      picked: compare.value === 'grid' ? comparing.picked : -1,
      splitAt: view.splitAt,
      faces: faces.value,
      chosenFace: chosenFace.value,
      tool: view.tool,
      cropDraft: view.cropDraft,
      isMoving: document.isInGesture,
    }
  })
  return { scene, panes, failure }
}

/** Decoded patches of the pictures beside the one that is edited, by blob. */
function useOthers(bitmaps: Bitmaps): ShallowRef<ReadonlyMap<string, Patch>> {
  const comparing = useComparing()
  const view = useView()
  const ready = shallowRef<ReadonlyMap<string, Patch>>(new Map())
  const needed = computed(() => {
    const shown = view.compare === 'grid' ? comparing.grid : view.compare === 'off' ? [] : [view.against]
    return shown.map((each) => comparing.patchOf(each)).filter((patch) => patch !== undefined)
  })
  watch(
    needed,
    async (now) => {
      const entries = now.map(async (patch) => {
        const known = ready.value.get(patch.sha256)
        return [patch.sha256, known ?? { bitmap: await bitmaps.get(patch.sha256), box: patch.box }] as const
      })
      const settled = await Promise.allSettled(entries)
      if (needed.value === now) ready.value = new Map(settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])))
    },
    { immediate: true },
  )
  return ready
}
