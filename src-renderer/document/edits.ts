import { newEditLayer, STRENGTH_LIMIT, type CompositeOptions, type EditLayer, type Layer, type Recipe } from '../../src-main/contract/document.ts'
import { current } from 'immer'
import type { Crop } from '../../src-main/contract/geometry.ts'
import type { Change } from './history.ts'

/** The document that undo walks is the recipe that exports carry. Every function here is a change of it: pure, and undone by its patches. */
export type DocumentChange = Change<Recipe>

/** What a slider or a field of a layer may set. */
export type LayerPatch = Partial<Omit<EditLayer, 'id' | 'kind'>>

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

export function removeLayer(id: string): DocumentChange {
  return (draft) => {
    const index = draft.layers.findIndex((layer) => layer.id === id)
    if (index >= 0) draft.layers.splice(index, 1)
  }
}

/** The copy lies directly above its original. */
export function duplicateLayer(id: string, copyId: string): DocumentChange {
  return (draft) => {
    const index = draft.layers.findIndex((layer) => layer.id === id)
    if (index >= 0) draft.layers.splice(index, 0, { ...current(draft).layers[index]!, id: copyId })
  }
}

/** Moves a layer to a place in the list, 0 being the top; places outside are the nearest inside. */
export function moveLayer(id: string, place: number): DocumentChange {
  return (draft) => {
    const from = draft.layers.findIndex((layer) => layer.id === id)
    if (from < 0) return
    const to = Math.min(Math.max(place, 0), draft.layers.length - 1)
    if (to === from) return
    const [layer] = draft.layers.splice(from, 1)
    draft.layers.splice(to, 0, layer!)
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
    if (JSON.stringify(crop) !== JSON.stringify(draft.crop)) draft.crop = { ...crop, center: [...crop.center] }
  }
}

export function setComposite(patch: Partial<CompositeOptions>): DocumentChange {
  return (draft) => {
    Object.assign(draft.composite, patch)
  }
}
