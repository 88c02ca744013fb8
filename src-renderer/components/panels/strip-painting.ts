import type { PackSummary } from '../../../src-main/contract/calls.ts'

export type StripLayer = Pick<PackSummary['styleLayers'][number], 'name' | 'kind' | 'resolution'>

/** A bar under the pointer and the weight that its height stands for. */
export interface Dab {
  readonly index: number
  readonly weight: number
}

/** Weights after the pointer went from one bar to another: every bar between gets the weight of the straight line. */
export function paint(weights: readonly number[], from: Dab, to: Dab): number[] {
  const next = [...weights]
  const [low, high] = from.index <= to.index ? [from, to] : [to, from]
  for (let l = low.index; l <= high.index; l++) {
    const share = high.index === low.index ? 1 : (l - low.index) / (high.index - low.index)
    const between = low.index === high.index ? to.weight : low.weight + share * (high.weight - low.weight)
    next[l] = tidyWeight(between)
  }
  return next
}

/** Hundredths: what a hand can mean, and what a recipe should hold. */
export const tidyWeight = (weight: number): number => Math.min(1, Math.max(0, Math.round(weight * 100) / 100))

/** One weight a layer, whatever a recipe of another pack brings. */
export const fitWeights = (weights: readonly number[], count: number): number[] => Array.from({ length: count }, (_, l) => weights[l] ?? 0)

export const PRESETS = ['coarse', 'middle', 'fine', 'all', 'none'] as const
export type Preset = (typeof PRESETS)[number]

/** Coarse is 4² and 8², middle 16² and 32², fine 64² and above, as edits have it. */
export function presetWeights(layers: readonly StripLayer[], preset: Preset): number[] {
  const range = ({ resolution }: StripLayer): Preset => (resolution <= 8 ? 'coarse' : resolution <= 32 ? 'middle' : 'fine')
  return layers.map((layer) => (preset === 'all' || range(layer) === preset ? 1 : 0))
}

export interface StripGroup {
  readonly resolution: number
  readonly bars: readonly { readonly index: number; readonly layer: StripLayer }[]
}

/** The style layers by the resolution that they act at. */
export function stripGroups(layers: readonly StripLayer[]): StripGroup[] {
  const groups = new Map<number, { index: number; layer: StripLayer }[]>()
  layers.forEach((layer, index) => groups.set(layer.resolution, [...(groups.get(layer.resolution) ?? []), { index, layer }]))
  return [...groups].map(([resolution, bars]) => ({ resolution, bars }))
}
