import { computed, shallowRef, watch, type ShallowRef } from 'vue'
import type { Bitmaps } from '../canvas/bitmaps.ts'
import type { Scene, Side } from '../canvas/scene.ts'
import type { Crop } from '../../src-main/contract/geometry.ts'
import { useDocument } from '../stores/document.ts'
import { useOpening } from '../stores/opening.ts'
import { useRendering } from '../stores/rendering.ts'
import { useView } from '../stores/view.ts'

/** What the stores say, with every picture decoded: the scene changes only when it can be drawn, so nothing flickers. */
export function useScene(bitmaps: Bitmaps) {
  const document = useDocument()
  const opening = useOpening()
  const rendering = useRendering()
  const view = useView()
  const failure = shallowRef<unknown>()

  const photo = shallowRef<{ photo: NonNullable<typeof document.photo>; bitmap: ImageBitmap }>()
  const patch = shallowRef<Scene['patch']>()
  const inversion = shallowRef<{ bitmap: ImageBitmap; crop: Crop }>()

  /** Decodes what a source names; an answer that comes too late for it is dropped. */
  function keep<Source, Ready>(
    source: () => Source | undefined,
    load: (source: Source) => Promise<Ready>,
    into: ShallowRef<Ready | undefined>,
  ) {
    watch(
      source,
      async (now) => {
        if (now === undefined) {
          into.value = undefined
          return
        }
        try {
          const ready = await load(now)
          if (source() === now) into.value = ready
        } catch (error) {
          failure.value = error
        }
      },
      { immediate: true },
    )
  }
  keep(
    () => document.photo,
    async (opened) => ({ photo: opened, bitmap: await bitmaps.get(opened.preview.sha256) }),
    photo,
  )
  keep(
    () => rendering.patch,
    async (now) => ({ bitmap: await bitmaps.get(now.sha256), box: now.box }),
    patch,
  )
  keep(
    () => opening.inversion,
    async (now) => ({ bitmap: await bitmaps.get(now.inverted.sha256), crop: document.recipe!.crop }),
    inversion,
  )

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
  const after = computed<Side>(() => {
    if (view.isHoldingBefore || view.shown.kind === 'photo') return 'photo'
    return view.shown.kind === 'inversion' ? 'inversion' : 'result'
  })

  const scene = computed<Scene | undefined>(() => {
    if (photo.value === undefined || document.photo === undefined || photo.value.photo !== document.photo) return undefined
    return {
      photo: { width: document.photo.width, height: document.photo.height },
      photoBitmap: photo.value.bitmap,
      patch: patch.value,
      inversion: inversion.value,
      before: 'photo',
      after: after.value,
      compare: view.isHoldingBefore ? 'off' : view.compare,
      splitAt: view.splitAt,
      faces: faces.value,
      chosenFace: chosenFace.value,
      tool: view.tool,
      cropDraft: view.cropDraft,
      isMoving: document.isInGesture,
    }
  })
  return { scene, failure }
}
