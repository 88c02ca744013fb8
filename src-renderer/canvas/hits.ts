import { handleAt } from './crop-handles.ts'
import type { Scene } from './scene.ts'
import type { Point, Size } from './viewport.ts'

/** How near the split's line counts as on it, CSS pixels. */
const SPLIT_REACH = 14

/** The smallest outlined face around a point of the photo, or −1. */
export function faceAt(scene: Scene, inPhoto: Point): number {
  let best = -1
  scene.faces.forEach((face, index) => {
    if (handleAt(face.crop, inPhoto, 0, 0) !== 'move') return
    if (best < 0 || face.crop.size < scene.faces[best]!.crop.size) best = index
  })
  return best
}

export function splitIsNear(scene: Scene | undefined, splitAt: number | undefined, visible: Point & Size, onStage: Point): boolean {
  if (scene === undefined || splitAt === undefined) return false
  const isHorizontal = scene.compare === 'horizontal'
  const across = isHorizontal ? onStage.y : onStage.x
  const along = isHorizontal ? onStage.x - visible.x : onStage.y - visible.y
  return Math.abs(across - splitAt) <= SPLIT_REACH && along >= 0 && along <= (isHorizontal ? visible.width : visible.height)
}
