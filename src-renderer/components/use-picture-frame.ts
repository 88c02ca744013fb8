import { watch, type ShallowRef } from 'vue'
import { PictureFrame } from '../canvas/picture-frame.ts'
import type { CanvasStage } from '../canvas/stage.ts'
import type { ImageLayer } from '../../src-main/contract/document.ts'
import { patchLayer } from '../document/edits.ts'
import { useDocument } from '../stores/document.ts'
import { useView } from '../stores/view.ts'
import { layerName } from './layer-name.ts'

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
