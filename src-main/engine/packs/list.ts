import { readdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError, type ErrorData } from '../../contract/errors.ts'
import { openPack, type Pack } from './pack.ts'
import { replaced } from './write.ts'

/** A pack that was found, or the reason why one cannot be used. */
export type PackListing = { readonly folder: string; readonly pack: Pack } | { readonly folder: string; readonly error: ErrorData }

/**
 * The packs that lie directly in these folders, by name; sizes are checked, hashes not. Folders without a pack.json and hidden ones
 * (half-written packs) are passed over; a damaged pack is listed with its error. A folder that does not exist has no packs.
 */
export async function listPacks(folders: readonly string[]): Promise<PackListing[]> {
  const listings: PackListing[] = []
  for (const parent of folders) {
    await putBackReplaced(parent)
    for (const name of (await namesIn(parent)).sort()) {
      const folder = join(parent, name)
      if (name.startsWith('.') || !(await exists(join(folder, 'pack.json')))) continue
      try {
        listings.push({ folder, pack: await openPack(folder, { verify: 'sizes' }) })
      } catch (error) {
        listings.push({ folder, error: StudioError.from(error, name).toData() })
      }
    }
  }
  return listings
}

/** A pack whose replacement was killed between its two renames comes back. */
async function putBackReplaced(parent: string): Promise<void> {
  for (const name of await namesIn(parent)) {
    const folder = join(parent, name.slice(1, -'.old'.length))
    if (replaced(folder) === join(parent, name) && !(await exists(folder))) await rename(join(parent, name), folder)
  }
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
