import type { Draft } from 'immer'
import type { Layer, LayerGroup, Recipe } from '../../src-main/contract/document.ts'
import type { DocumentChange } from './edits.ts'

/**
 * Changes of the stack as a whole: which layers there are, in which order and in which groups. Each one ends with the stack in order: a group's
 * layers are neighbours, every group has layers, every layer's group exists.
 */
type Stack = Pick<Draft<Recipe>, 'layers' | 'groups'>

/** Puts layers, in the order in which they lie, on top of the stack. */
export function addLayers(layers: readonly Layer[], groups: readonly LayerGroup[] = []): DocumentChange {
  return stacked((stack) => {
    stack.layers = [...structuredClone<Layer[]>([...layers]), ...stack.layers]
    if (groups.length > 0) stack.groups = [...(stack.groups ?? []), ...structuredClone<LayerGroup[]>([...groups])]
  })
}

export function removeLayers(ids: readonly string[]): DocumentChange {
  return stacked((stack) => {
    if (stack.layers.some((layer) => ids.includes(layer.id))) stack.layers = stack.layers.filter((layer) => !ids.includes(layer.id))
  })
}

/** The copies lie directly above the uppermost original, in the same order; the copy of a whole group is a group of its own. */
export function duplicateLayers(
  pairs: readonly { readonly id: string; readonly copy: string }[],
  groupPairs: readonly { readonly id: string; readonly copy: string }[] = [],
): DocumentChange {
  return stacked((stack) => {
    const first = stack.layers.findIndex((layer) => pairs.some(({ id }) => id === layer.id))
    if (first < 0) return
    const copies = stack.layers.flatMap((layer) => {
      const pair = pairs.find(({ id }) => id === layer.id)
      if (pair === undefined) return []
      const group = groupPairs.find(({ id }) => id === layer.group)?.copy ?? layer.group
      return [{ ...plain(layer), id: pair.copy, ...(group === undefined ? {} : { group }) }]
    })
    stack.layers.splice(first, 0, ...copies)
    for (const { id, copy } of groupPairs) {
      const original = stack.groups?.find((group) => group.id === id)
      if (original !== undefined) stack.groups!.push({ ...plain(original), id: copy })
    }
  })
}

/** Moves layers, in the order in which they lie, to before the layer that is now at `place` of the list (0 is the top), into a group or out of all. */
export function moveLayers(ids: readonly string[], place: number, group?: string): DocumentChange {
  return stacked((stack) => {
    const moving = stack.layers.filter((layer) => ids.includes(layer.id))
    const at = stack.layers.slice(0, Math.max(place, 0)).filter((layer) => !ids.includes(layer.id)).length
    const rest = stack.layers.filter((layer) => !ids.includes(layer.id))
    for (const layer of moving) joinGroup(layer, group)
    const next = [...rest.slice(0, at), ...moving, ...rest.slice(at)]
    if (next.some((layer, index) => layer.id !== stack.layers[index]!.id)) stack.layers = next
  })
}

/** Moves a whole group to before the layer that is now at `place`. */
export function moveGroup(id: string, place: number): DocumentChange {
  return (draft) => {
    const members = draft.layers.filter((layer) => layer.group === id).map((layer) => layer.id)
    moveLayers(members, place, id)(draft)
  }
}

/** The layers leave the groups that they are in and make one, where the uppermost of them lies. */
export function groupLayers(ids: readonly string[], group: LayerGroup): DocumentChange {
  return stacked((stack) => {
    const members = stack.layers.filter((layer) => ids.includes(layer.id))
    if (members.length === 0) return
    for (const layer of members) layer.group = group.id
    stack.groups = [...(stack.groups ?? []), { ...group }]
  })
}

/** The groups' layers stay where they are. */
export function ungroup(ids: readonly string[]): DocumentChange {
  return stacked((stack) => {
    for (const layer of stack.layers) if (layer.group !== undefined && ids.includes(layer.group)) delete layer.group
  })
}

export function patchGroup(id: string, patch: Partial<Omit<LayerGroup, 'id'>>): DocumentChange {
  return (draft) => {
    const group = draft.groups?.find((each) => each.id === id)
    if (group !== undefined) Object.assign(group, patch)
  }
}

/** One edit becomes several with the same numbers, a layer for each part of its text; the first keeps the edit's place and id. */
export function splitEdit(id: string, parts: readonly { readonly id: string; readonly text: string }[]): DocumentChange {
  return stacked((stack) => {
    const index = stack.layers.findIndex((layer) => layer.id === id)
    const layer = stack.layers[index]
    if (layer?.kind !== 'edit' || parts.length < 2) return
    const { variation: _variation, name: _name, ...numbers } = plain(layer)
    stack.layers.splice(index, 1, ...parts.map((part, at) => ({ ...numbers, text: part.text, id: at === 0 ? id : part.id })))
  })
}

/** Several edits become one: the uppermost, with all their texts. Its numbers are the uppermost's, since one layer has one strength. */
export function mergeEdits(ids: readonly string[]): DocumentChange {
  return stacked((stack) => {
    const merged = stack.layers.filter((layer) => layer.kind === 'edit' && ids.includes(layer.id))
    const [first, ...others] = merged
    if (first?.kind !== 'edit' || others.length === 0) return
    first.text = mergedText(merged)
    delete first.variation
    delete first.name
    stack.layers = stack.layers.filter((layer) => !others.includes(layer))
  })
}

/** What `mergeEdits` writes. */
export const mergedText = (layers: readonly Layer[]): string =>
  layers.flatMap((layer) => (layer.kind === 'edit' ? [layer.text] : [])).join(', ')

/** Runs a change and then puts the stack in order. */
function stacked(change: (stack: Stack) => void): DocumentChange {
  return (draft) => {
    change(draft)
    const known = new Set((draft.groups ?? []).map((group) => group.id))
    for (const layer of draft.layers) if (layer.group !== undefined && !known.has(layer.group)) delete layer.group
    const ordered = neighbours(draft.layers)
    if (ordered.some((layer, index) => layer !== draft.layers[index])) draft.layers = ordered
    const used = new Set(draft.layers.map((layer) => layer.group))
    if (draft.groups?.some((group) => !used.has(group.id)) !== true) return
    const groups = draft.groups.filter((group) => used.has(group.id))
    if (groups.length > 0) draft.groups = groups
    else delete draft.groups
  }
}

/** The same layers, each group's where the first of them lies. */
function neighbours<L extends { readonly group?: string | undefined }>(layers: readonly L[]): L[] {
  const done = new Set<string>()
  return layers.flatMap(({ group }, index) => {
    if (group === undefined) return [layers[index]!]
    if (done.has(group)) return []
    done.add(group)
    return layers.filter((layer) => layer.group === group)
  })
}

function joinGroup(layer: { group?: string | undefined }, group: string | undefined): void {
  if (group === undefined) delete layer.group
  else if (layer.group !== group) layer.group = group
}

const plain = <T>(draft: T): T => JSON.parse(JSON.stringify(draft)) as T
