import { invert, psnrOf } from '../bridge/inversion.ts'
import { checkCancelled, type Models } from '../bridge/models.ts'
import { refine } from '../bridge/refine.ts'
import { float32 } from '../onnx/tensor.ts'
import type { Statistics } from '../packs/statistics.ts'
import type { Judge } from './judge.ts'
import { mean } from './numbers.ts'
import type { Rendered } from './rendered.ts'
import { dataUrl } from './thumbnail.ts'

/** How near one way to invert comes to pictures, on average. */
export interface InversionFigures {
  readonly way: string
  readonly psnr: number
  /** Distance of the identity descriptors, face-api's: a distance in features of a net trained on photographs. */
  readonly identity: number
  readonly seconds: number
}

export interface InversionReport {
  readonly pictures: number
  readonly ways: readonly InversionFigures[]
  /** The worst first: photo, instant and refined. */
  readonly shown: readonly { readonly pictures: readonly string[]; readonly psnr: readonly number[] }[]
}

/** z → picture against the renderer's own picture of that z, mean PSNR in dB. */
export async function generatorCloseness(models: Models, pictures: readonly Rendered[]): Promise<number> {
  const found: number[] = []
  for (const { image, z } of pictures) {
    const made = await models.synthesize(await models.stylesOfW(await models.mapping(z)))
    found.push(psnrOf(image.data as Float32Array, made.data as Float32Array))
  }
  return mean(found)
}

/** Inverts pictures at once, and refined by each number of steps. Error: Cancelled. */
export async function measureInversions(
  models: Models,
  statistics: Statistics,
  judge: Judge,
  pictures: readonly Rendered[],
  options: { steps: readonly number[]; shown: number; signal?: AbortSignal; progress?: (done: number, of: number) => void },
): Promise<InversionReport> {
  const steps = options.steps.toSorted((a, b) => a - b)
  const all: { psnr: number; identity: number; seconds: number; image: Float32Array }[][] = []
  const size = models.pack.manifest.imageSize
  for (const [i, { image: photo }] of pictures.entries()) {
    checkCancelled(options.signal)
    const own = (await judge.look(photo)).identities[0]!
    const row: (typeof all)[number] = []
    const add = async (image: Float32Array, seconds: number) => {
      const { identities } = await judge.look(float32(photo.shape, image))
      const identity = Math.hypot(...own.map((x, k) => x - identities[0]![k]!))
      row.push({ psnr: psnrOf(photo.data as Float32Array, image), identity, seconds, image })
    }
    const clock = performance.now()
    const start = await invert(models, statistics, photo)
    await add(start.image.data as Float32Array, (performance.now() - clock) / 1000)
    for (const count of steps) {
      const from = performance.now()
      const { image } = await refine(models, statistics, photo, { start, steps: count })
      await add(image.data as Float32Array, (performance.now() - from) / 1000)
    }
    all.push(row)
    options.progress?.(i + 1, pictures.length)
  }
  const names = ['instant', ...steps.map((count) => `refined, ${count} steps`)]
  const ways = names.map((way, k) => ({
    way,
    psnr: mean(all.map((row) => row[k]!.psnr)),
    identity: mean(all.map((row) => row[k]!.identity)),
    seconds: mean(all.map((row) => row[k]!.seconds)),
  }))
  const order = all.map((row, i) => ({ i, psnr: row.at(-1)!.psnr })).toSorted((a, b) => a.psnr - b.psnr)
  const shown = order.slice(0, options.shown).map(async ({ i }) => ({
    pictures: await Promise.all(
      [pictures[i]!.image.data as Float32Array, ...all[i]!.map(({ image }) => image)].map((x) => dataUrl(x, size)),
    ),
    psnr: all[i]!.map(({ psnr }) => psnr),
  }))
  return { pictures: pictures.length, ways, shown: await Promise.all(shown) }
}
