import { float32, type TensorData } from '../onnx/tensor.ts'
import type { Statistics } from '../packs/statistics.ts'
import { minus } from './centers.ts'
import { checkCancelled, type Models } from './models.ts'

/** How a latent was found, and how near its picture is to the photo. */
export interface Inversion {
  /** [1,S] */
  readonly s: TensorData
  /** [1,L,W]; the bridge finds s directly. */
  readonly wPlus?: TensorData
  readonly method: 'encoder' | 'bridge' | 'refined' | 'tuned'
  readonly closeness: Closeness
  /** G(s) [1,3,R,R] in [-1,1] */
  readonly image: TensorData
}

export interface Closeness {
  /** Peak signal-to-noise ratio over the aligned square, dB, with a peak-to-peak range of 2. */
  readonly psnr: number
  /** Cosine of the image embeddings. */
  readonly semantic: number
  /** 0…100, for a meter: 0 at 8 dB or less (a random face has about 10), 100 at 28 dB. */
  readonly percent: number
}

/** Ways to invert; refined and tuned inversion have their own places beside 'instant'. */
export type InversionQuality = 'instant'

/**
 * The latent of an aligned picture [1,3,R,R] in [-1,1]: of the pack's encoder and the bridge's own inversion
 * s = s̄ + B(E_I(x) − c_I), the one whose picture is nearer (PSNR). `both` has the figures of all that were tried.
 * Errors: Cancelled, pack.no-part (neither encoder nor bridge).
 */
export async function invert(
  models: Models,
  statistics: Statistics,
  image: TensorData,
  quality: InversionQuality = 'instant',
  options: { signal?: AbortSignal } = {},
): Promise<Inversion & { readonly tried: readonly Inversion[] }> {
  const ways = { instant: [byEncoder, byBridge] }[quality]
  const tried: Inversion[] = []
  for (const way of ways) {
    checkCancelled(options.signal)
    const found = await way(models, statistics, image)
    if (found) tried.push(await judged(models, image, found))
  }
  const best = tried.reduce((a, b) => (b.closeness.psnr > a.closeness.psnr ? b : a))
  return { ...best, tried }
}

type Found = Pick<Inversion, 's' | 'wPlus' | 'method'>

async function byEncoder(models: Models, _: Statistics, image: TensorData): Promise<Found | undefined> {
  if (!models.pack.has('encoder')) return undefined
  const wPlus = await models.encode(image)
  return { s: await models.styles(wPlus), wPlus, method: 'encoder' }
}

async function byBridge(models: Models, { fCenterImage, sCenter }: Statistics, image: TensorData): Promise<Found> {
  const f = await models.embedImage(image)
  const { deltaS } = await models.bridge(float32(f.shape, minus(f.data as Float32Array, fCenterImage)))
  return {
    s: float32(
      deltaS.shape,
      (deltaS.data as Float32Array).map((x, j) => x + sCenter[j]!),
    ),
    method: 'bridge',
  }
}

async function judged(models: Models, photo: TensorData, found: Found): Promise<Inversion> {
  const image = await models.synthesize(found.s)
  return { ...found, image, closeness: await closenessOf(models, photo, image) }
}

/** How near one picture [1,3,R,R] is to another. */
export async function closenessOf(models: Models, photo: TensorData, image: TensorData): Promise<Closeness> {
  const psnr = psnrOf(photo.data as Float32Array, image.data as Float32Array)
  const [a, b] = [await models.embedImage(photo), await models.embedImage(image)]
  const semantic = (a.data as Float32Array).reduce((sum, x, j) => sum + x * (b.data as Float32Array)[j]!, 0)
  return closenessFrom(psnr, semantic)
}

/** The closeness that two figures make. */
export function closenessFrom(psnr: number, semantic: number): Closeness {
  return { psnr, semantic, percent: Math.round(100 * Math.min(1, Math.max(0, (psnr - 8) / 20))) }
}

/** PSNR in dB of pictures in [-1,1]; what the generator overshoots is clipped first, as it is when shown. */
export function psnrOf(photo: Float32Array, image: Float32Array): number {
  let sum = 0
  for (let i = 0; i < photo.length; i++) sum += (photo[i]! - Math.min(1, Math.max(-1, image[i]!))) ** 2
  return 10 * Math.log10(4 / (sum / photo.length))
}
