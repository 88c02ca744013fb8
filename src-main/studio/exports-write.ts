import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { basename, extname, isAbsolute, join, parse } from 'node:path'
import type { Conflict } from '../contract/calls.ts'
import { StudioError } from '../contract/errors.ts'

const PICTURES = new Set(['.jpg', '.png', '.webp', '.avif', '.tif', '.psd'])
const TRIES = 10_000

/**
 * Writes a picture into a folder, whole or not at all, making the folder. Returns where it lies; undefined where a file of the name was there and
 * the policy is to skip. Two writers never take the same unique name. Errors export.not-a-picture, export.not-written.
 */
export async function writeInto(folder: string, name: string, conflict: Conflict, bytes: Uint8Array): Promise<string | undefined> {
  if (basename(name) !== name || !PICTURES.has(extname(name)) || !isAbsolute(folder))
    throw new StudioError('export.not-a-picture', {
      where: name,
      what: 'only a picture can be written, into a folder named by its whole path',
      todo: 'Name the folder by its whole path, and the file without folders in it.',
    })
  const temporary = join(folder, `.${randomUUID()}.part`)
  let reserved: string | undefined
  try {
    await mkdir(folder, { recursive: true })
    const path = conflict === 'overwrite' ? join(folder, name) : (reserved = await reserve(folder, name, conflict))
    if (path === undefined) return undefined
    await writeFile(temporary, bytes, { flush: true })
    await rename(temporary, path)
    return path
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined)
    if (reserved !== undefined) await rm(reserved, { force: true }).catch(() => undefined)
    const what = cause instanceof Error ? cause.message : String(cause)
    throw new StudioError('export.not-written', { where: join(folder, name), what, todo: 'Choose another folder.' }, { cause })
  }
}

/** Makes an empty file under the name, or the next free one ("a-2.jpg"), so that nobody else takes it; undefined where it is to be skipped. */
async function reserve(folder: string, name: string, conflict: 'unique' | 'skip'): Promise<string | undefined> {
  const { name: stem, ext } = parse(name)
  for (let n = 1; n < TRIES; n++) {
    const path = join(folder, n === 1 ? name : `${stem}-${n}${ext}`)
    try {
      await (await open(path, 'wx')).close()
      return path
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
      if (conflict === 'skip') return undefined
    }
  }
  throw new Error('every name is taken')
}
