// Aligns a pack: npx node models/recipe/align.ts [--pack FOLDER] [--samples 20000] [--steps 1000] [--seed 0] [--threads 2] [--work FOLDER]
// Killed, it goes on where it stopped.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { alignPack, type AlignProgress } from '../../src-main/engine/bridge/align.ts'
import { trainingDefaults } from '../../src-main/engine/bridge/training.ts'
import { openPack } from '../../src-main/engine/packs/pack.ts'

const here = dirname(fileURLToPath(import.meta.url))
const { values } = parseArgs({
  options: {
    pack: { type: 'string', default: join(here, '..', 'portraits') },
    work: { type: 'string', default: join(here, 'work') },
    samples: { type: 'string', default: '20000' },
    steps: { type: 'string', default: String(trainingDefaults.steps) },
    seed: { type: 'string', default: '0' },
    threads: { type: 'string', default: '2' },
  },
})
const threads = Number(values.threads)

const manifest = await alignPack(
  await openPack(values.pack),
  { provider: 'cpu', label: 'Processor', threads },
  {
    workDir: values.work,
    samples: Number(values.samples),
    seed: Number(values.seed),
    training: { steps: Number(values.steps) },
    threads,
    progress: report(),
  },
)
const { explainedVariance, bridgeAtZero, seconds, steps } = manifest.alignment!
console.log(`explained variance: w ${explainedVariance.w.toFixed(3)}, s ${explainedVariance.s.toFixed(3)} (weights of step ${steps})`)
for (const [layer, share] of Object.entries(explainedVariance.layers)) console.log(`  ${layer.padEnd(12)} ${share.toFixed(3)}`)
console.log(`B(0) ${bridgeAtZero.toFixed(4)} deviations; ${seconds} s`)

/** A line every ten seconds and whenever there is a figure of held-out samples. */
function report(): (at: AlignProgress) => void {
  let last = 0
  return ({ stage, step, of, secondsLeft, loss, explainedVariance }) => {
    if (explainedVariance === undefined && performance.now() - last < 10_000) return
    last = performance.now()
    const figures = [
      loss === undefined ? '' : `, loss ${loss.toFixed(3)}`,
      explainedVariance === undefined ? '' : `, held out ${explainedVariance.toFixed(3)}`,
    ]
    console.log(`${stage} ${step}/${of}, ${Number.isNaN(secondsLeft) ? '?' : secondsLeft} s left${figures.join('')}`)
  }
}
