import { readdir, realpath, stat } from 'node:fs/promises'
import { extname, join, relative, resolve, sep } from 'node:path'
import { StudioError } from '../contract/errors.ts'

const PHOTOS = new Set(['.jpg', '.jpeg', '.png', '.webp', '.avif', '.tif', '.tiff', '.heic', '.gif'])

export interface BatchFile {
  /** Inside the folder, with "/" on every system. */
  readonly file: string
  readonly path: string
  readonly bytes: number
  readonly modifiedMs: number
}

/**
 * The photos of a folder in the order of their names, without what is hidden and without the folder of the results. Links to folders are not
 * followed. Errors batch.no-folder, batch.same-folder.
 */
export async function photosIn(folder: string, out: string, recursive: boolean): Promise<BatchFile[]> {
  const root = await realpath(folder).catch(() => undefined)
  if (root === undefined || !(await stat(root)).isDirectory())
    throw new StudioError('batch.no-folder', { where: folder, what: 'there is no such folder', todo: 'Name a folder with photos.' })
  const results = await realpath(out).catch(() => resolve(out))
  if (results === root)
    throw new StudioError('batch.same-folder', {
      where: out,
      what: 'it is the folder of the photos themselves',
      todo: 'Choose another folder for the results; the originals are never touched.',
    })
  const found: BatchFile[] = []
  const walk = async (at: string): Promise<void> => {
    const entries = await readdir(at, { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(at, entry.name)
      if (entry.name.startsWith('.') || path === results) continue
      if (entry.isDirectory() && recursive) await walk(path)
      else if (!entry.isDirectory() && PHOTOS.has(extname(entry.name).toLowerCase())) {
        const info = await stat(path).catch(() => undefined)
        if (info?.isFile() === true)
          found.push({ file: relative(root, path).split(sep).join('/'), path, bytes: info.size, modifiedMs: Math.round(info.mtimeMs) })
      }
    }
  }
  await walk(root)
  return found
}
