import sharp from 'sharp'
import type { Rendered, RenderRequest } from '../contract/calls.ts'
import { preparePatch, previewPatch, type PatchSource, type PreviewPatch } from '../engine/photos/patch.ts'
import type { BlobStore } from './blobs.ts'
import { compositeOptions, explain, workOut, type Edited, type EditParts } from './edits.ts'
import { Memo } from './memo.ts'
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
  private drafts: string[] = []
  private readonly kept = new Set<string>()

  constructor(parts: EditParts, blobs: BlobStore) {
    this.parts = parts
    this.blobs = blobs
  }

  /** Errors: Cancelled, those of each stage. */
  async render(request: RenderRequest, signal?: AbortSignal): Promise<Rendered> {
    const { draft } = request
    const watch = new Stopwatch()
    const edited = await workOut(this.parts, request, { watch, signal, draft })
    const explained = await explain(this.parts.directions, edited.open, request)
    checkpoint(signal)
    if (edited.after === undefined) return { timings: watch.timings, ...explained }
    const options = { ...compositeOptions(request), ...(draft ? { colourMatch: false } : {}) }
    const patch = await watch.time('composite', async () =>
      previewPatch(await this.source(request, edited), edited.before, edited.after!, options),
    )
    checkpoint(signal)
    const blob = await watch.time('encode', async () => this.blobs.put(await encodePatch(patch, draft)))
    await this.account(blob.sha256, draft)
    return { patch: { ...blob, box: patch.place }, timings: watch.timings, ...explained }
  }

  private source({ photo: { id }, crop, maxSize }: RenderRequest, { photo, transform, before }: Edited): Promise<PatchSource> {
    const side = before.shape[3]!
    return this.sources.get(JSON.stringify([id, crop, maxSize, side]), async () => preparePatch(photo, transform, maxSize, side))
  }

  private async account(sha256: string, draft: boolean): Promise<void> {
    if (!draft) this.kept.add(sha256)
    else this.drafts.push(sha256)
    for (const old of this.drafts.splice(0, Math.max(0, this.drafts.length - DRAFTS))) {
      if (!this.kept.has(old) && !this.drafts.includes(old)) await this.blobs.forget(old)
    }
  }
}

/** PNG, since on the processor WebP takes ten times as long; a draft is not even compressed. */
function encodePatch({ rgba, width, height }: PreviewPatch, draft: boolean): Promise<Uint8Array> {
  return sharp(rgba, { raw: { width, height, channels: 4 } })
    .png({ compressionLevel: draft ? 0 : 1 })
    .toBuffer()
}
