import { join } from 'node:path'
import { Cancelled, StudioError } from '../../contract/errors.ts'
import { alignPack, type AlignProgress } from '../../engine/bridge/align.ts'
import { trainingDefaults } from '../../engine/bridge/training.ts'
import { openPack } from '../../engine/packs/pack.ts'
import { DeviceKeeper } from '../engine/device-keeper.ts'
import type { Folders } from '../folders.ts'
import { interruptible } from './interrupt.ts'
import { packFolder } from './packs.ts'
import type { Report } from './report.ts'

export interface AlignCommandOptions {
  readonly samples?: number
  readonly steps?: number
  readonly batch?: number
  readonly seed: number
}

/** What suits a processor, and what a graphics card does in the same time. */
const samplesFor = { cpu: 20_000, other: 200_000 }

/**
 * `packs align PACK`: trains the bridge from the pack's own samples. Stopped with Ctrl-C or killed, it goes on where it was when it is run again with the
 * same settings. Errors: cli.paused, pack.unknown, those of `alignPack`.
 */
export async function alignCommand(folders: Folders, report: Report, named: string, options: AlignCommandOptions): Promise<void> {
  const pack = await openPack(await packFolder(folders, named))
  const keeper = new DeviceKeeper(folders, { status: () => undefined, notice: ({ text }) => report.notice(text) })
  keeper.start()
  const device = await keeper.device()
  const tell = reporter(report)
  const run = (signal: AbortSignal) =>
    alignPack(pack, device, {
      workDir: join(folders.data, 'alignments'),
      samples: options.samples ?? (device.provider === 'cpu' ? samplesFor.cpu : samplesFor.other),
      seed: options.seed,
      training: { steps: options.steps ?? trainingDefaults.steps },
      ...(options.batch === undefined ? {} : { batch: options.batch }),
      ...(keeper.threads === undefined ? {} : { threads: keeper.threads }),
      cacheDir: join(folders.cache, 'weights'),
      signal,
      progress: tell,
    })
  const manifest = await interruptible(run).catch((error: unknown) => {
    if (!(error instanceof Cancelled)) throw error
    throw new StudioError('cli.paused', {
      where: pack.manifest.title,
      what: 'its alignment was paused',
      todo: 'Run the same command again to go on; until then the pack is as it was.',
    })
  })
  const alignment = manifest.alignment!
  const share = (100 * alignment.explainedVariance.s).toFixed(1)
  report.result(
    `${manifest.title} is aligned: ${alignment.samples} samples, ${alignment.steps} steps, explains ${share} % of the styles' variance.`,
    {
      id: manifest.id,
      alignment,
    },
  )
}

/** Every step for scripts and terminals; where neither looks on, a line every half minute. */
function reporter(report: Report): (at: AlignProgress) => void {
  let last = performance.now()
  let samplesFrom: { readonly step: number; readonly at: number } | undefined
  return (at) => {
    const { stage, step, of, secondsLeft, loss, explainedVariance } = at
    if (stage === 'samples') samplesFrom ??= { step, at: performance.now() }
    report.progress({ stage: words(at), step, of })
    if (performance.now() - last < 30_000) return
    last = performance.now()
    const rate = samplesFrom && stage === 'samples' ? (1000 * (step - samplesFrom.step)) / (last - samplesFrom.at) : undefined
    const figures = [
      `${stage} ${step} of ${of}`,
      rate === undefined ? '' : `${rate.toFixed(rate < 10 ? 2 : 0)} a second`,
      Number.isFinite(secondsLeft) ? `${Math.ceil(secondsLeft / 60)} min left` : '',
      loss === undefined ? '' : `loss ${loss.toFixed(3)}`,
      explainedVariance === undefined ? '' : `explains ${(100 * explainedVariance).toFixed(1)} %`,
    ]
    report.notice(figures.filter((text) => text !== '').join(', '))
  }
}

const words = ({ stage, secondsLeft }: AlignProgress): string =>
  Number.isFinite(secondsLeft) && secondsLeft > 0 ? `${stage} (${Math.ceil(secondsLeft)} s left)` : stage
