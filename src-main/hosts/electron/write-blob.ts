import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { StudioError } from '../../contract/errors.ts'
import type { BlobStore } from '../../studio/blobs.ts'

/** Writes beside the target and renames, so that a full disk never leaves half a picture under the chosen name. */
export async function writeBlob(blobs: BlobStore, sha256: string, path: string): Promise<void> {
  const blob = await blobs.serve(sha256)
  if (blob === undefined) {
    throw new StudioError('blob.missing', {
      where: basename(path),
      what: 'the picture is no longer in the cache',
      todo: 'Export it again.',
    })
  }
  const temporary = `${path}.part`
  try {
    await pipeline(blob.stream(), createWriteStream(temporary))
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, { force: true })
    const what = cause instanceof Error ? cause.message : String(cause)
    throw new StudioError('export.not-written', { where: path, what, todo: 'Choose another folder.' }, { cause })
  }
}
