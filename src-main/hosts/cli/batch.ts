import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { BatchRow, ExportOptions } from '../../contract/calls.ts'
import type { Recipe } from '../../contract/document.ts'
import { StudioError } from '../../contract/errors.ts'
import { readRecipe } from '../../engine/photos/export.ts'
import { recipeFromFile } from '../../studio/recipes.ts'
import { choosePack, type CliStudio } from './cli-studio.ts'
import { readPhoto } from './files.ts'
import type { Report } from './report.ts'

export interface BatchCommandOptions {
  /** The file that the layers come from. */
  readonly recipe: string
  readonly out: string
  readonly recursive: boolean
  readonly faces: 'largest' | 'all'
  readonly withoutFace: 'skip' | 'centre'
  readonly format: ExportOptions['format']
  readonly quality: number
  readonly maxSide?: number
  readonly metadata: ExportOptions['metadata']
  readonly profile: ExportOptions['profile']
  readonly name: string
  readonly conflict: 'unique' | 'overwrite' | 'skip'
  /** Whether the results carry the recipe: --no-recipe elsewhere, where that name is free. */
  readonly embed: boolean
  readonly label: boolean
}

/**
 * `batch FOLDER --recipe FILE --out FOLDER`: one line a photo; run again, it goes on where it stopped. Error 'batch.some-failed' at the end when
 * photos failed, so that scripts see it in the exit code.
 */
export async function batchCommand(cli: CliStudio, report: Report, folder: string, options: BatchCommandOptions): Promise<void> {
  const recipe = await recipeOf(cli, options.recipe)
  const { format, quality, maxSide, metadata, profile } = options
  const { recursive, faces, withoutFace, conflict } = options
  const request = {
    recipe: { ...recipe, pack: { ...recipe.pack, id: await choosePack(cli, recipe.pack.id) } },
    folder: resolve(folder),
    out: resolve(options.out),
    recursive,
    faces,
    withoutFace,
    conflict,
    template: options.name,
    options: { format, quality, maxSide, metadata, profile, embedRecipe: options.embed, aiLabel: options.label },
  }
  const { notes } = await cli.call('batch.plan', request)
  for (const note of notes) report.notice(note)
  const counts = await cli.call('batch.run', request, (row) => say(report, row))
  const { done, before, skipped, failed } = counts
  report.result(`${done} done, ${before} done before, ${skipped} skipped, ${failed} failed. The report is ${counts.report}.`, counts)
  if (failed === 0) return
  const what = failed === 1 ? 'one photo could not be edited' : `${failed} photos could not be edited`
  throw new StudioError('batch.some-failed', { where: folder, what, todo: 'The report says why; run the same command again for them.' })
}

function say(report: Report, row: BatchRow): void {
  const { index, of, file, state, out, reason } = row
  if (state === 'working') return report.progress({ stage: file, step: index, of })
  const sentence = state === 'done' ? `${file} → ${out}` : `${file}: ${state === 'before' ? 'done before' : (reason ?? state)}`
  report.result(sentence, row)
}

/** From an exported picture, or from JSON. Error 'cli.no-recipe'. */
async function recipeOf({ studio }: CliStudio, path: string): Promise<Recipe> {
  const bytes = await readPhoto(path)
  const carried = path.toLowerCase().endsWith('.json') ? parsed(await readFile(path, 'utf8')) : await readRecipe(bytes)
  const recipe = await recipeFromFile(carried, studio.blobs)
  if (recipe !== undefined) return recipe
  throw new StudioError('cli.no-recipe', {
    where: basename(path),
    what: 'it carries no recipe',
    todo: 'Name a picture that was exported with its recipe, or a JSON file with one.',
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
