import type { KeptVariation, VariationGroup } from '../../src-main/contract/variations.ts'
import { variationId } from '../stores/variations.ts'

/** What the moving part of the filmstrip consists of, from left to right. */
export type FilmItem =
  | { readonly kind: 'head'; readonly key: string; readonly group: VariationGroup }
  | { readonly kind: 'cell'; readonly key: string; readonly group: VariationGroup; readonly result: KeptVariation }
  | { readonly kind: 'pending'; readonly key: string; readonly group: VariationGroup }

/** Groups one after another: its words, its results, and a place for each one that is still being made. */
export function filmItems(groups: readonly VariationGroup[]): FilmItem[] {
  return groups.flatMap((group) => [
    { kind: 'head' as const, key: group.id, group },
    ...group.results.map((result) => ({ kind: 'cell' as const, key: variationId(group, result), group, result })),
    ...Array.from({ length: Math.max(0, group.expected - group.results.length) }, (_, index) => ({
      kind: 'pending' as const,
      key: `${group.id} ${index}`,
      group,
    })),
  ])
}
