import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { StudioError } from '../contract/errors.ts'
import type { BlobStore } from '../studio/blobs.ts'

/** A photo named at the start of the program, as a blob that the page opens first. Error 'photo.missing'. */
export async function argumentPhoto(path: string, blobs: BlobStore) {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new StudioError('photo.missing', { where: path, what: 'it cannot be read', todo: 'Check the name of the file.' }, { cause })
  })
  return { blob: await blobs.put(bytes), name: basename(path) }
}
