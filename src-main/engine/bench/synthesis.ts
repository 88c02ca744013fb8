import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeSafetensors } from '../checkpoints/safetensors.ts'
import { parametersFrom } from '../nets/parameters.ts'
import { channelsFrom, chooseForms, plainForms, styles, synthesis, wCount, type Forms, type StyleGan2 } from '../nets/stylegan2/index.ts'
import { randomStyleGan2 } from '../nets/stylegan2/random.ts'
import { Graph } from '../onnx/graph.ts'
import { float32, type TensorData } from '../onnx/tensor.ts'
import { Random } from '../runtime/random.ts'
import { createSession, type Session } from '../runtime/session.ts'
import { timed, type Clock, type Duration } from './clock.ts'
import { startNvidia, type NvidiaCheckout, type NvidiaNet } from './nvidia.ts'
import { synthesisOperations } from './operations.ts'
import { convolutionProbe } from './rate.ts'

export interface SynthesisBenchOptions {
  /** NVIDIA's code to compare with; without it our own plain graph is the reference. */
  readonly nvidia?: NvidiaCheckout
  /** Generators to time; 256² with base 16384 and 1024² with base 32768 if absent. */
  readonly nets?: readonly { readonly imageSize: number; readonly channelBase: number; readonly channelMax?: number }[]
  /** How often each side runs, alternating; the fastest run counts. */
  readonly rounds?: number
  /** One for each core if absent. */
  readonly threads?: number
  /** 'wall' if absent; 'cpu' wants one thread. */
  readonly clock?: Clock
  readonly seed?: number
  /** Told after each round, for a progress line. */
  readonly onRound?: (net: string, round: number, rounds: number) => void
}

/** One comparison. Times are the fastest of all rounds: the machine's other work only ever adds. */
export interface BenchRow {
  /** 'synthesis 256², channel base 16384' */
  readonly name: string
  readonly reference: string
  readonly referenceMs: number
  readonly oursMs: number
  /** referenceMs ÷ oursMs; above 1 we are faster. */
  readonly ratio: number
  /** The paper's operations ÷ the rate of a plain 3×3 convolution, measured in the same rounds. */
  readonly limitMs: number
  readonly operations: number
  /** Operations a second. */
  readonly rate: number
  /** Largest absolute difference of the two images, whose values lie in about [-1,1] for a trained net. */
  readonly difference: number
  /** Largest absolute value in the reference image: a random net's image is larger than a trained one's. */
  readonly largest: number
  readonly rounds: number
  readonly threads: number
  readonly clock: Clock
}

const NETS = [
  { imageSize: 256, channelBase: 16384 },
  { imageSize: 1024, channelBase: 32768 },
]

/** Times w+ → image, styles included, of random generators (NVIDIA's initialisation) on the CPU against the reference, alternating the two. */
export async function benchSynthesis(options: SynthesisBenchOptions = {}): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  for (const net of options.nets ?? NETS) rows.push(await benchNet(options, net))
  return rows
}

async function benchNet(
  { nvidia, rounds = 10, threads = availableParallelism(), clock = 'wall', seed = 1, onRound }: SynthesisBenchOptions,
  { imageSize, channelBase, channelMax = 512 }: { imageSize: number; channelBase: number; channelMax?: number },
): Promise<BenchRow> {
  const a: StyleGan2 = {
    zDim: 512,
    wDim: 512,
    imageSize,
    channels: channelsFrom(imageSize, channelBase, channelMax),
    mappingLayers: 1,
    mappingRate: 0.01,
    imageChannels: 3,
    fir: [1, 3, 3, 1],
    classes: 0,
  }
  const name = `synthesis ${imageSize}², channel base ${channelBase}`
  const tensors = randomStyleGan2(a, seed)
  const wPlus = float32([1, wCount(a), a.wDim], new Random(seed).fork('wPlus').normals(wCount(a) * a.wDim))
  const folder = await mkdtemp(join(tmpdir(), 'stylebridge-bench-'))
  const open: { close(): Promise<void> }[] = []
  const keep = <T extends { close(): Promise<void> }>(side: T): T => (open.push(side), side)
  try {
    const ours = keep(await engineSide(a, tensors, wPlus, chooseForms(a), threads, folder))
    const reference = keep(
      nvidia
        ? await nvidiaSide(nvidia, { ...tensors, 'bench.wPlus': wPlus }, { imageSize, channelBase, channelMax }, threads, folder)
        : await engineSide(a, tensors, wPlus, plainForms, threads, folder),
    )
    const probe = keep(await convolutionProbe(threads))
    const best = { ours: Infinity, reference: Infinity, probe: Infinity }
    const read = ({ wallMs, cpuMs }: Duration) => (clock === 'cpu' ? cpuMs : wallMs)
    for (let round = 1; round <= rounds; round++) {
      best.reference = Math.min(best.reference, read(await reference.run()))
      best.ours = Math.min(best.ours, read(await ours.run()))
      best.probe = Math.min(best.probe, read(await probe.run()))
      onRound?.(name, round, rounds)
    }
    const operations = synthesisOperations(a)
    const rate = (probe.operations / best.probe) * 1000
    const expected = await reference.image()
    return {
      name,
      reference: reference.label,
      referenceMs: best.reference,
      oursMs: best.ours,
      ratio: best.reference / best.ours,
      limitMs: (operations / rate) * 1000,
      operations,
      rate,
      difference: furthest(await ours.image(), expected),
      largest: furthest(expected, new Float32Array(expected.length)),
      rounds,
      threads,
      clock,
    }
  } finally {
    for (const side of open) await side.close()
    await rm(folder, { recursive: true })
  }
}

interface Side {
  readonly label: string
  /** Computes the image once. */
  run(): Promise<Duration>
  image(): Promise<Float32Array>
  close(): Promise<void>
}

async function engineSide(
  a: StyleGan2,
  tensors: Readonly<Record<string, TensorData>>,
  wPlus: TensorData,
  forms: Forms,
  threads: number,
  cacheDir: string,
): Promise<Side> {
  const g = new Graph('synthesis')
  const p = parametersFrom(tensors)
  g.output('image', synthesis(g, a, p, styles(g, a, p, g.input('wPlus', ['N', ...wPlus.shape.slice(1)])), { forms }).image)
  const session: Session = await createSession(g, { provider: 'cpu', label: 'CPU' }, { threads, cacheDir })
  let image: TensorData | undefined
  return {
    label: 'our plain graph',
    run: () =>
      timed(async () => {
        image = (await session.run({ wPlus })).image
      }),
    image: () => Promise.resolve(image!.data as Float32Array),
    close: () => session.release(),
  }
}

async function nvidiaSide(
  checkout: NvidiaCheckout,
  tensors: Readonly<Record<string, TensorData>>,
  sizes: Readonly<Record<string, number>>,
  threads: number,
  folder: string,
): Promise<Side> {
  const weights = join(folder, 'bench.safetensors')
  await writeSafetensors(weights, tensors, Object.fromEntries(Object.entries(sizes).map(([k, v]) => [k, String(v)])))
  const net: NvidiaNet = await startNvidia(checkout, weights, threads)
  return {
    label: `NVIDIA’s code, ${net.version}`,
    run: () => net.run(),
    image: async () => {
      const file = join(folder, 'image.f32')
      await net.writeImage(file)
      return new Float32Array((await readFile(file)).buffer)
    },
    close: () => net.close(),
  }
}

function furthest(a: Float32Array, b: Float32Array): number {
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!))
  return most
}
