import Konva from 'konva'
import { PictureLayers } from './image-layers.ts'
import type { Patch, Scene, Shot } from './scene.ts'
import type { Viewport } from './viewport.ts'

/**
 * One picture: the photo, the patch of an edit or the inversion over it, and, where somebody looks closely, that part again at full resolution.
 * A patch has soft edges, so two of them never lie on top of each other: the close part begins with the photo again.
 */
export class PictureSide {
  readonly group = new Konva.Group()
  readonly #photo = new Konva.Image({ image: undefined })
  readonly #photoDetail = new Konva.Image({ image: undefined })
  readonly #patch = new Konva.Image({ image: undefined })
  readonly #detail = new Konva.Group()
  readonly #detailPhoto = new Konva.Image({ image: undefined })
  readonly #detailPatch = new Konva.Image({ image: undefined })
  readonly #pictures = new PictureLayers()
  readonly #inversion = new Konva.Image({ image: undefined })

  constructor() {
    this.#detail.add(this.#detailPhoto, this.#detailPatch)
    this.group.add(this.#photo, this.#photoDetail, this.#patch, this.#detail, this.#pictures.group, this.#inversion)
  }

  show({ photo, photoBitmap, detail }: Scene, { side, patch, detail: detailPatch, inversion, pictures = [] }: Shot, view: Viewport): void {
    this.group.setAttrs({ x: view.x, y: view.y, scaleX: view.scale, scaleY: view.scale })
    this.#photo.setAttrs({ image: photoBitmap, width: photo.width, height: photo.height })
    place(this.#photoDetail, detail)
    place(this.#patch, side === 'result' ? patch : undefined)
    this.#detail.visible(side === 'result' && detailPatch !== undefined)
    if (side === 'result' && detailPatch !== undefined) {
      const { x, y, width, height } = detailPatch.box
      this.#detail.clip({ x, y, width, height })
      if (detail === undefined) this.#detailPhoto.setAttrs({ image: photoBitmap, x: 0, y: 0, width: photo.width, height: photo.height })
      else this.#detailPhoto.setAttrs({ image: detail.bitmap, ...detail.box })
      place(this.#detailPatch, detailPatch)
    }
    this.#pictures.group.visible(side === 'result')
    this.#pictures.show(pictures)
    this.#inversion.visible(side === 'inversion' && inversion !== undefined)
    if (inversion !== undefined) {
      const { center, size, angle } = inversion.crop
      this.#inversion.setAttrs({
        image: inversion.bitmap,
        x: center[0],
        y: center[1],
        width: size,
        height: size,
        offsetX: size / 2,
        offsetY: size / 2,
        rotation: (angle * 180) / Math.PI,
      })
    }
  }
}

function place(image: Konva.Image, patch: Patch | undefined): void {
  image.visible(patch !== undefined)
  if (patch !== undefined) image.setAttrs({ image: patch.bitmap, ...patch.box })
}
