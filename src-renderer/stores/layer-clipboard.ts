import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import type { Layer, LayerGroup, Recipe } from '../../src-main/contract/document.ts'
import { addLayers } from '../document/stack.ts'
import { useDocument } from './document.ts'
import { useLayerList } from './layer-list.ts'
import { newLayerId } from '../document/layer-id.ts'

/** Layers on their way to another photo, and the photo that they come from. */
export interface CopiedLayers {
  readonly photo: string
  readonly width: number
  readonly height: number
  readonly layers: readonly Layer[]
  readonly groups: readonly LayerGroup[]
}

/** Layers that were copied, kept while photos come and go; and the layers of the photo that was open before this one. */
export const useLayerClipboard = defineStore('layer-clipboard', () => {
  const document = useDocument()
  const list = useLayerList()
  const copied = shallowRef<CopiedLayers>()
  const previous = shallowRef<CopiedLayers>()
  const canPaste = computed(() => copied.value !== undefined && document.recipe !== undefined)
  const canPastePrevious = computed(() => previous.value !== undefined && document.recipe !== undefined)

  /** Copies the picked layers; without a picked one all of them. */
  function copy(): void {
    const { recipe, photo } = document
    if (recipe === undefined || photo === undefined) return
    copied.value = taken(recipe, photo, list.pickedLayers.length > 0 ? list.pickedLayers : recipe.layers)
  }
  const paste = () => put(copied.value)
  const pastePrevious = () => put(previous.value)

  /** Puts copies on top of the stack, as one step, and picks them. */
  function put(source: CopiedLayers | undefined): void {
    const photo = document.photo
    if (source === undefined || photo === undefined) return
    const { layers, groups } = pasted(source, photo, newLayerId)
    document.run({ key: 'step.paste', values: { count: layers.length } }, addLayers(layers, groups))
    list.pickLayers(layers.map((layer) => layer.id))
  }

  // When another photo takes its place, what lay on the one before is at hand.
  let latest: { recipe: Recipe; photo: NonNullable<typeof document.photo> } | undefined
  watch(
    [() => document.photo, () => document.recipe] as const,
    ([photo, recipe]) => {
      if (latest !== undefined && photo?.id !== latest.photo.id && latest.recipe.layers.length > 0)
        previous.value = taken(latest.recipe, latest.photo, latest.recipe.layers)
      latest = photo !== undefined && recipe !== undefined && recipe.photo.id === photo.id ? { photo, recipe } : undefined
    },
    { flush: 'sync', immediate: true },
  )

  return { copied, previous, canPaste, canPastePrevious, copy, paste, pastePrevious }
})

function taken(
  recipe: Recipe,
  { id, width, height }: { id: string; width: number; height: number },
  layers: readonly Layer[],
): CopiedLayers {
  const used = new Set(layers.map((layer) => layer.group))
  return { photo: id, width, height, layers, groups: (recipe.groups ?? []).filter((group) => used.has(group.id)) }
}

/**
 * Copies for another photo, with ids of their own. What is measured in photo pixels keeps its place and size as shares of the photo; a mask belongs to
 * the picture that it was painted on and stays behind unless the photo is the same.
 */
export function pasted(
  { photo: from, width, height, layers, groups }: CopiedLayers,
  to: { readonly id: string; readonly width: number; readonly height: number },
  newId: () => string,
): { layers: Layer[]; groups: LayerGroup[] } {
  const groupIds = new Map(groups.map((group) => [group.id, newId()]))
  const scale = Math.min(to.width / width, to.height / height)
  return {
    groups: groups.map((group) => ({ ...group, id: groupIds.get(group.id)! })),
    layers: layers.map((layer) => {
      const { mask, group, ...rest } = structuredClone(layer)
      const moved: Layer =
        rest.kind === 'image'
          ? { ...rest, center: [(rest.center[0] / width) * to.width, (rest.center[1] / height) * to.height], scale: rest.scale * scale }
          : rest
      const newGroup = group === undefined ? undefined : groupIds.get(group)
      return {
        ...moved,
        id: newId(),
        ...(newGroup === undefined ? {} : { group: newGroup }),
        ...(mask !== undefined && from === to.id ? { mask } : {}),
      }
    }),
  }
}
