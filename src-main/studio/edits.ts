import type { Rendered } from '../contract/calls.ts'
import { isEdit, isMix, shownLayers, type Layer, type Recipe } from '../contract/document.ts'
import type { TensorData } from '../engine/onnx/tensor.ts'
import type { MaskedEdit } from '../engine/photos/masks/layered.ts'
import type { Photo } from '../engine/photos/photo.ts'
import type { CropTransform } from '../engine/photos/transform.ts'
import { transformOfCrop } from './crops.ts'
import type { Directions } from './directions.ts'
import type { Inversions } from './inversions.ts'
import { byMask, type MaskDesk } from './masks.ts'
import { takesPart, type Mixing } from './mixing.ts'
import type { OpenPack, PackShelf } from './packs.ts'
import { checkpoint, type PhotoDesk } from './photos.ts'
import type { Stopwatch } from './stopwatch.ts'

export interface EditParts {
  readonly shelf: PackShelf
  readonly desk: PhotoDesk
  readonly inversions: Inversions
  readonly directions: Directions
  readonly mixing: Mixing
  readonly masks: MaskDesk
}

/** A recipe worked out as far as the generator's picture; what is left is putting it back into the photo. */
export interface Edited {
  readonly open: OpenPack
  readonly photo: Photo
  readonly transform: CropTransform
  /** The inversion and the edited picture [1,3,R,R]; no `after` when no layer without a mask changes anything. */
  readonly before: TensorData
  readonly after?: TensorData
  /** Each masked layer on top of the unmasked ones, as a picture of its own. */
  readonly masked: readonly MaskedEdit[]
}

export interface EditWork {
  readonly watch: Stopwatch
  readonly signal?: AbortSignal | undefined
  /** Use the generator's smaller output. */
  readonly draft?: boolean
}

/** photo → crop → invert → edits and mixes → synthesize (DESIGN, section 2). Errors: Cancelled, those of each stage. */
export async function workOut(parts: EditParts, recipe: Recipe, { watch, signal, draft = false }: EditWork): Promise<Edited> {
  const { shelf, desk, inversions, mixing, masks } = parts
  const open = await watch.time('pack', () => shelf.open(recipe.pack.id))
  const photo = () => desk.get(recipe.photo.id, recipe.photo.name)
  const decoded = await watch.time('decode', photo)
  checkpoint(signal)
  const { crop, quality } = recipe
  const steps = recipe.inversion?.steps
  const inversion = await watch.time('invert', () =>
    inversions.get({ photoId: recipe.photo.id, photo, crop, open, quality, steps, signal }),
  )
  checkpoint(signal)
  const transform = transformOfCrop(crop)
  const size = draft ? 'preview' : 'full'
  const picture = async (layers: readonly Layer[]) => {
    const s = await watch.time('direction', () => mixing.applyLayers(open, inversion.s, layers, { recipe, signal }))
    checkpoint(signal)
    return s && (await watch.time('synthesize', () => open.models.synthesize(s, { size })))
  }
  const { unmasked, masked } = await watch.time('masks', () => byMask(masks, recipe, decoded, { transform, draft }))
  const after = await picture(unmasked)
  const shown: MaskedEdit[] = []
  for (const { layers, mask } of masked) {
    const own = await picture(layers)
    if (own !== undefined) shown.push({ after: own, mask })
  }
  const before = draft ? await watch.time('synthesize', () => inversions.preview(inversion, open)) : inversion.inverted
  return { open, photo: decoded, transform, before, ...(after === undefined ? {} : { after }), masked: shown }
}

/** Whether a recipe that was worked out changes the photo at all. */
export const isChanged = ({ after, masked }: Edited): boolean => after !== undefined || masked.length > 0

/** What the pack does not know, and how far each visible layer reaches. */
export async function explain(
  directions: Directions,
  open: OpenPack,
  recipe: Recipe,
): Promise<Pick<Rendered, 'unknownWords' | 'channels'>> {
  const unknown = new Set<string>()
  const channels: Rendered['channels'] = {}
  const shown = shownLayers(recipe).filter(takesPart)
  for (const { donor } of shown.filter(isMix)) {
    if (donor.kind === 'text') for (const word of await open.models.unknownWords(donor.text)) unknown.add(word)
  }
  for (const layer of shown.filter(isEdit)) {
    const { channelsUsed, channelsTotal } = await directions.get(open, layer)
    channels[layer.id] = { used: channelsUsed, of: channelsTotal }
    for (const text of [layer.text, layer.neutral]) for (const word of await open.models.unknownWords(text)) unknown.add(word)
  }
  return { unknownWords: [...unknown], channels }
}

/** How compositing is told what the recipe says. */
export const compositeOptions = ({ composite: { feather, residual, colourMatch } }: Recipe) => ({ feather, residual, colourMatch })
