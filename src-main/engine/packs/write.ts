import { copyFile, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { StudioError } from '../../contract/errors.ts'
import { writeSafetensors, type NamedTensors } from '../checkpoints/safetensors.ts'
import { packSchema, type PackFile, type PackManifest } from './manifest.ts'
import { isSafePath } from './paths.ts'
import { hashFile } from './verify.ts'

/** Where a file of a new pack comes from; `write` makes what is too large to be held at once. */
export type FileSource =
  | { readonly copyOf: string }
  | { readonly bytes: Uint8Array }
  | { readonly tensors: NamedTensors }
  | { readonly write: (file: string) => Promise<void> }

/** Everything of a manifest but what follows from the files. */
export type PackDraft = Omit<PackManifest, 'files'>

/** Hidden, beside the pack, so that a rename is enough and `listPacks` passes them over. */
const partial = (folder: string) => join(dirname(folder), `.${basename(folder)}.part`)
export const replaced = (folder: string) => join(dirname(folder), `.${basename(folder)}.old`)

/**
 * Writes a pack: into a hidden folder beside it, pack.json last, then renamed. A pack of the same name is replaced whole; a reader
 * sees the old or the new one. Killed between the two renames it leaves the old one under `replaced`, which `listPacks` puts back.
 */
export async function writePack(folder: string, draft: PackDraft, files: Readonly<Record<string, FileSource>>): Promise<PackManifest> {
  const part = partial(folder)
  await rm(part, { recursive: true, force: true })
  try {
    const listed: PackFile[] = []
    for (const path of Object.keys(files).sort()) listed.push(await writeFileOf(part, path, files[path]!))
    const manifest = packSchema.parse({ ...draft, files: listed })
    await writeSynced(join(part, 'pack.json'), Buffer.from(JSON.stringify(manifest, null, 2) + '\n'))
    await putInPlace(part, folder)
    return manifest
  } catch (error) {
    await rm(part, { recursive: true, force: true })
    throw error
  }
}

async function writeFileOf(part: string, path: string, source: FileSource): Promise<PackFile> {
  if (!isSafePath(path))
    throw new StudioError('pack.path-leaves-folder', {
      where: path,
      what: 'it is not a plain path inside the pack',
      todo: 'Use another name.',
    })
  const file = join(part, ...path.split('/'))
  await mkdir(dirname(file), { recursive: true })
  if ('tensors' in source) await writeSafetensors(file, source.tensors)
  else if ('write' in source) await source.write(file)
  else if ('bytes' in source) await writeFile(file, source.bytes, { flush: true })
  else await copyFile(source.copyOf, file)
  return { path, sha256: await hashFile(file), bytes: (await stat(file)).size }
}

async function putInPlace(part: string, folder: string): Promise<void> {
  const old = replaced(folder)
  await rm(old, { recursive: true, force: true })
  const moved = await rename(folder, old).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
  try {
    await rename(part, folder)
  } catch (error) {
    if (moved) await rename(old, folder)
    throw error
  }
  await rm(old, { recursive: true, force: true })
}

async function writeSynced(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const handle = await open(file, 'w')
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
