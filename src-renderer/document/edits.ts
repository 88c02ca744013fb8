import {
  newEditLayer,
  STRENGTH_LIMIT,
  type CompositeOptions,
  type EditLayer,
  type ImageLayer,
  type Layer,
  type MixLayer,
  type Recipe,
} from '../../src-main/contract/document.ts'
import type { Crop } from '../../src-main/contract/geometry.ts'
import type { Change } from './history.ts'

/** The document that undo walks is the recipe that exports carry. Every function here is a change of it: pure, and undone by its patches. */
export type DocumentChange = Change<Recipe>

type Numbers<L> = Partial<Omit<L, 'id' | 'kind' | 'group'>>
/** What a slider or a field of a layer may set; the caller knows which kind of layer it is. */
export type LayerPatch = Numbers<EditLayer> | Numbers<MixLayer> | Numbers<ImageLayer>

export const limitStrength = (strength: number): number => Math.min(Math.max(strength, -STRENGTH_LIMIT), STRENGTH_LIMIT)

/** A compound prompt becomes one layer for each part, on top of the stack, the first part uppermost. */
export function addEdits(parts: readonly { id: string; text: string; neutral?: string }[]): DocumentChange {
  return (draft) => {
    draft.layers.unshift(...parts.map(({ id, text, neutral = '' }) => newEditLayer(id, text, { neutral })))
  }
}

export function patchLayer(id: string, patch: LayerPatch): DocumentChange {
  return (draft) => {
    const layer = draft.layers.find((each) => each.id === id)
    if (layer === undefined) return
    Object.assign(layer, patch)
    if (layer.kind === 'edit') layer.strength = limitStrength(layer.strength)
  }
}

/** A variation or a restored recipe brings its own layers. */
export function replaceLayers(layers: readonly Layer[]): DocumentChange {
  return (draft) => {
    draft.layers = structuredClone<Layer[]>([...layers])
  }
}

export function setCrop(crop: Crop): DocumentChange {
  return (draft) => {
    if (JSON.stringify(crop) === JSON.stringify(draft.crop)) return
    draft.crop = { ...crop, center: [...crop.center] }
    // What was refined was another square of the photo.
    draft.quality = 'instant'
    delete draft.inversion
  }
}

export function setComposite(patch: Partial<CompositeOptions>): DocumentChange {
  return (draft) => {
    Object.assign(draft.composite, patch)
  }
}
