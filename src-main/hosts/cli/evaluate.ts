import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generatorCloseness, measureInversions } from '../../engine/bench/closeness.ts'
import { editPrompts } from '../../engine/bench/edit-prompts.ts'
import { evaluateEdits, peopleSeed } from '../../engine/bench/evaluate.ts'
import type { Evaluation } from '../../engine/bench/evaluation.ts'
import { evaluationPage } from '../../engine/bench/evaluation-page.ts'
import { evaluationText } from '../../engine/bench/evaluation-text.ts'
import { openJudge } from '../../engine/bench/judge.ts'
import { readRendered } from '../../engine/bench/rendered.ts'
import { measureUnderstanding } from '../../engine/bench/understanding.ts'
import { choosePack, type CliStudio } from './cli-studio.ts'
import type { Report } from './report.ts'

export interface EvaluateOptions {
  readonly people: number
  readonly seed?: number
  readonly strength: number
  readonly focus: 'auto' | number
  /** A folder of pictures that the recipe's renderer drew. */
  readonly test?: string
  readonly pictures: number
  readonly inversions: number
  readonly steps: number
  readonly out?: string
}

/** Pairs of pictures beside each prompt on the page. */
const shown = 5

/** `evaluate [PACK]`: what edits, words and inversions of a pack do, by nets that none of them ever sees. @param judges their folder */
export async function evaluateCommand(
  cli: CliStudio,
  report: Report,
  pack: string | undefined,
  judges: string,
  options: EvaluateOptions,
): Promise<void> {
  const { models, statistics } = await cli.studio.shelf.open(await choosePack(cli, pack))
  const { id, title, imageSize, alignment, generator } = models.pack.manifest
  const { people, seed = peopleSeed, strength, focus, test, out } = options
  const pictures = test === undefined ? [] : await readRendered(test, options.pictures, imageSize, generator.zDim)
  const judge = await openJudge(judges, imageSize, models.device)
  const stage = (name: string) => (step: number, of: number) => report.progress({ stage: name, step, of })
  try {
    const edits = { count: people, seed, strength, focus, pictures: out === undefined ? 0 : shown, progress: stage('prompts') }
    const rows = await evaluateEdits(models, statistics, judge, editPrompts, edits)
    const inversions = { steps: [options.steps], shown: out === undefined ? 0 : shown, progress: stage('inversions') }
    const evaluation: Evaluation = {
      pack: { id, title, hash: models.pack.hash, imageSize },
      ...{ people, seed, strength, rows },
      explainedVariance: alignment?.explainedVariance.layers ?? {},
      ...(pictures.length === 0
        ? {}
        : {
            generatorPsnr: await generatorCloseness(models, pictures),
            understanding: await measureUnderstanding(models, pictures, stage('pictures')),
            ...(options.inversions === 0
              ? {}
              : { inversions: await measureInversions(models, statistics, judge, pictures.slice(0, options.inversions), inversions) }),
          }),
    }
    if (out !== undefined) {
      await mkdir(out, { recursive: true })
      await writeFile(join(out, 'evaluation.html'), evaluationPage(evaluation))
      await writeFile(join(out, 'evaluation.json'), JSON.stringify(withoutPictures(evaluation), null, 2))
    }
    const written = out === undefined ? '' : `\n\nWith pictures: ${join(out, 'evaluation.html')}`
    report.result(`${evaluationText(evaluation)}${written}`, withoutPictures(evaluation))
  } finally {
    await judge.release()
  }
}

/** For scripts: the pictures are on the page. */
function withoutPictures({ rows, inversions, ...rest }: Evaluation): object {
  return {
    ...rest,
    rows: rows.map(({ pictures: _, ...row }) => row),
    ...(inversions ? { inversions: { ...inversions, shown: undefined } } : {}),
  }
}

/** The judges are no part of a pack, so that nothing that edits can see them. */
export const judgesBeside = (packs: readonly string[]) => join(packs[0]!, 'judges')
