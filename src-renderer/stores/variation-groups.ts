import type { VariationResult } from '../../src-main/contract/calls.ts'
import { isEdit, type Layer, type Recipe } from '../../src-main/contract/document.ts'
import type { KeptVariation, VariationGroup } from '../../src-main/contract/variations.ts'

/** The filmstrip keeps this many; beyond it the oldest without a star go. */
export const MOST_VARIATIONS = 400

/** A short mark of a document state (FNV-1a over its JSON): equal for equal states, and small enough to keep beside every group. */
export function stateOf(recipe: Recipe): string {
  const { layers, crop, composite, quality, inversion, photo, pack } = recipe
  const text = JSON.stringify([layers, crop, composite, quality, inversion, photo.id, pack.hash])
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return `${text.length.toString(36)}-${(hash >>> 0).toString(36)}`
}

/** Only the layers that vary are kept of a result: the rest is the document's. */
export function withResult(group: VariationGroup, { index, layers, thumbnail }: VariationResult): VariationGroup {
  if (group.results.some((other) => other.index === index)) return group
  const kept: KeptVariation = { index, layers: layers.filter((layer) => group.vary.includes(layer.id)), thumbnail, rating: 0 }
  return { ...group, results: [...group.results, kept].sort((a, b) => a.index - b.index) }
}

/** The document's layers with a variation's own in their places; one whose layer is gone lies on top. */
export function layersWith(document: readonly Layer[], varied: readonly Layer[]): Layer[] {
  const byId = new Map(varied.map((layer) => [layer.id, layer]))
  const missing = varied.filter((layer) => !document.some((other) => other.id === layer.id))
  return [
    ...missing.map((layer) => ({ ...layer, group: undefined })),
    ...document.map((layer) => {
      const own = byId.get(layer.id)
      return own !== undefined && isEdit(own) && isEdit(layer) ? { ...layer, variation: own.variation } : layer
    }),
  ]
}

/** What fits: the newest groups, and of older ones what has a star. */
export function limited(groups: readonly VariationGroup[], most = MOST_VARIATIONS): VariationGroup[] {
  let count = 0
  return groups.flatMap((group) => {
    const fits = count + group.results.length <= most
    const results = fits ? group.results : group.results.filter(({ rating }) => rating > 0)
    count += results.length
    if (results === group.results) return [group]
    return results.length === 0 ? [] : [{ ...group, results, expected: results.length }]
  })
}

/** Every word typed occurs in the prompt; at least so many stars. */
export function filtered(groups: readonly VariationGroup[], { words, rating }: { words: string; rating: number }): VariationGroup[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  return groups
    .filter(({ prompt }) => wanted.every((word) => prompt.toLowerCase().includes(word)))
    .map((group) => (rating === 0 ? group : { ...group, results: group.results.filter((each) => each.rating >= rating) }))
    .filter(({ results, expected }) => results.length > 0 || (rating === 0 && expected > 0))
}
