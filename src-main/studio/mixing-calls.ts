import type { Handlers } from '../contract/channel.ts'
import { float32 } from '../engine/onnx/tensor.ts'
import { photoPreview } from '../engine/photos/preview.ts'
import type { BlobStore } from './blobs.ts'
import type { EditParts } from './edits.ts'
import { encodePicture } from './pictures.ts'
import type { JobQueue } from './queue.ts'

/** A laid picture's longest side on the canvas. */
const PICTURE_SIDE = 2048

/** Style mixing, and pictures that are laid over a photo. */
export function mixingHandlers({ parts, blobs, queue }: { parts: EditParts; blobs: BlobStore; queue: JobQueue }): Handlers {
  const { shelf, desk, inversions, mixing } = parts
  return {
    'mix.donor': ({ pack, donor, size }, { signal }) =>
      queue.run({ signal }, async () => {
        const open = await shelf.open(pack)
        const s = await mixing.donor(open, donor, { signal })
        const image = await open.models.synthesize(float32([1, s.length], s))
        return { thumbnail: await blobs.put(await encodePicture(image, size)) }
      }),
    'mix.adaptive': ({ recipe, layer }, { signal }) =>
      queue.run({ signal, latest: `adaptive ${layer}` }, async () => {
        const open = await shelf.open(recipe.pack.id)
        const { photo, crop, quality } = recipe
        const inversion = await inversions.get({
          photoId: photo.id,
          photo: () => desk.get(photo.id, photo.name),
          crop,
          open,
          quality,
          signal,
        })
        return { weights: await mixing.adaptive(open, inversion.s, recipe, layer, { recipe, signal }) }
      }),
    'layer.picture': ({ blob, name }, { signal }) =>
      queue.run({ signal }, async () => {
        const picture = await desk.get(blob, name)
        const { bytes } = await photoPreview(picture, picture.pixels, PICTURE_SIDE)
        return { width: picture.width, height: picture.height, preview: await blobs.put(bytes) }
      }),
  }
}
