import { join, resolve } from 'node:path'
import { existsSync } from 'node:fs'
import { StudioError } from '../../contract/errors.ts'
import { importPack } from '../../engine/import/import-pack.ts'
import { isPackArchive, unpackPack } from '../../engine/import/pack-archive.ts'
import type { Folders } from '../folders.ts'
import { interruptible } from './interrupt.ts'
import type { Report } from './report.ts'

export interface ImportCommandOptions {
  readonly out: string
  readonly title?: string
  readonly noun: string
  readonly class?: number
  readonly activation?: 'quickGelu' | 'gelu'
  readonly replace?: boolean
}

/** `packs import FILES… --out PACK`: a pack from published checkpoints, or from one .stylebridge-pack. Errors: cli.pack-exists, import.*, those of the readers. */
export async function importCommand(
  folders: Folders,
  report: Report,
  files: readonly string[],
  options: ImportCommandOptions,
): Promise<void> {
  const folder = resolve(options.out)
  if (existsSync(folder) && options.replace !== true)
    throw new StudioError('cli.pack-exists', {
      where: options.out,
      what: 'there is something of that name already',
      todo: 'Name another folder with --out, or add --replace to write over the pack.',
    })
  const builtIn = join(folders.packs[0] ?? '', 'portraits')
  await interruptible(async (signal) => {
    const [first] = files
    if (files.length === 1 && first !== undefined && isPackArchive(first)) {
      const manifest = await unpackPack(first, folder, {
        signal,
        progress: (step, of) => report.progress({ stage: 'unpacking', step: mega(step), of: mega(of) }),
      })
      report.result(`${folder}: ${manifest.title}`, { folder, id: manifest.id, title: manifest.title })
      return
    }
    const { manifest, found, ignored, notes } = await importPack(files, {
      folder,
      noun: options.noun,
      ...(options.title === undefined ? {} : { title: options.title }),
      ...(options.class === undefined ? {} : { label: options.class }),
      ...(options.activation === undefined ? {} : { activation: options.activation }),
      ...(existsSync(join(builtIn, 'weights/faces.safetensors')) ? { facesFrom: builtIn } : {}),
      signal,
      progress: ({ stage, step, of }) => report.progress({ stage, step: mega(step), of: mega(of) }),
    })
    for (const note of notes) report.notice(note)
    const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
    const lines = [
      `${folder}: ${manifest.title}, ${manifest.imageSize} × ${manifest.imageSize}, ${mega(bytes)} MB. Not aligned yet: stylebridge packs align ${options.out}`,
      ...found.map((line) => `  ${line}`),
      ...ignored.map((line) => `  not needed: ${line}`),
    ]
    report.result(lines.join('\n'), { folder, id: manifest.id, title: manifest.title, bytes, found, ignored, notes })
  })
}

const mega = (bytes: number) => Math.round(bytes / 1e6)
