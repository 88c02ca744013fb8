import Konva from 'konva'
import type { ImageLayer } from '../../src-main/contract/document.ts'

type Context = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D
type Placement = Pick<ImageLayer, 'center' | 'scale' | 'angle' | 'opacity' | 'blend'>

/** A picture over the result, ready to draw; its size is in its own pixels, of which the bitmap may have fewer. */
export interface LaidPicture extends Placement {
  readonly bitmap: ImageBitmap | OffscreenCanvas
  readonly width: number
  readonly height: number
}

/** The blend modes are the canvas's own, by the same names; what is exported follows the same formulas. */
const operationOf = (blend: ImageLayer['blend']): GlobalCompositeOperation => (blend === 'normal' ? 'source-over' : blend)

/** Pictures on the stage, in a group whose coordinates are photo pixels. */
export class PictureLayers {
  readonly group = new Konva.Group()
  #shown: readonly LaidPicture[] = []

  /** @param pictures the lowest first */
  show(pictures: readonly LaidPicture[]): void {
    if (pictures === this.#shown) return
    this.#shown = pictures
    while (this.group.children.length > pictures.length) this.group.children.at(-1)!.destroy()
    pictures.forEach(({ bitmap, width, height, center, scale, angle, opacity, blend }, index) => {
      const image = (this.group.children[index] as Konva.Image | undefined) ?? new Konva.Image({ image: undefined })
      if (image.parent === null) this.group.add(image)
      image.setAttrs({
        image: bitmap,
        x: center[0],
        y: center[1],
        width,
        height,
        offsetX: width / 2,
        offsetY: height / 2,
        scaleX: scale,
        scaleY: scale,
        rotation: (angle * 180) / Math.PI,
        opacity,
        globalCompositeOperation: operationOf(blend),
      })
    })
  }
}

/** The same into any 2D context whose coordinates are photo pixels. */
export function paintPictures(context: Context, pictures: readonly LaidPicture[]): void {
  for (const { bitmap, width, height, center, scale, angle, opacity, blend } of pictures) {
    context.save()
    context.translate(center[0], center[1])
    context.rotate(angle)
    context.scale(scale, scale)
    context.globalAlpha = opacity
    context.globalCompositeOperation = operationOf(blend)
    context.drawImage(bitmap, -width / 2, -height / 2, width, height)
    context.restore()
  }
}
