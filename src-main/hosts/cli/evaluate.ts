import { join } from 'node:path'
import { editPrompts } from '../../engine/bench/edit-prompts.ts'
import { evaluateEdits, evaluationTable } from '../../engine/bench/evaluate.ts'
import { openJudge } from '../../engine/bench/judge.ts'
import { choosePack, type CliStudio } from './cli-studio.ts'
import type { Report } from './report.ts'

export interface EvaluateOptions {
  readonly people: number
  readonly strength: number
  readonly focus: 'auto' | number
}

/** `evaluate [PACK]`: edits samples by many prompts and lets nets that no edit ever sees say what happened. @param judges their folder */
export async function evaluateCommand(
  cli: CliStudio,
  report: Report,
  pack: string | undefined,
  judges: string,
  options: EvaluateOptions,
): Promise<void> {
  const { models, statistics } = await cli.studio.shelf.open(await choosePack(cli, pack))
  const judge = await openJudge(judges, models.pack.manifest.imageSize, models.device)
  const rows = await evaluateEdits(models, statistics, judge, editPrompts, {
    count: options.people,
    strength: options.strength,
    focus: options.focus,
    progress: (step, of) => report.progress({ stage: 'prompts', step, of }),
  })
  const { alignment } = models.pack.manifest
  const layers = Object.entries(alignment?.explainedVariance.layers ?? {}).map(
    ([layer, share]) => `${layer.padEnd(16)} ${(100 * share).toFixed(1)} %`,
  )
  const explained = layers.length === 0 ? '' : `\n\nVariance of the styles that the bridge explains, held out:\n${layers.join('\n')}`
  report.result(`${evaluationTable(rows)}${explained}`, { people: options.people, rows, explainedVariance: alignment?.explainedVariance })
}

/** The judges are no part of a pack, so that nothing that edits can see them. */
export const judgesBeside = (packs: readonly string[]) => join(packs[0]!, 'judges')
