import type { PackSummary } from '../../src-main/contract/calls.ts'

const groups: Record<string, string[]> = {
  Expression: ['smiling', 'frowning', 'surprised', 'eyes closed'],
  Hair: ['red hair', 'blond hair', 'curly hair', 'long hair', 'bald'],
  Face: ['older', 'younger', 'full beard', 'no beard', 'freckles'],
  Wearing: ['glasses', 'sunglasses', 'a beanie', 'red lipstick'],
}

export const demoPack: PackSummary = {
  id: 'portraits',
  hash: 'demo',
  title: 'Portraits 128 · rendered',
  noun: 'face',
  imageSize: 128,
  neutralTexts: ['a face'],
  suggestions: Object.entries(groups).flatMap(([group, texts]) => texts.map((text) => ({ text, group }))),
  styleLayers: [],
  limits: 'Rendered portraits. Photographs of people look best with a photographic pack, which you bring.',
  licences: [{ what: 'Everything in it', licence: 'CC0' }],
}
