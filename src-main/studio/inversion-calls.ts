import type { CallOutput } from '../contract/calls.ts'
import type { CallContext, Handlers } from '../contract/channel.ts'
import type { RefineProgress } from '../engine/bridge/refine.ts'
import type { BlobStore } from './blobs.ts'
import type { InversionRequest, Inversions, StudioInversion } from './inversions.ts'
import type { PackShelf } from './packs.ts'
import { Passing } from './passing.ts'
import type { PhotoDesk } from './photos.ts'
import { encodePicture } from './pictures.ts'
import type { JobQueue } from './queue.ts'

/** Pictures of a refinement's way are looked at for half a second each. */
const LIVE = 8
const IDLE = -1

interface Parts {
  readonly blobs: BlobStore
  readonly desk: PhotoDesk
  readonly inversions: Inversions
  readonly queue: JobQueue
  readonly shelf: PackShelf
}

/** Inverting at once, or better while somebody watches, who may stop it and keep what it reached. */
export function inversionHandlers({ blobs, desk, inversions, queue, shelf }: Parts): Handlers {
  const live = new Passing(blobs, LIVE)
  const stops = new Map<string, AbortController>()

  const request = async (photo: string, pack: string): Promise<Pick<InversionRequest, 'photoId' | 'photo' | 'open'>> => ({
    photoId: photo,
    photo: () => desk.get(photo),
    open: await shelf.open(pack),
  })
  const told = async ({ method, closeness, aligned, inverted }: StudioInversion, steps?: number): Promise<CallOutput<'photo.invert'>> => ({
    method,
    closeness,
    aligned: await blobs.put(await encodePicture(aligned)),
    inverted: await blobs.put(await encodePicture(inverted)),
    ...(steps === undefined ? {} : { steps }),
  })
  const showing =
    (progress: CallContext<'photo.invert'>['progress']) =>
    async ({ step, of, closeness, image }: RefineProgress) => {
      const inverted = await blobs.put(await encodePicture(image))
      await live.add(inverted.sha256)
      progress({ stage: 'refine', step, of, closeness, inverted })
    }

  return {
    'photo.invert': async ({ photo, crop, pack, quality, steps }, { signal, progress }) => {
      if (quality === 'refined' && steps === undefined) {
        const ready = await queue.run({ signal }, () => request(photo, pack))
        stops.get(photo)?.abort()
        const stop = new AbortController()
        stops.set(photo, stop)
        // Outside the queue, or a slider would wait for all of it; each step waits for what is in the queue.
        const turn = () => queue.run({ priority: IDLE }, () => Promise.resolve())
        const made = await inversions.refine({ ...ready, crop, signal }, { stop: stop.signal, onStep: showing(progress), turn })
        if (stops.get(photo) === stop) stops.delete(photo)
        live.keep((await blobs.put(await encodePicture(made.inverted))).sha256)
        return told(made, made.steps)
      }
      return queue.run({ signal }, async () => {
        progress({ stage: 'invert', step: 0, of: 1 })
        const found = await inversions.get({ ...(await request(photo, pack)), crop, quality, steps, signal }, { onStep: showing(progress) })
        progress({ stage: 'invert', step: 1, of: 1 })
        return told(found, steps)
      })
    },
    'photo.invert.stop': ({ photo }) => {
      stops.get(photo)?.abort()
      return {}
    },
    'photo.invert.time': ({ photo, crop, pack }, { signal }) =>
      queue.run({ signal, priority: IDLE }, async () => ({
        refinedMs: await inversions.refineMs({ ...(await request(photo, pack)), crop, signal }),
      })),
  }
}
