import sharp from 'sharp'
import type { Rendered, RenderRequest } from '../contract/calls.ts'
import { pngContainer } from '../engine/photos/container.ts'
import { preparePatch, previewPatch, type PatchSource, type PreviewPatch } from '../engine/photos/patch.ts'
import type { PhotoProfile } from '../engine/photos/photo.ts'
import { screenProfile } from '../engine/photos/preview.ts'
import type { BlobStore } from './blobs.ts'
import { compositeOptions, explain, isChanged, workOut, type Edited, type EditParts } from './edits.ts'
import { Memo } from './memo.ts'
import { Passing } from './passing.ts'
import { checkpoint } from './photos.ts'
import { Stopwatch } from './stopwatch.ts'

/** The photo's part under a crop is read once for all pictures of a slider's way. */
const PREPARED = 4
/** Patches of drafts are looked at for a moment; these many stay on disk. */
const DRAFTS = 32

/** Pictures for the canvas: the changed part of the photo as a patch with alpha. */
export class Renders {
  private readonly parts: EditParts
  private readonly blobs: BlobStore
  private readonly sources = new Memo<PatchSource>(PREPARED)
  private readonly drafts: Passing

  constructor(parts: EditParts, blobs: BlobStore) {
    this.parts = parts
    this.blobs = blobs
    this.drafts = new Passing(blobs, DRAFTS)
  }

  /** Errors: Cancelled, those of each stage. */
  async render(request: RenderRequest, signal?: AbortSignal): Promise<Rendered> {
    const { draft } = request
    const watch = new Stopwatch()
    const edited = await workOut(this.parts, request, { watch, signal, draft })
    const explained = await explain(this.parts.directions, edited.open, request)
    checkpoint(signal)
    if (!isChanged(edited)) return { timings: watch.timings, ...explained }
    const options = { ...compositeOptions(request), ...(draft ? { colourMatch: false } : {}) }
    const screen = await screenProfile(edited.photo)
    const patch = await watch.time('composite', async () =>
      previewPatch(await this.source(request, edited), edited.before, edited.after, options, screen.space, edited.masked),
    )
    checkpoint(signal)
    if (patch.width === 0 || patch.height === 0) return { timings: watch.timings, ...explained }
    const blob = await watch.time('encode', async () => this.blobs.put(await encodePatch(patch, screen, draft)))
    if (draft || request.region !== undefined) await this.drafts.add(blob.sha256)
    else this.drafts.keep(blob.sha256)
    return { patch: { ...blob, box: patch.place }, timings: watch.timings, ...explained }
  }

  private source(
    { photo: { id }, crop, maxSize, region, draft }: RenderRequest,
    { photo, transform, before }: Edited,
  ): Promise<PatchSource> {
    const side = before.shape[3]!
    return this.sources.get(JSON.stringify([id, crop, maxSize, side, region, draft]), async () =>
      preparePatch(photo, transform, maxSize, side, { region, coarse: draft }),
    )
  }
}

/** PNG, since on the processor WebP takes ten times as long; a draft is not even compressed. */
async function encodePatch({ rgba, width, height }: PreviewPatch, { bytes }: PhotoProfile, draft: boolean): Promise<Uint8Array> {
  if (draft) return pngContainer({ width, height, channels: 4, depth: 8, data: rgba }, bytes)
  const picture =
    bytes === undefined
      ? sharp(rgba, { raw: { width, height, channels: 4 } })
      : sharp(pngContainer({ width, height, channels: 4, depth: 8, data: rgba }, bytes)).keepIccProfile()
  return picture.png({ compressionLevel: 1 }).toBuffer()
}
