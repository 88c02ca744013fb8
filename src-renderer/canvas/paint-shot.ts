import { paintPictures } from './image-layers.ts'
import type { Scene, Shot } from './scene.ts'

type Context = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D

/** Paints a picture of the scene into any 2D context whose coordinates are photo pixels: thumbnails, difference maps. */
export function paintShot(context: Context, { photo, photoBitmap }: Pick<Scene, 'photo' | 'photoBitmap'>, shot: Shot): void {
  context.imageSmoothingQuality = 'high'
  context.drawImage(photoBitmap, 0, 0, photo.width, photo.height)
  if (shot.side === 'result' && shot.patch !== undefined) {
    const { x, y, width, height } = shot.patch.box
    context.drawImage(shot.patch.bitmap, x, y, width, height)
  }
  if (shot.side === 'result' && shot.pictures !== undefined) paintPictures(context, shot.pictures)
  if (shot.side === 'inversion' && shot.inversion !== undefined) {
    const { center, size, angle } = shot.inversion.crop
    context.save()
    context.translate(center[0], center[1])
    context.rotate(angle)
    context.drawImage(shot.inversion.bitmap, -size / 2, -size / 2, size, size)
    context.restore()
  }
}
