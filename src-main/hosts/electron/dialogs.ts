import { dialog, type BrowserWindow } from 'electron'
import { createReadStream } from 'node:fs'
import { basename, extname } from 'node:path'
import type { Handlers } from '../../contract/channel.ts'
import { UPLOAD_LIMIT, type BlobStore } from '../../studio/blobs.ts'
import { writeBlob } from './write-blob.ts'

const PICTURES = ['jpg', 'jpeg', 'png', 'webp', 'avif', 'tif', 'tiff']

/**
 * The calls that need the system's own dialogs. Both answer nothing when the person changes their mind.
 * @param paths where blobs were chosen, by sha256: a project is saved where it was opened
 */
export function dialogHandlers(window: BrowserWindow, blobs: BlobStore, paths: Map<string, string>): Handlers {
  return {
    'photo.choose': async () => {
      const { filePaths } = await dialog.showOpenDialog(window, {
        properties: ['openFile'],
        filters: [{ name: 'Pictures and projects', extensions: [...PICTURES, 'stylebridge'] }],
      })
      const [path] = filePaths
      if (path === undefined) return undefined
      const blob = await blobs.putStream(createReadStream(path), UPLOAD_LIMIT)
      paths.set(blob.sha256, path)
      return { blob, name: basename(path) }
    },
    'folder.choose': async () => {
      const { filePaths } = await dialog.showOpenDialog(window, { properties: ['openDirectory', 'createDirectory'] })
      return filePaths[0] === undefined ? {} : { path: filePaths[0] }
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
