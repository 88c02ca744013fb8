import type { ExportRequest } from '../contract/calls.ts'
import { isImage, isLatent, shownLayers, type Layer, type Recipe } from '../contract/document.ts'
import { standardProfile } from '../engine/photos/colour.ts'
import { metadataFor } from '../engine/photos/export-metadata.ts'
import type { ExportedPhoto } from '../engine/photos/export.ts'
import { stretched } from '../engine/photos/masks/box.ts'
import type { Photo, PhotoPixels } from '../engine/photos/photo.ts'
import { changedBox, layerPixels } from '../engine/photos/psd-layers.ts'
import { writePsd, type PsdLayer } from '../engine/photos/psd.ts'
import type { EditParts } from './edits.ts'
import { finish, type FinishWork } from './finished.ts'
import { checkpoint } from './photos.ts'

/**
 * A recipe as a PSD: the photo, and on it every layer as it changes what lies below, with its name, its mask, its eye and its group; shown
 * together they are the result. The n-th picture is the result of the lowest n layers; pictures over the result come last, as in the studio.
 * Errors: Cancelled, those of each stage, export.too-large.
 */
export async function exportPsd(
  parts: EditParts,
  request: ExportRequest,
  result: { readonly photo: Photo; readonly pixels: PhotoPixels; readonly recipe: object | undefined },
  { signal }: Pick<FinishWork, 'signal'>,
): Promise<ExportedPhoto> {
  const { recipe, profile, metadata, aiLabel } = request
  const { photo, pixels } = result
  const from = photo.profile
  const to = profile === 'same' ? from : await standardProfile(profile)
  const whole = { x: 0, y: 0, width: photo.width, height: photo.height }
  const layers: PsdLayer[] = [{ name: photo.name, box: whole, rgba: layerPixels(photo.pixels, whole, { from, to }) }]
  let below = photo.pixels
  const shown = new Set(shownLayers(recipe).map(({ id }) => id))
  const stack = bottomUp(recipe)
  for (const [place, layer] of stack.entries()) {
    checkpoint(signal)
    const under = stack.slice(0, place).filter(({ id }) => shown.has(id))
    const render = async (changed: Layer) => (await finish(parts, ofLayers(recipe, [...under, changed]), { signal })).pixels
    const here = { ...layer, visible: true }
    const masked = isMaskable(layer, under) ? await psdMask(parts, recipe, photo, layer) : undefined
    const above = await render(masked === undefined ? here : { ...here, mask: undefined })
    const box = changedBox(below, above)
    if (box.width > 0) {
      const rgba = layerPixels(above, box, { from, to, over: below })
      layers.push({ name: nameOf(layer), box, rgba, isHidden: !layer.visible, mask: masked, group: groupOf(recipe, layer) })
    }
    if (shown.has(layer.id)) below = masked === undefined ? above : await render(here)
  }
  const { warnings, ...blocks } = metadataFor(photo, { metadata, aiLabel, recipe: result.recipe }, target(photo, to.kind === 'srgb'))
  const merged = layerPixels(pixels, whole, { from, to })
  const icc = to.bytes ?? (await standardProfile('srgb')).bytes
  const bytes = writePsd({ width: photo.width, height: photo.height, merged, layers, icc, ...blocks })
  const said = photo.pixels.depth === 16 ? [...warnings, 'A PSD is written with 8 bits a sample; TIFF and PNG keep 16.'] : warnings
  return { bytes, extension: 'psd', width: photo.width, height: photo.height, warnings: said }
}

/** The lowest first, and what lies over the result after what makes it. */
const bottomUp = ({ layers }: Recipe): Layer[] => [...layers.filter(isLatent).toReversed(), ...layers.filter(isImage).toReversed()]

/** These layers alone, given from below, in no group that could hide them. */
const ofLayers = (recipe: Recipe, layers: readonly Layer[]): Recipe => ({
  ...recipe,
  groups: [],
  layers: layers.toReversed().map((layer) => ({ ...layer, group: undefined })),
})

/** A mask can be the PSD's own where the layer without it is the same change everywhere: not on top of other masked layers. */
const isMaskable = (layer: Layer, under: readonly Layer[]) =>
  layer.mask?.enabled === true && !under.some(({ mask }) => mask?.enabled === true)

async function psdMask(parts: EditParts, recipe: Recipe, photo: Photo, { mask }: Layer): Promise<PsdLayer['mask']> {
  if (mask === undefined) return undefined
  const { width, height } = photo
  const field = stretched(await parts.masks.shape(mask, recipe.photo.id, photo), width, height)
  const grey = Uint8Array.from(field.data, (x) => Math.round(Math.min(1, Math.max(0, x)) * 255))
  return { box: { x: 0, y: 0, width, height }, grey }
}

function nameOf(layer: Layer): string {
  if (layer.name !== undefined && layer.name !== '') return layer.name
  switch (layer.kind) {
    case 'edit':
      return `${layer.text} ${layer.strength.toFixed(2)}`
    case 'mix':
      return layer.donor.kind === 'seed'
        ? `Mix: seed ${layer.donor.seed}`
        : `Mix: ${layer.donor.kind === 'text' ? layer.donor.text : layer.donor.photo.name}`
    case 'image':
      return layer.picture.name
  }
}

function groupOf({ groups = [] }: Recipe, { group }: Layer): PsdLayer['group'] {
  const found = groups.find(({ id }) => id === group)
  return found && { id: found.id, name: found.name, isHidden: !found.visible }
}

const target = ({ width, height }: Photo, isSrgb: boolean) => ({ format: 'psd' as const, width, height, isSrgb })
