import { shallowRef, watch, type ShallowRef } from 'vue'
import type { Bitmaps } from '../canvas/bitmaps.ts'
import type { LaidPicture } from '../canvas/image-layers.ts'
import { PictureFrame } from '../canvas/picture-frame.ts'
import type { CanvasStage } from '../canvas/stage.ts'
import { isImage, shownLayers, type ImageLayer, type Recipe } from '../../src-main/contract/document.ts'
import { patchLayer } from '../document/edits.ts'
import { useDocument } from '../stores/document.ts'
import { useMixing } from '../stores/mixing.ts'
import { useView } from '../stores/view.ts'
import { layerName } from './layer-name.ts'

export const NO_PICTURES: readonly LaidPicture[] = []

/** Placed pictures with their bitmaps, for whatever state is shown; one that is still on its way is left out until it is there. */
export function usePictures(bitmaps: Bitmaps) {
  const mixing = useMixing()
  const ready = shallowRef<ReadonlyMap<string, ImageBitmap>>(new Map())
  const asked = new Set<string>()
  const laid = new WeakMap<ImageLayer, { bitmap: ImageBitmap; picture: LaidPicture }>()
  const last = new Map<string, readonly LaidPicture[]>()

  function bitmapOf(layer: ImageLayer): ImageBitmap | undefined {
    const sha256 = mixing.pictureOf(layer.picture)?.preview.sha256
    if (sha256 === undefined) return undefined
    if (!asked.has(sha256)) {
      asked.add(sha256)
      bitmaps.get(sha256).then(
        (bitmap) => (ready.value = new Map(ready.value).set(sha256, bitmap)),
        () => asked.delete(sha256),
      )
    }
    return ready.value.get(sha256)
  }
  /** The recipe's shown pictures, the lowest first. The same pictures are the same list, so that what is made of it is made once. */
  function picturesOf(key: string, recipe: Recipe | undefined): readonly LaidPicture[] {
    const pictures = recipe === undefined ? NO_PICTURES : shownLayers(recipe).filter(isImage).toReversed().flatMap(one)
    const before = last.get(key) ?? NO_PICTURES
    const isSame = pictures.length === before.length && pictures.every((picture, index) => picture === before[index])
    if (!isSame) last.set(key, pictures)
    return isSame ? before : pictures
  }
  function one(layer: ImageLayer): LaidPicture[] {
    const bitmap = bitmapOf(layer)
    if (bitmap === undefined) return []
    const known = laid.get(layer)
    if (known?.bitmap === bitmap) return [known.picture]
    const { center, scale, angle, opacity, blend, picture } = layer
    const made = { bitmap, width: picture.width, height: picture.height, center, scale, angle, opacity, blend }
    laid.set(layer, { bitmap, picture: made })
    return [made]
  }
  return { picturesOf }
}

/** The selected picture's handles on the canvas: a drag is one undo step. */
export function usePictureFrame(stage: ShallowRef<CanvasStage | undefined>, container: ShallowRef<HTMLElement | undefined>): void {
  const document = useDocument()
  const view = useView()
  const selected = (): ImageLayer | undefined => {
    const layer = view.selected
    const isShown =
      view.tool === 'select' &&
      view.shown.kind === 'result' &&
      (view.compare === 'off' || view.compare === 'vertical' || view.compare === 'horizontal')
    return layer?.kind === 'image' && layer.visible && isShown ? layer : undefined
  }
  watch([stage, container], ([now, element], _before, onCleanup) => {
    if (now === undefined || element === undefined) return
    const frame = new PictureFrame(
      {
        frame: () => {
          const layer = selected()
          return (
            layer && {
              center: layer.center,
              scale: layer.scale,
              angle: layer.angle,
              width: layer.picture.width,
              height: layer.picture.height,
            }
          )
        },
        view: () => now.view,
        begin: () => document.mark({ key: 'step.picture-place', values: { text: layerName(selected()!) } }),
        move: (placement) => document.preview(patchLayer(selected()!.id, placement)),
        end: () => document.settle(),
        bail: () => document.bail(),
      },
      element,
    )
    const takeOff = now.addLayer(frame.layer, () => frame.draw())
    const putDown = now.addTool(frame)
    const stop = watch(selected, () => frame.draw())
    onCleanup(() => {
      stop()
      putDown()
      takeOff()
    })
  })
}
