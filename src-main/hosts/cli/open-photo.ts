import { basename } from 'node:path'
import type { OpenedPhoto } from '../../contract/calls.ts'
import { StudioError } from '../../contract/errors.ts'
import type { Crop } from '../../contract/geometry.ts'
import { choosePack, type CliStudio } from './cli-studio.ts'
import { readPhoto } from './files.ts'
import type { Report } from './report.ts'

export interface WhichPart {
  readonly face?: 'all' | number
  readonly crop?: Crop
  readonly pack?: string
}

export interface PhotoForEdit {
  readonly opened: OpenedPhoto
  readonly pack: string
  /** The squares to work on, at least one. */
  readonly crops: readonly Crop[]
}

/** Opens a photo as the studio does and decides which squares of it are meant, saying what was assumed. */
export async function openForEdit(cli: CliStudio, report: Report, path: string, options: WhichPart): Promise<PhotoForEdit> {
  const { studio, call } = cli
  const bytes = await readPhoto(path)
  const pack = await choosePack(cli, options.pack)
  const { sha256 } = await studio.blobs.put(bytes)
  const source = { blob: sha256, name: basename(path) }
  const opened = await call('photo.open', { source, pack }, (progress) => report.progress(progress))
  for (const warning of opened.warnings) report.notice(warning)
  return { opened, pack, crops: chooseCrops(opened, options, report) }
}

/** Which squares of the photo are edited. Error 'cli.no-such-face'. */
function chooseCrops({ faces, crop, name }: OpenedPhoto, options: WhichPart, report: Report): Crop[] {
  if (options.crop !== undefined) return [options.crop]
  if (faces.length === 0) {
    report.notice(`No face was found in ${name}, so its centred square is edited; choose another one with --crop.`)
    return [crop]
  }
  if (options.face === 'all') return faces.map((face) => face.crop)
  const chosen = faces[(options.face ?? 1) - 1]
  if (chosen !== undefined) {
    if (options.face === undefined && faces.length > 1)
      report.notice(`${faces.length} faces were found; the largest is edited. Choose with --face.`)
    return [chosen.crop]
  }
  const what = faces.length === 1 ? 'only one face was found' : `only ${faces.length} faces were found`
  throw new StudioError('cli.no-such-face', {
    where: name,
    what,
    todo: `Use --face 1${faces.length > 1 ? `…${faces.length}` : ''} or --face all.`,
  })
}
