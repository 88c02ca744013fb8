import { join, parse } from 'node:path'
import type { OpenedPhoto } from '../../contract/calls.ts'
import { defaultComposite, newEditLayer, isEdit, type EditLayer, type Recipe } from '../../contract/document.ts'
import type { Crop } from '../../contract/geometry.ts'
import { exportEdit } from '../../studio/exports.ts'
import { variedLayers } from '../../studio/variations.ts'
import type { CliStudio } from './cli-studio.ts'
import { besidePhoto, exportFormat, keepOriginal, writeResult } from './files.ts'
import { openForEdit } from './open-photo.ts'
import type { Report } from './report.ts'

export interface EditOptions {
  readonly text: string
  readonly neutral: string
  readonly strength: number
  readonly focus: 'auto' | number
  readonly inversion: 'instant' | 'refined'
  readonly face?: 'all' | number
  readonly crop?: Crop
  readonly pack?: string
  readonly out?: string
  readonly quality: number
  readonly metadata: 'all' | 'all-but-location' | 'none'
  readonly profile: 'same' | 'srgb' | 'p3'
  readonly recipe: boolean
  readonly label: boolean
}

/** `edit PHOTO --text …`: open, invert, edit, composite and write at full size. */
export async function editCommand(cli: CliStudio, report: Report, path: string, options: EditOptions): Promise<void> {
  const { opened, recipe, crops } = await prepareEdit(cli, report, path, options)
  const format = exportFormat(options.out, opened.format)
  const { out } = options
  if (out !== undefined) await keepOriginal(path, out)
  const made = await exportEdit(
    cli.studio.parts,
    { ...exportRequest(options, recipe), format },
    { progress: (progress) => report.progress(progress), moreCrops: crops.slice(1), blobs: cli.studio.blobs },
  )
  for (const warning of made.warnings) report.notice(warning)
  const target = out ?? besidePhoto(path, made.name)
  await writeResult(target, made.bytes)
  report.result(`${target}: ${made.width} × ${made.height} pixels, ${describe(recipe.layers.filter(isEdit))}.`, {
    file: target,
    width: made.width,
    height: made.height,
    faces: crops.length,
    layers: recipe.layers.filter(isEdit).map(({ text, strength }) => ({ text, strength })),
    warnings: made.warnings,
  })
}

export interface VariationsOptions extends Omit<EditOptions, 'out' | 'face'> {
  readonly face?: number
  readonly count: number
  readonly seed: number
  readonly out: string
}

/** `variations PHOTO --text … --count N --out DIR`: N full-size results of one prompt, each with its own seed. */
export async function variationsCommand(cli: CliStudio, report: Report, path: string, options: VariationsOptions): Promise<void> {
  const { opened, recipe } = await prepareEdit(cli, report, path, { ...options, out: undefined })
  const vary = recipe.layers.map(({ id }) => id)
  const format = exportFormat(undefined, opened.format)
  for (let n = 0; n < options.count; n++) {
    report.progress({ stage: 'variation', step: n, of: options.count })
    const layers = variedLayers({ recipe, vary, count: options.count, seed: options.seed, size: 256 }, n)
    const made = await exportEdit(cli.studio.parts, { ...exportRequest({ ...options, out: undefined }, { ...recipe, layers }), format })
    const file = join(options.out, `${parse(path).name}-${n + 1}.${made.extension}`)
    await writeResult(file, made.bytes)
    report.result(file, { file, seed: options.seed + n })
  }
}

interface PreparedEdit {
  readonly opened: OpenedPhoto
  readonly recipe: Recipe
  /** The first is the recipe's own. */
  readonly crops: readonly Crop[]
}

async function prepareEdit(cli: CliStudio, report: Report, path: string, options: EditOptions): Promise<PreparedEdit> {
  const { opened, crops, pack } = await openForEdit(cli, report, path, options)
  const { parts, unknownWords } = await cli.call('edit.split', { pack, text: options.text })
  if (unknownWords.length > 0) report.notice(`The pack does not know ${unknownWords.map((word) => `"${word}"`).join(', ')}.`)
  const { neutral, strength, focus, inversion } = options
  const recipe: Recipe = {
    format: 1,
    pack: { id: pack, hash: (await cli.studio.shelf.find(pack)).hash },
    photo: { id: opened.id, name: opened.name },
    crop: crops[0]!,
    quality: inversion,
    layers: parts.map((text, i) => newEditLayer(`layer-${i + 1}`, text, { neutral, strength, focus })),
    composite: defaultComposite,
  }
  return { opened, recipe, crops }
}

function exportRequest(options: EditOptions, recipe: Recipe) {
  const { quality, metadata, profile } = options
  return { recipe, quality, metadata, profile, embedRecipe: options.recipe, aiLabel: options.label }
}

const describe = (layers: readonly EditLayer[]) => layers.map(({ text, strength }) => `"${text}" × ${strength}`).join(', ')
