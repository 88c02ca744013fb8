import type { Face } from '../../src-main/contract/calls.ts'
import type { Crop, PhotoBox } from '../../src-main/contract/geometry.ts'
import type { Point, Size } from './viewport.ts'

export type Side = 'photo' | 'result' | 'inversion'

/** Everything that the canvas shows, pushed to it whole; it reads no store. Bitmaps are ready to draw. */
export interface Scene {
  /** Size of the upright photo; bitmaps of it may be smaller. */
  readonly photo: Size
  readonly photoBitmap: ImageBitmap
  readonly patch: { readonly bitmap: ImageBitmap; readonly box: PhotoBox } | undefined
  /** The inversion fills the crop that it was made for. */
  readonly inversion: { readonly bitmap: ImageBitmap; readonly crop: Crop } | undefined
  readonly before: Side
  readonly after: Side
  readonly compare: 'off' | 'vertical' | 'horizontal'
  readonly splitAt: number
  /** Outlined faces, none when there is nothing to choose. */
  readonly faces: readonly Face[]
  readonly chosenFace: number
  readonly tool: 'select' | 'hand' | 'crop' | 'zoom'
  readonly cropDraft: Crop | undefined
  /** A slider moves: speed before the last bit of smoothness. */
  readonly isMoving: boolean
}

/** How the canvas tells what a hand did on it. */
export interface CanvasPort {
  onZoom(zoom: number, isFitted: boolean): void
  /** The part of the stage that the photo covers now, CSS pixels. */
  onVisible(visible: Point & Size): void
  onSplit(at: number): void
  onFace(index: number): void
  onCrop(crop: Crop): void
  onHeldKey(key: 'none' | 'space' | 'shift' | 'alt'): void
}
