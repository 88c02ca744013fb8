import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Recipe } from '../../src-main/contract/document.ts'
import { useLayerList } from './layer-list.ts'

/** Looks at the document without changing it: some layers alone, or one style layer of a mix alone while the pointer rests on it. */
export const useLens = defineStore('lens', () => {
  const list = useLayerList()
  /** The one style layer of a mix layer that counts for the moment. */
  const glance = shallowRef<{ readonly layer: string; readonly style: number }>()
  const isActive = computed(() => list.soloLayers !== undefined || glance.value !== undefined)

  /** The recipe as it is to be shown. */
  function through(recipe: Recipe): Recipe {
    const only = list.soloLayers
    const at = glance.value
    if (only === undefined && at === undefined) return recipe
    const layers = recipe.layers.map((layer) => {
      const seen = only === undefined ? layer : { ...layer, visible: only.includes(layer.id) }
      if (at === undefined || seen.kind !== 'mix' || seen.id !== at.layer) return seen
      return { ...seen, weights: seen.weights.map((_, l) => (l === at.style ? 1 : 0)) }
    })
    // A layer that is shown alone shows in a hidden group too.
    const groups = only === undefined ? recipe.groups : recipe.groups?.map((group) => ({ ...group, visible: true }))
    return { ...recipe, layers, ...(groups === undefined ? {} : { groups }) }
  }
  return { glance, isActive, through }
})
