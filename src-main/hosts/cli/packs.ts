import { join, resolve } from 'node:path'
import { existsSync } from 'node:fs'
import { sentence, StudioError } from '../../contract/errors.ts'
import { listPacks } from '../../engine/packs/list.ts'
import { openPack, verifyPack, type Pack } from '../../engine/packs/pack.ts'
import type { Folders } from '../folders.ts'
import type { Report } from './report.ts'

/** `packs list`: every pack on this machine, also those that cannot be used. */
export async function listCommand({ packs }: Folders, report: Report): Promise<void> {
  const listings = await listPacks(packs)
  for (const listing of listings) {
    if ('pack' in listing) {
      const { id, title, imageSize, alignment } = listing.pack.manifest
      const state = alignment === undefined ? 'not aligned' : 'ready'
      report.result(`${id.padEnd(20)} ${title}, ${imageSize} × ${imageSize}, ${state}`, {
        id,
        title,
        imageSize,
        state,
        folder: listing.folder,
      })
    } else {
      report.result(`${'—'.padEnd(20)} ${sentence(listing.error)}`, { folder: listing.folder, error: listing.error })
    }
  }
  if (listings.length === 0) report.notice('There is no pack on this machine.')
}

/** `packs show PACK`: what a pack is, where it comes from and what it cannot do. */
export async function showCommand(folders: Folders, report: Report, named: string): Promise<void> {
  const pack = await openPack(await packFolder(folders, named), { verify: 'sizes' })
  report.result(describePack(pack), { hash: pack.hash, folder: pack.folder, manifest: pack.manifest })
}

/** `packs verify PACK`: every file against its sha256. Error 'pack.unsound' when one does not fit. */
export async function verifyCommand(folders: Folders, report: Report, named: string): Promise<void> {
  const folder = await packFolder(folders, named)
  const { files, sound } = await verifyPack(folder)
  for (const { path, bytes, error } of files) {
    report.result(`${error === undefined ? 'sound ' : 'WRONG '} ${path}, ${bytes} bytes${error === undefined ? '' : `: ${error.what}`}`, {
      path,
      bytes,
      ...(error === undefined ? {} : { error }),
    })
  }
  if (sound) return
  const wrong = files.filter(({ error }) => error !== undefined)
  throw new StudioError('pack.unsound', {
    where: named,
    what: `${wrong.length} of ${files.length} files are not what they should be`,
    todo: wrong[0]?.error?.todo ?? 'Get the pack again.',
  })
}

/** A pack named by its id, or by its folder. Error 'pack.unknown'. */
export async function packFolder({ packs }: Folders, named: string): Promise<string> {
  for (const folder of [resolve(named), ...packs.map((parent) => join(parent, named))])
    if (existsSync(join(folder, 'pack.json'))) return folder
  for (const listing of await listPacks(packs)) if ('pack' in listing && listing.pack.manifest.id === named) return listing.folder
  throw new StudioError('pack.unknown', {
    where: named,
    what: 'there is no such pack here',
    todo: 'See "packs list", or name a pack\'s folder.',
  })
}

function describePack({ manifest, hash }: Pack): string {
  const { id, title, noun, imageSize, generator, clip, encoder, alignment, provenance, licences, limits, files } = manifest
  const styles = manifest.styleLayout.reduce((sum, { channels }) => sum + channels, 0)
  const aligned =
    alignment === undefined
      ? 'not aligned'
      : `${alignment.samples} samples, ${alignment.steps} steps, explains ${(100 * alignment.explainedVariance.s).toFixed(1)} % of the styles' variance`
  return [
    `${title} (${id})`,
    `makes      ${noun}, ${imageSize} × ${imageSize} pixels, ${styles} style channels`,
    `generator  StyleGAN2, mapping of ${generator.mappingLayers} layers`,
    `CLIP       ${clip.image.kind}, ${clip.embed} numbers a picture or text`,
    `encoder    ${encoder === undefined ? 'none' : encoder.kind}`,
    `alignment  ${aligned}`,
    `size       ${(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toFixed(1)} MB in ${files.length} files`,
    `hash       ${hash}`,
    ...provenance.map(({ source, note }) => `from       ${source}${note === undefined ? '' : `: ${note}`}`),
    ...licences.map(({ what, licence }) => `licence    ${what}: ${licence}`),
    `limits     ${limits}`,
  ].join('\n')
}
