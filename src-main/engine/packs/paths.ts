import { lstat, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { StudioError } from '../../contract/errors.ts'

/** One part of a path: an allow-list, so that "..", NUL, backslashes, drive letters and hidden files need no rule of their own. */
const segment = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/
/** Names that Windows takes for devices, whatever their extension. */
const device = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/** True for a path that stays inside any folder on every system: relative, forward slashes, plain names, not pack.json itself. */
export function isSafePath(path: string): boolean {
  const parts = path.split('/')
  return (
    parts.length <= 4 &&
    path.toLowerCase() !== 'pack.json' &&
    parts.every((part) => segment.test(part) && !part.endsWith('.') && !device.test(part))
  )
}

/**
 * Place and size in bytes of a pack's file. Links are followed and must end inside the folder.
 * Errors: pack.path-leaves-folder, pack.missing-file, pack.not-a-file.
 */
export async function locate(folder: string, path: string, where: string): Promise<{ file: string; bytes: number }> {
  const leaves = () =>
    new StudioError('pack.path-leaves-folder', {
      where,
      what: `its file ${JSON.stringify(path)} lies outside the pack`,
      todo: 'Do not use this pack; get it again from a source that you trust.',
    })
  if (!isSafePath(path)) throw leaves()
  const root = await realpath(folder)
  const file = await realpath(join(root, ...path.split('/'))).catch((cause: unknown) => {
    throw new StudioError(
      'pack.missing-file',
      { where, what: `its file "${path}" is missing`, todo: 'Get the pack again from where it came from, whole.' },
      { cause },
    )
  })
  if (!file.startsWith(root.endsWith(sep) ? root : root + sep)) throw leaves()
  const stat = await lstat(file)
  if (!stat.isFile())
    throw new StudioError('pack.not-a-file', {
      where,
      what: `"${path}" is not a file`,
      todo: 'Get the pack again from where it came from.',
    })
  return { file, bytes: stat.size }
}
