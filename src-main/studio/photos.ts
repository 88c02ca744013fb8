import { Cancelled } from '../contract/errors.ts'
import type { Photo } from '../engine/photos/photo.ts'
import { openPhoto } from '../engine/photos/decode.ts'
import type { BlobStore } from './blobs.ts'
import { Memo } from './memo.ts'

/** Decoded photos are large (24 megapixels: 72 MB); two allow for copying edits from one to another. */
const DECODED = 2

/** Photos by the sha256 of their file. What was decoded is kept a while; after a restart a photo is decoded again from its blob. */
export class PhotoDesk {
  private readonly blobs: BlobStore
  private readonly decoded = new Memo<Photo>(DECODED)

  constructor(blobs: BlobStore) {
    this.blobs = blobs
  }

  /** Errors: 'blob.missing', those of decoding (photo.*). @param name as the person knows the file, for sentences */
  get(id: string, name = 'The photo'): Promise<Photo> {
    return this.decoded.get(id, async () => openPhoto(await this.blobs.read(id), name))
  }

  /** The file as it was opened. */
  bytes(id: string): Promise<Uint8Array> {
    return this.blobs.read(id)
  }
}

/** Throws Cancelled if the person cancelled; called between the stages of every job. */
export function checkpoint(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new Cancelled()
}
