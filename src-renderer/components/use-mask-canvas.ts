import { watch, type ShallowRef } from 'vue'
import { MaskLayer } from '../canvas/mask-layer.ts'
import { maskTool, type StrokeInHand } from '../canvas/mask-tool.ts'
import type { Bitmaps } from '../canvas/bitmaps.ts'
import type { CanvasStage } from '../canvas/stage.ts'
import type { Point } from '../canvas/viewport.ts'
import { useHost } from '../host/host.ts'
import { joined, type MaskPixels, type MaskRect } from '../masks/pixels.ts'
import { readMaskPicture } from '../masks/png.ts'
import { Stroke } from '../masks/stroke.ts'
import { contrastingTint, meanColour, polygonCoverage, TintedMask, TINTS } from '../masks/tint.ts'
import { LatestWins } from '../render/scheduler.ts'
import type { CallInput } from '../../src-main/contract/calls.ts'
import { useBrush } from '../stores/brush.ts'
import { useDocument } from '../stores/document.ts'
import { useMasks } from '../stores/masks.ts'
import { useView } from '../stores/view.ts'

/** The veil shows a shaped mask at this size; brushing shows the mask itself. */
const SHAPED_SIDE = 1024

/** Masks on the canvas: the veil, the brush and the lasso, between the stage and the stores. */
export function useMaskCanvas(stage: Readonly<ShallowRef<CanvasStage | undefined>>, bitmaps: Bitmaps): void {
  const brush = useBrush()
  const document = useDocument()
  const masks = useMasks()
  const view = useView()

  /** The veil of the pixels in hand, drawn again only where a stroke changes them. */
  let tinted: TintedMask | undefined
  let shown: MaskPixels | undefined
  let isShownTurned = false
  let isStroking = false

  function veilOf(pixels: MaskPixels, isTurned: boolean): OffscreenCanvas {
    if (tinted?.canvas.width !== pixels.width || tinted.canvas.height !== pixels.height) tinted = new TintedMask(pixels)
    tinted.draw(pixels, TINTS[masks.tint]!, isTurned)
    shown = pixels
    isShownTurned = isTurned
    return tinted.canvas
  }

  const shaping = new LatestWins<CallInput<'mask.shape'>, MaskPixels>({
    run: async (request, signal) => {
      const { blob } = await useHost().client.call('mask.shape', request, { signal })
      return readMaskPicture(await (await fetch(useHost().blobUrl(blob.sha256), { signal })).blob())
    },
    done: (pixels) => {
      if (isStroking || !masks.isOverlayShown || layer === undefined) return
      const own = new TintedMask(pixels)
      own.draw(pixels, TINTS[masks.tint]!, false)
      layer.veil = own.canvas
      layer.draw()
    },
    // The mask itself stays on the canvas.
    failed: () => undefined,
  })

  let layer: MaskLayer | undefined
  function refresh(): void {
    if (layer === undefined || isStroking) return
    const { mask, pixels } = masks
    layer.photo = document.photo ?? { width: 1, height: 1 }
    if (!masks.isOverlayShown || mask === undefined || pixels === undefined) {
      layer.veil = undefined
      shaping.cancel()
    } else {
      const isPlain = mask.feather === 0 && mask.grow === 0 && mask.edges === 0
      if (isPlain || layer.veil === undefined || shown !== pixels || isShownTurned !== mask.inverted)
        layer.veil = veilOf(pixels, mask.inverted)
      if (isPlain) shaping.cancel()
      else shaping.request({ photo: document.photo!.id, mask, maxSize: SHAPED_SIDE })
    }
    layer.draw()
  }

  function begin(isOn: boolean): StrokeInHand | undefined {
    const target = masks.layer
    const photo = document.photo
    const pixels = masks.base(view.tool === 'eraser' ? 255 : 0)
    if (layer === undefined || target === undefined || photo === undefined || pixels === undefined) return undefined
    const isTurned = masks.mask?.inverted === true
    const stroke = new Stroke(pixels, brush.on(pixels, isTurned))
    const scale = pixels.width / photo.width
    const from = isOn ? brush.last : undefined
    let end: Point | undefined
    let dirty: MaskRect | undefined
    isStroking = true
    layer.veil = veilOf(pixels, isTurned)
    layer.update = () => {
      if (dirty !== undefined) tinted?.draw(stroke.pixels, TINTS[masks.tint]!, isTurned, dirty)
      dirty = undefined
    }
    const to = (inPhoto: Point, pressure: number) => {
      dirty = joined(dirty, stroke.to({ x: inPhoto.x * scale, y: inPhoto.y * scale, pressure }))
      end = inPhoto
      layer?.draw()
    }
    if (from !== undefined) to(from, 1)
    return {
      to,
      end: () => {
        isStroking = false
        shown = stroke.pixels
        brush.last = end
        void masks.put(target.id, stroke.pixels, { key: view.tool === 'eraser' ? 'step.mask.erase' : 'step.mask.brush' })
      },
      bail: () => {
        isStroking = false
        dirty = undefined
        shown = undefined
        refresh()
      },
    }
  }

  watch(
    stage,
    (now, _before, onCleanup) => {
      if (now === undefined) return
      const own = new MaskLayer()
      layer = own
      const takeOff = now.addLayer(own.layer, (at, visible) => own.look(at, visible))
      const putDown = now.addTool(
        maskTool({
          tool: () => (view.compare === 'grid' || view.compare === 'two-up' ? undefined : brush.tool),
          view: () => now.view,
          radius: () => brush.radius,
          hardness: () => brush.hardness,
          begin,
          resize: (radius, hardness) => {
            brush.setSize((brush.size * radius) / brush.radius)
            brush.setHardness(hardness)
          },
          lasso: (line, how) => {
            const pixels = masks.base(how === 'subtract' ? 255 : 0)
            const photo = document.photo
            if (pixels === undefined || photo === undefined) return
            const scale = pixels.width / photo.width
            masks.lasso(
              polygonCoverage(
                line.map(({ x, y }) => ({ x: x * scale, y: y * scale })),
                pixels,
              ),
              how,
            )
          },
          onLine: (line) => {
            own.line = line
            own.draw()
          },
          onHover: (inPhoto) => {
            own.ring = inPhoto && { inPhoto, radius: brush.radius, hardness: brush.hardness }
            own.draw()
          },
        }),
      )
      const leave = new AbortController()
      const unring = () => {
        own.ring = undefined
        own.draw()
      }
      own.layer.getStage()?.container().addEventListener('pointerleave', unring, { signal: leave.signal })
      refresh()
      onCleanup(() => {
        leave.abort()
        takeOff()
        putDown()
        layer = undefined
      })
    },
    { immediate: true },
  )
  watch([() => masks.pixels, () => masks.mask, () => masks.tint, () => masks.isOverlayShown, () => document.photo], refresh)
  watch([() => brush.radius, () => brush.hardness, () => brush.tool], () => {
    if (layer?.ring === undefined) return
    layer.ring = brush.tool === 'brush' ? { ...layer.ring, radius: brush.radius, hardness: brush.hardness } : undefined
    layer.draw()
  })
  watch(
    () => document.photo,
    async (photo) => {
      brush.last = undefined
      masks.overlay = 'auto'
      if (photo !== undefined) masks.tint = contrastingTint(meanColour(await bitmaps.get(photo.preview.sha256)))
    },
    { immediate: true },
  )
}
