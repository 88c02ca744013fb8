import type { PackDraft } from './write.ts'
import { channelsFrom } from '../nets/stylegan2/architecture.ts'
import { styleLayout } from '../nets/stylegan2/layout.ts'

/** A manifest of a tiny domain, for tests: 16² pictures, a CLIP of 8 numbers. */
export function tinyDraft(changes: Partial<PackDraft> = {}): PackDraft {
  const generator: PackDraft['generator'] = {
    zDim: 16,
    wDim: 16,
    imageSize: 16,
    channels: channelsFrom(16, 128, 16),
    mappingLayers: 2,
    mappingRate: 0.01,
    imageChannels: 3,
    fir: [1, 3, 3, 1],
    classes: 0,
  }
  return {
    format: 1,
    id: 'tiny',
    title: 'Tiny faces',
    noun: 'face',
    neutralTexts: ['a face'],
    suggestions: [{ text: 'a smiling face', group: 'expression' }],
    imageSize: 16,
    generator,
    clip: {
      embed: 8,
      image: { kind: 'vit', size: 16, patch: 8, width: 16, layers: 1, heads: 2 },
      text: { width: 16, layers: 1, heads: 2, context: 8, vocabulary: 300 },
      mean: [0.5, 0.5, 0.5],
      std: [0.25, 0.25, 0.25],
    },
    crop: 'square',
    styleLayout: styleLayout(generator).layers.map(({ name, resolution, offset, channels, kind }) => ({
      layer: name,
      resolution,
      offset,
      channels,
      kind,
    })),
    provenance: [{ source: 'a test' }],
    licences: [{ what: 'weights', licence: 'CC0-1.0' }],
    limits: 'It is only for tests.',
    ...changes,
  }
}
