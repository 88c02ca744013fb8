import { dialog, type BrowserWindow } from 'electron'
import { StudioError } from '../../contract/errors.ts'
import type { BlobStore } from '../../studio/blobs.ts'
import type { ProjectFiles } from '../../studio/projects.ts'
import { writeBlob } from './write-blob.ts'

const FILTERS = [{ name: 'Stylebridge', extensions: ['stylebridge'] }]

/** Projects as files of the system, with its own dialogs. @param paths where blobs were chosen, by sha256 */
export function projectFiles(window: BrowserWindow, blobs: BlobStore, paths: ReadonlyMap<string, string>): ProjectFiles {
  return {
    ask: async (proposed) => {
      const { filePath } = await dialog.showSaveDialog(window, { defaultPath: proposed, filters: FILTERS })
      return filePath === '' ? undefined : filePath
    },
    write: (blob, path) =>
      writeBlob(blobs, blob, path).catch((thrown: unknown) => {
        const { what } = StudioError.from(thrown, path)
        throw new StudioError('project.not-written', { where: path, what, todo: 'Choose another folder.' }, { cause: thrown })
      }),
    pathOf: (blob) => paths.get(blob),
  }
}

/** Asks once before a window with unsaved changes closes. Whatever is answered, the document stays among the recent ones. */
export function askBeforeClosing(window: BrowserWindow): void {
  window.webContents.on('will-prevent-unload', (event) => {
    const answer = dialog.showMessageBoxSync(window, {
      type: 'question',
      message: 'Close without saving?',
      detail: 'The changes are in no project file. They stay among the recent documents.',
      buttons: ['Close', 'Cancel'],
      defaultId: 0,
      cancelId: 1,
    })
    // Preventing the prevention lets the page go.
    if (answer === 0) event.preventDefault()
  })
}
