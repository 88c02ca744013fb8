import { dialog, type BrowserWindow } from 'electron'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Handlers } from '../../contract/channel.ts'
import { StudioError } from '../../contract/errors.ts'
import { UPLOAD_LIMIT, type BlobStore } from '../../studio/blobs.ts'

const PICTURES = ['jpg', 'jpeg', 'png', 'webp', 'avif', 'tif', 'tiff']

/** The calls that need the system's own dialogs. Both answer nothing when the person changes their mind. */
export function dialogHandlers(window: BrowserWindow, blobs: BlobStore): Handlers {
  return {
    'photo.choose': async () => {
      const { filePaths } = await dialog.showOpenDialog(window, {
        properties: ['openFile'],
        filters: [{ name: 'Pictures', extensions: PICTURES }],
      })
      const [path] = filePaths
      if (path === undefined) return undefined
      return { blob: await blobs.putStream(createReadStream(path), UPLOAD_LIMIT), name: basename(path) }
    },
    'export.save': async ({ blob, name }) => {
      const extension = extname(name).slice(1)
      const { filePath } = await dialog.showSaveDialog(window, {
        defaultPath: name,
        filters: [{ name: extension.toUpperCase(), extensions: [extension] }],
      })
      if (filePath === '') return {}
      await writeBlob(blobs, blob, filePath)
      return { path: filePath }
    },
  }
}

/** Writes beside the target and renames, so that a full disk never leaves half a picture under the chosen name. */
async function writeBlob(blobs: BlobStore, sha256: string, path: string): Promise<void> {
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
