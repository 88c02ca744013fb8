import type { Donor, InversionQuality, Layer, Recipe } from '../contract/document.ts'
import type { TensorData } from '../engine/onnx/tensor.ts'
import type { Inversions } from './inversions.ts'
import { latentOfSeed, latentOfText } from './latents.ts'
import type { OpenPack } from './packs.ts'
import type { PhotoDesk } from './photos.ts'

export interface DonorParts {
  readonly inversions: Inversions
  readonly desk: PhotoDesk
}

export interface DonorWork {
  /** The document that mixes: a result of its own photo is taken at the document's own quality of inversion. */
  readonly recipe?: Pick<Recipe, 'photo' | 'crop' | 'quality' | 'inversion'>
  readonly signal?: AbortSignal | undefined
}

interface Making {
  readonly quality: InversionQuality
  readonly steps?: number | undefined
  readonly signal: AbortSignal | undefined
  /** What a result's own layers make of its inversion; undefined when they change nothing. */
  readonly apply: (s: TensorData, layers: readonly Layer[]) => Promise<TensorData | undefined>
}

/** The latent [S] that a mix goes towards: a sample's, a text's, a photo's, or a result's. Errors: Cancelled, those of the photo. */
export async function latentOfDonor(
  { inversions, desk }: DonorParts,
  open: OpenPack,
  donor: Donor,
  { quality, steps, signal, apply }: Making,
): Promise<Float32Array> {
  if (donor.kind === 'seed') return dataOf(await latentOfSeed(open, donor.seed))
  if (donor.kind === 'text') return dataOf(await latentOfText(open, donor.text))
  const { photo, crop } = donor
  const own = () => desk.get(photo.id, photo.name)
  const { s } = await inversions.get({ photoId: photo.id, photo: own, crop, open, quality, steps, signal })
  return dataOf(
    donor.kind === 'photo'
      ? s
      : ((await apply(
          s,
          donor.layers.filter((layer) => layer.visible),
        )) ?? s),
  )
}

const dataOf = (s: TensorData) => s.data as Float32Array
