import { resolve } from 'node:path'
import { exportPack } from '../../engine/import/pack-archive.ts'
import { openPack } from '../../engine/packs/pack.ts'
import type { Folders } from '../folders.ts'
import { interruptible } from './interrupt.ts'
import { packFolder } from './packs.ts'
import type { Report } from './report.ts'

/** `packs export PACK [--out FILE]`: a pack as one file, to be carried elsewhere. What its licences say is shown: the file is meant to leave. */
export async function exportCommand(folders: Folders, report: Report, named: string, options: { readonly out?: string }): Promise<void> {
  const folder = await packFolder(folders, named)
  const { manifest } = await openPack(folder, { verify: 'sizes' })
  const file = resolve(options.out ?? `${manifest.id}.stylebridge-pack`)
  const mega = (bytes: number) => Math.round(bytes / 1e6)
  const { bytes } = await interruptible((signal) =>
    exportPack(folder, file, { signal, progress: (step, of) => report.progress({ stage: 'packing', step: mega(step), of: mega(of) }) }),
  )
  for (const { what, licence } of manifest.licences) report.notice(`${what}: ${licence}.`)
  report.result(`${file}: ${mega(bytes)} MB`, { file, bytes, id: manifest.id })
}
