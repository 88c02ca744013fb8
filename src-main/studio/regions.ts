import type { CallOutput } from '../contract/calls.ts'
import type { Handlers } from '../contract/channel.ts'
import { photoRegion } from '../engine/photos/preview.ts'
import type { BlobStore } from './blobs.ts'
import { checkpoint, type PhotoDesk } from './photos.ts'
import { Passing } from './passing.ts'
import type { JobQueue } from './queue.ts'

/** Parts of a photo are looked at for as long as the canvas stands still; these many stay on disk. */
const KEPT = 24

/** The photo itself where the preview is too coarse: what the canvas shows, at the resolution at which it shows it. */
export function regionHandlers({ blobs, desk, queue }: { blobs: BlobStore; desk: PhotoDesk; queue: JobQueue }): Handlers {
  const passing = new Passing(blobs, KEPT)
  return {
    'photo.region': ({ photo: id, box, maxSize }, { signal }) =>
      queue.run({ signal, latest: `region ${id}` }, async (): Promise<CallOutput<'photo.region'>> => {
        const photo = await desk.get(id)
        checkpoint(signal)
        const region = await photoRegion(photo, box, maxSize)
        const blob = await blobs.put(region.bytes)
        await passing.add(blob.sha256)
        return { ...blob, box: region.box }
      }),
  }
}
