import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { StudioError, type ErrorData } from '../../contract/errors.ts'
import { readSafetensors } from '../checkpoints/safetensors.ts'
import type { PackFile, PackManifest } from './manifest.ts'
import { locate } from './paths.ts'

export type Verification = 'sizes' | 'hashes'

export interface FileVerdict {
  readonly path: string
  readonly bytes: number
  readonly error?: ErrorData
}

/**
 * Checks every file of a pack: its place, its size, with 'hashes' its sha256 (streamed), and the header of every safetensors file.
 * Sizes of all files come before any hash, so that a wrong pack is refused at once. Throws the first error.
 * Errors: those of `locate`, pack.wrong-size, pack.wrong-hash, safetensors.*.
 */
export async function checkFiles(folder: string, manifest: PackManifest, verify: Verification): Promise<void> {
  const located: { listed: PackFile; file: string }[] = []
  for (const listed of manifest.files) located.push({ listed, file: await checkSize(folder, listed, manifest.id) })
  for (const { listed, file } of located) await checkContent(file, listed, manifest.id, verify)
}

/** The verdict on every file, all of them, for `packs verify`. */
export async function fileVerdicts(folder: string, manifest: PackManifest): Promise<FileVerdict[]> {
  const verdicts: FileVerdict[] = []
  for (const listed of manifest.files) {
    const { path, bytes } = listed
    try {
      await checkContent(await checkSize(folder, listed, manifest.id), listed, manifest.id, 'hashes')
      verdicts.push({ path, bytes })
    } catch (error) {
      verdicts.push({ path, bytes, error: StudioError.from(error, path).toData() })
    }
  }
  return verdicts
}

async function checkSize(folder: string, { path, bytes }: PackFile, where: string): Promise<string> {
  const found = await locate(folder, path, where)
  if (found.bytes !== bytes)
    throw new StudioError('pack.wrong-size', {
      where,
      what: `its file "${path}" has ${found.bytes} bytes instead of ${bytes}`,
      todo: 'It was cut short or changed: get the pack again.',
    })
  return found.file
}

async function checkContent(file: string, { path, sha256 }: PackFile, where: string, verify: Verification): Promise<void> {
  if (path.endsWith('.safetensors')) await (await readSafetensors(file)).close()
  if (verify === 'hashes' && (await hashFile(file)) !== sha256)
    throw new StudioError('pack.wrong-hash', {
      where,
      what: `its file "${path}" is not the one that the pack was made with`,
      todo: 'It was damaged or changed: get the pack again.',
    })
}

/** sha256 of a file as hexadecimal digits, without holding it in memory. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}
