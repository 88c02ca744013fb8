import type { Face } from '../../src-main/contract/calls.ts'
import type { Crop, PhotoBox } from '../../src-main/contract/geometry.ts'
import type { LaidPicture } from './image-layers.ts'
import type { Point, Size } from './viewport.ts'

export type Side = 'photo' | 'result' | 'inversion'
export type Compare = 'off' | 'vertical' | 'horizontal' | 'two-up' | 'difference' | 'grid'

export interface Patch {
  readonly bitmap: ImageBitmap
  readonly box: PhotoBox
}

/** One picture of the photo: what lies over it. Bitmaps are ready to draw. */
export interface Shot {
  readonly side: Side
  readonly patch: Patch | undefined
  /** The patch of `Scene.detail`'s part at its resolution; it takes the place of `patch` there. */
  readonly detail?: Patch | undefined
  /** The inversion fills the crop that it was made for. */
  readonly inversion: { readonly bitmap: ImageBitmap; readonly crop: Crop } | undefined
  /** Pictures over the result, the lowest first. */
  readonly pictures?: readonly LaidPicture[]
}

/** Everything that the canvas shows, pushed to it whole; it reads no store. */
export interface Scene {
  /** Size of the upright photo; bitmaps of it may be smaller. */
  readonly photo: Size
  readonly photoBitmap: ImageBitmap
  /** A part of the photo at the resolution at which it is looked at, where `photoBitmap` is too coarse. */
  readonly detail: Patch | undefined
  readonly before: Shot
  readonly after: Shot
  readonly compare: Compare
  /** Pictures side by side, all with the same zoom and place: the two of a 2-up, the two to nine of a grid. Empty otherwise. */
  readonly panes: readonly Shot[]
  /** The chosen one of a grid, or −1. */
  readonly picked: number
  readonly splitAt: number
  /** Outlined faces, none when there is nothing to choose. */
  readonly faces: readonly Face[]
  readonly chosenFace: number
  readonly tool: 'select' | 'hand' | 'crop' | 'zoom' | 'brush' | 'eraser' | 'lasso'
  readonly cropDraft: Crop | undefined
  /** A slider moves: speed before the last bit of smoothness. */
  readonly isMoving: boolean
}

/** What part of the photo is looked at, and how closely. */
export interface Look {
  /** The part of the stage that the photo covers now, in one pane's CSS pixels. */
  readonly visible: Point & Size
  /** The same part in photo pixels. */
  readonly inPhoto: PhotoBox
  /** Photo pixels to device pixels. */
  readonly zoom: number
  /** Where the panes stand on the stage, CSS pixels; one without a 2-up or a grid. */
  readonly panes: readonly (Point & Size)[]
}

/** How the canvas tells what a hand did on it. */
export interface CanvasPort {
  onZoom(zoom: number, isFitted: boolean): void
  onLook(look: Look): void
  onSplit(at: number): void
  onFace(index: number): void
  onCrop(crop: Crop): void
  /** A picture of a grid was clicked; twice: shown alone. */
  onPane(index: number, isTwice: boolean): void
  /** The figures of the difference map that is shown, as shares of 1. */
  onDifference(figures: { readonly most: number; readonly share: number }): void
  onHeldKey(key: 'none' | 'space' | 'shift' | 'alt'): void
}
