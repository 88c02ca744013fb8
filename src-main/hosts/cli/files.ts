import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, extname, join, resolve } from 'node:path'
import type { ExportRequest } from '../../contract/calls.ts'
import { StudioError } from '../../contract/errors.ts'

/** A photo named on the command line. Error 'photo.missing'. */
export async function readPhoto(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const what = cause.code === 'ENOENT' ? 'there is no such file' : cause.code === 'EISDIR' ? 'it is a folder' : cause.message
    throw new StudioError('photo.missing', { where: path, what, todo: 'Name a picture file.' }, { cause })
  })
}

/** Writes a result whole or not at all, making its folder. Error 'cli.not-written'. */
export async function writeResult(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID().slice(0, 8)}.part`
  try {
    await mkdir(dirname(resolve(path)), { recursive: true })
    await writeFile(temporary, bytes)
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, { force: true })
    const what = cause instanceof Error ? cause.message : String(cause)
    throw new StudioError('cli.not-written', { where: path, what, todo: 'Name another place with --out.' }, { cause })
  }
}

/** Refuses to put a result where the photo itself lies, by whatever name. Error 'cli.would-overwrite'. */
export async function keepOriginal(photo: string, out: string): Promise<void> {
  const [original, target] = await Promise.all([photo, out].map((path) => stat(path).catch(() => undefined)))
  const isSame =
    resolve(photo) === resolve(out) ||
    (target !== undefined && original?.ino === target.ino && original.dev === target.dev && target.ino !== 0)
  if (!isSame) return
  throw new StudioError('cli.would-overwrite', { where: out, what: 'it is the photo itself', todo: 'Name another file with --out.' })
}

type Format = ExportRequest['format']

const FORMATS: Record<string, Format> = {
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.png': 'png',
  '.webp': 'webp',
  '.avif': 'avif',
  '.tif': 'tiff',
  '.tiff': 'tiff',
  '.psd': 'psd',
}

/** The format that a file name asks for; without a name the photo's own. Error 'cli.unknown-format'. */
export function exportFormat(out: string | undefined, photo: string): Format {
  if (out === undefined) return FORMATS[`.${photo}`] ?? 'png'
  const format = FORMATS[extname(out).toLowerCase()]
  if (format !== undefined) return format
  const what = 'its name does not end like a picture that can be written'
  throw new StudioError('cli.unknown-format', { where: out, what, todo: 'End it with .jpg, .png, .webp, .avif, .tif or .psd.' })
}

/** Where a result goes that nobody named: beside the photo. */
export const besidePhoto = (photo: string, name: string) => join(dirname(photo), name)
