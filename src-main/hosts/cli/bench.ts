import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { defaultComposite, newEditLayer, type Recipe } from '../../contract/document.ts'
import { benchSynthesis, type BenchRow } from '../../engine/bench/synthesis.ts'
import { exportEdit } from '../../studio/exports.ts'
import { Renders } from '../../studio/renders.ts'
import { Stopwatch } from '../../studio/stopwatch.ts'
import { choosePack, type CliStudio } from './cli-studio.ts'
import type { Report } from './report.ts'

export interface BenchOptions {
  readonly nvidia?: string
  readonly python: string
  readonly rounds: number
  readonly photo?: string
  readonly pack?: string
  readonly synthesis: boolean
}

/** `bench`: our synthesis against the reference, as ratios; then the milliseconds of every stage from click to picture. */
export async function benchCommand(cli: CliStudio, report: Report, photo: string, options: BenchOptions): Promise<void> {
  if (options.synthesis) {
    const { nvidia, python, rounds } = options
    const rows = await benchSynthesis({
      rounds,
      ...(nvidia === undefined ? {} : { nvidia: { folder: nvidia, python } }),
      onRound: (net, step, of) => report.progress({ stage: net, step, of }),
    })
    for (const row of rows) report.result(describeRow(row), row)
  }
  const stages = await benchStages(cli, photo, options)
  for (const { name, timings } of stages) report.result(describeStages(name, timings), { name, timings })
}

interface Stages {
  readonly name: string
  readonly timings: Readonly<Record<string, number>>
}

/** One person's way through the studio on one photo, each step timed; "again" steps show what caches leave. */
async function benchStages(cli: CliStudio, path: string, { pack: named }: BenchOptions): Promise<Stages[]> {
  const { studio, call } = cli
  const pack = await choosePack(cli, named)
  const stages: Stages[] = []
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const watch = new Stopwatch()
    const made = await watch.time('total', work)
    const own = (made as { timings?: Record<string, number> }).timings ?? {}
    stages.push({ name, timings: { ...own, ...watch.timings } })
    return made
  }
  await step('start the networks', async () => {
    await studio.warmUp(pack)
    return {}
  })
  const blob = await studio.blobs.put(await readFile(path))
  const opened = await step('open, find faces', () => call('photo.open', { source: { blob: blob.sha256, name: basename(path) }, pack }))
  const { crop, id, name } = opened
  await step('invert', () => call('photo.invert', { photo: id, crop, pack, quality: 'instant' }))
  const { hash } = await studio.shelf.find(pack)
  const recipe = (strength: number): Recipe => ({
    format: 1,
    pack: { id: pack, hash },
    photo: { id, name },
    crop,
    quality: 'instant',
    layers: [newEditLayer('a', 'smiling', { strength }), newEditLayer('b', 'with red hair', { strength })],
    composite: defaultComposite,
  })
  const renders = new Renders(studio.parts, studio.blobs)
  const render = (strength: number, draft: boolean) => renders.render({ ...recipe(strength), maxSize: draft ? 512 : 1024, draft })
  await step('prompt to picture', () => render(1, false))
  await step('prompt to picture, again', () => render(1.01, false))
  await step('slider', () => render(1.1, true))
  await step('slider, again', () => render(1.2, true))
  await step('export at full size', async () => {
    const watch = new Stopwatch()
    const request = { format: 'jpeg', quality: 92, metadata: 'all', profile: 'same', embedRecipe: true, aiLabel: true } as const
    await exportEdit(studio.parts, { ...request, recipe: recipe(1) }, { watch })
    return { timings: watch.timings }
  })
  return stages
}

function describeRow(row: BenchRow): string {
  const ms = (x: number) => `${x.toFixed(0)} ms`
  return [
    `${row.name}: ours ${ms(row.oursMs)}, ${row.reference} ${ms(row.referenceMs)}: ${row.ratio.toFixed(2)} times as fast`,
    `  limit ${ms(row.limitMs)} (${(row.operations / 1e9).toFixed(1)} GFLOP at ${(row.rate / 1e9).toFixed(0)} GFLOP/s), ` +
      `largest difference ${row.difference.toExponential(1)} of ${row.largest.toFixed(2)}, ${row.threads} threads, fastest of ${row.rounds}`,
  ].join('\n')
}

function describeStages(name: string, { total, ...parts }: Readonly<Record<string, number>>): string {
  const list = Object.entries(parts).map(([stage, ms]) => `${stage} ${ms.toFixed(0)}`)
  return `${name}: ${total?.toFixed(0)} ms${list.length === 0 ? '' : ` (${list.join(', ')})`}`
}
