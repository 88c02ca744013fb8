import type { Mask } from '../../src-main/contract/document.ts'
import type { DocumentChange } from './edits.ts'

/** A mask that was just painted: used as it is. */
export const newMask = (bitmap: string, { width, height }: { readonly width: number; readonly height: number }): Mask => ({
  bitmap,
  width,
  height,
  feather: 0,
  grow: 0,
  edges: 0,
  inverted: false,
  enabled: true,
})

/** Gives a layer a mask, or takes it away. */
export function setMask(id: string, mask: Mask | undefined): DocumentChange {
  return (draft) => {
    const layer = draft.layers.find((each) => each.id === id)
    if (layer === undefined) return
    if (mask === undefined) delete layer.mask
    else layer.mask = { ...mask }
  }
}

/** Turns one of a mask's numbers or switches; a layer without a mask stays as it is. */
export function patchMask(id: string, patch: Partial<Omit<Mask, 'bitmap' | 'width' | 'height'>>): DocumentChange {
  return (draft) => {
    const mask = draft.layers.find((each) => each.id === id)?.mask
    if (mask !== undefined) Object.assign(mask, patch)
  }
}
