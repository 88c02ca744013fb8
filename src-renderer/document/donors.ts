import { isLatent, shownLayers, type Donor, type LatentLayer, type Layer, type Recipe } from '../../src-main/contract/document.ts'

type ResultDonor = Extract<Donor, { kind: 'result' }>

/**
 * A document's state as a donor: its photo, its crop and what its shown layers do to the latent. Masks, names and groups are left out; a mix whose own
 * donor is a result is too, since results do not nest.
 */
export function donorOfRecipe(recipe: Recipe, layers: readonly Layer[] = recipe.layers): ResultDonor {
  const shown = shownLayers({ ...recipe, layers: [...layers] }).filter(isLatent)
  return {
    kind: 'result',
    photo: { id: recipe.photo.id, name: recipe.photo.name },
    crop: structuredClone(recipe.crop),
    layers: shown.flatMap((layer) => bare(layer)),
  }
}

function bare(layer: LatentLayer): ResultDonor['layers'] {
  const { mask: _mask, group: _group, name: _name, ...rest } = layer
  if (rest.kind === 'edit') return [structuredClone(rest)]
  const { donor, ...numbers } = rest
  return donor.kind === 'result' ? [] : [structuredClone({ ...numbers, donor })]
}
