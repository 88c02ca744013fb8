import type { MaskBitmap } from '../contract/calls.ts'
import type { Handlers } from '../contract/channel.ts'
import { shownLayers } from '../contract/document.ts'
import { StudioError } from '../contract/errors.ts'
import { reduce, type Field } from '../engine/photos/field.ts'
import { maskSize, writeMask } from '../engine/photos/masks/bitmap.ts'
import { changeMask } from '../engine/photos/masks/change.ts'
import type { Portrait } from '../engine/photos/masks/portrait.ts'
import { portraitLandmarks, portraitOf, regionMask } from '../engine/photos/masks/regions.ts'
import { requireEditable } from '../engine/photos/photo.ts'
import type { BlobStore } from './blobs.ts'
import { transformOfCrop } from './crops.ts'
import { workOut, type EditParts } from './edits.ts'
import type { FaceFinder } from './faces.ts'
import { Memo } from './memo.ts'
import { Passing } from './passing.ts'
import { checkpoint } from './photos.ts'
import type { JobQueue } from './queue.ts'
import { Stopwatch } from './stopwatch.ts'

/** Shaped masks are looked at for a moment; these many stay on disk. */
const SHAPED = 16
/** A portrait taken apart is half a megabyte. */
const PORTRAITS = 4
/** A hand waits for these. */
const SOON = 1

interface MaskHandlerParts {
  readonly parts: EditParts
  readonly blobs: BlobStore
  readonly queue: JobQueue
  readonly faces: FaceFinder
}

/** Masks that the studio makes, and masks as they act. */
export function maskHandlers({ parts, blobs, queue, faces }: MaskHandlerParts): Handlers {
  const { shelf, desk, masks } = parts
  const shaped = new Passing(blobs, SHAPED)
  const portraits = new Memo<Portrait>(PORTRAITS)
  const stored = async (field: Field, brief = false): Promise<MaskBitmap> => ({
    blob: await blobs.put(await writeMask(field, { brief })),
    width: field.width,
    height: field.height,
  })

  return {
    'mask.region': ({ photo: id, pack: packId, crop, region }, { signal }) =>
      queue.run({ signal, priority: SOON }, async () => {
        const photo = await desk.get(id)
        requireEditable(photo)
        const pack = await shelf.find(packId)
        checkpoint(signal)
        const found = await faces.find(pack, id, photo)
        checkpoint(signal)
        const transform = transformOfCrop(crop)
        const landmarks = portraitLandmarks(
          found.map((face) => face.landmarks),
          transform,
        )
        const at = { guide: await masks.guide(id, photo, maskSize(photo)), photo, landmarks }
        const needsPortrait = region !== 'eyes' && region !== 'mouth'
        const portrait = needsPortrait ? await portraits.get(JSON.stringify([id, landmarks]), async () => portraitOf(at)) : undefined
        const mask = regionMask({ ...at, region, ...(portrait === undefined ? {} : { portrait: () => portrait }) })
        return stored(required(mask, `The ${region}`, 'nothing of it was found', 'Paint the mask with the brush.'))
      }),
    'mask.changed': ({ recipe, layer: id }, { signal }) =>
      queue.run({ signal, priority: SOON }, async () => {
        const layers = recipe.layers.map((layer) =>
          layer.id === id ? { ...layer, visible: true, mask: undefined, group: undefined } : layer,
        )
        const work = { watch: new Stopwatch(), signal }
        const withIt = await workOut(parts, { ...recipe, layers: shownLayers({ ...recipe, layers }).map(unmasked) }, work)
        const without = shownLayers({ ...recipe, layers }).filter((layer) => layer.id !== id)
        const under = await workOut(parts, { ...recipe, layers: without.map(unmasked) }, work)
        const [before, after] = [under.after ?? under.before, withIt.after ?? withIt.before]
        const mask = changeMask(before, after, { photo: withIt.photo, transform: withIt.transform })
        return stored(required(mask, 'The layer', 'it changes nothing that could be seen', 'Raise its strength, or show it.'))
      }),
    'mask.shape': ({ photo: id, mask, maxSize }, { signal }) =>
      queue.run({ signal, priority: SOON, latest: `mask ${id}` }, async () => {
        const field = await masks.shape(mask, id, await desk.get(id))
        const small = reduce(field, Math.ceil(Math.max(field.width, field.height) / maxSize))
        const made = await stored(small, true)
        await shaped.add(made.blob.sha256)
        return made
      }),
  }
}

const unmasked = <L extends object>(layer: L) => ({ ...layer, mask: undefined })

/** A mask with something in it. */
function required(mask: Field, where: string, what: string, todo: string): Field {
  if (mask.data.some((x) => x > 0.5)) return mask
  throw new StudioError('mask.empty', { where, what, todo })
}
