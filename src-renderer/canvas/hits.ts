import { isTextField } from '../commands/command.ts'
import { handleAt, type CropHandle } from './crop-handles.ts'
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
  if (scene === undefined || splitAt === undefined || scene.panes.length > 1) return false
  const isHorizontal = scene.compare === 'horizontal'
  const across = isHorizontal ? onStage.y : onStage.x
  const along = isHorizontal ? onStage.x - visible.x : onStage.y - visible.y
  return Math.abs(across - splitAt) <= SPLIT_REACH && along >= 0 && along <= (isHorizontal ? visible.width : visible.height)
}

export function cursorOf(handle: CropHandle | undefined, isHeld: boolean): string {
  if (handle === undefined) return 'default'
  if (handle === 'move') return 'move'
  if (handle === 'rotate') return isHeld ? 'grabbing' : 'grab'
  return handle === 'corner-0' || handle === 'corner-2' ? 'nwse-resize' : 'nesw-resize'
}

/** Space means something of its own in a text field and on a button. */
export function isOccupied(target: EventTarget | null): boolean {
  return (
    isTextField(target) ||
    (target instanceof HTMLElement && target.closest('button, a, select, [role=menuitem], [role=slider], [role=dialog]') !== null)
  )
}
