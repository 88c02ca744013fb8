import type { Rendered } from '../contract/calls.ts'
import { isEdit, shownLayers, type Recipe } from '../contract/document.ts'
import type { TensorData } from '../engine/onnx/tensor.ts'
import type { Photo } from '../engine/photos/photo.ts'
import type { CropTransform } from '../engine/photos/transform.ts'
import { transformOfCrop } from './crops.ts'
import { isActive, type Directions } from './directions.ts'
import type { Inversions } from './inversions.ts'
import type { OpenPack, PackShelf } from './packs.ts'
import { checkpoint, type PhotoDesk } from './photos.ts'
import type { Stopwatch } from './stopwatch.ts'

export interface EditParts {
  readonly shelf: PackShelf
  readonly desk: PhotoDesk
  readonly inversions: Inversions
  readonly directions: Directions
}

/** A recipe worked out as far as the generator's picture; what is left is putting it back into the photo. */
export interface Edited {
  readonly open: OpenPack
  readonly photo: Photo
  readonly transform: CropTransform
  /** The inversion and the edited picture [1,3,R,R]; no `after` when no layer changes anything. */
  readonly before: TensorData
  readonly after?: TensorData
}

export interface EditWork {
  readonly watch: Stopwatch
  readonly signal?: AbortSignal | undefined
  /** Use the generator's smaller output. */
  readonly draft?: boolean
}

/** photo → crop → invert → Σ edits → synthesize (DESIGN, section 2). Errors: Cancelled, those of each stage. */
export async function workOut(parts: EditParts, recipe: Recipe, { watch, signal, draft = false }: EditWork): Promise<Edited> {
  const { shelf, desk, inversions, directions } = parts
  const open = await watch.time('pack', () => shelf.open(recipe.pack.id))
  const photo = () => desk.get(recipe.photo.id, recipe.photo.name)
  const decoded = await watch.time('decode', photo)
  checkpoint(signal)
  const { crop, quality } = recipe
  const inversion = await watch.time('invert', () => inversions.get({ photoId: recipe.photo.id, photo, crop, open, quality, signal }))
  checkpoint(signal)
  const s = await watch.time('direction', () => directions.apply(open, inversion.s, shownLayers(recipe).filter(isEdit)))
  checkpoint(signal)
  const size = draft ? 'preview' : 'full'
  const after = s && (await watch.time('synthesize', () => open.models.synthesize(s, { size })))
  const before = draft ? await watch.time('synthesize', () => inversions.preview(inversion, open)) : inversion.inverted
  return { open, photo: decoded, transform: transformOfCrop(recipe.crop), before, ...(after === undefined ? {} : { after }) }
}

/** What the pack does not know, and how far each visible layer reaches. */
export async function explain(
  directions: Directions,
  open: OpenPack,
  recipe: Recipe,
): Promise<Pick<Rendered, 'unknownWords' | 'channels'>> {
  const unknown = new Set<string>()
  const channels: Rendered['channels'] = {}
  for (const layer of shownLayers(recipe).filter(isEdit).filter(isActive)) {
    const { channelsUsed, channelsTotal } = await directions.get(open, layer)
    channels[layer.id] = { used: channelsUsed, of: channelsTotal }
    for (const text of [layer.text, layer.neutral]) for (const word of await open.models.unknownWords(text)) unknown.add(word)
  }
  return { unknownWords: [...unknown], channels }
}

/** How compositing is told what the recipe says. */
export const compositeOptions = ({ composite: { feather, residual, colourMatch } }: Recipe) => ({ feather, residual, colourMatch })
