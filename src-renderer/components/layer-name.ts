import type { Donor, Layer } from '../../src-main/contract/document.ts'
import { i18n } from '../i18n/i18n.ts'

/** What a layer is called: the name that a person gave, else its text, its donor, or its file. */
export function layerName(layer: Layer): string {
  if (layer.name !== undefined) return layer.name
  if (layer.kind === 'edit') return layer.text
  return layer.kind === 'mix' ? i18n.global.t('mix.name', { donor: donorName(layer.donor) }) : layer.picture.name
}

/** What a donor is called. */
export function donorName(donor: Donor): string {
  switch (donor.kind) {
    case 'seed':
      return i18n.global.t('donor.seed', { seed: donor.seed })
    case 'text':
      return donor.text
    case 'photo':
      return donor.photo.name
    case 'result':
      return (
        donor.layers.map((layer) => layer.name ?? (layer.kind === 'edit' ? layer.text : donorName(layer.donor))).join(', ') ||
        donor.photo.name
      )
  }
}
