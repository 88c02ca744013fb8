import type { Statistics } from '../packs/statistics.ts'
import type { Models } from './models.ts'
import { phrasings } from './prompts.ts'
import { dot, times } from './vectors.ts'

/**
 * How many standard deviations of the generator's pictures strength 1 moves along the asked direction of f. Measured on the built-in
 * pack: true changes of one attribute (glasses, age, hair colour…) are 1 to 2.8 deviations long, and the bridge gives a third of it back.
 */
export const reach = 3

/** A difference of texts shorter than this share of the suggestions' rms distance asks for less: the edit shrinks with it. */
const leastAsked = 0.4

/**
 * A difference of texts [D] as the difference of f that pictures would show: deltaF of an edit at strength 1.
 *
 *     δ' = Σ (Σ + λ)⁻¹ δ        (`textFilter`)       deltaF = reach · √(uᵀ Σ u) · u,   u = δ' ÷ |δ'|,   Σ the covariance of pictures' f
 *
 * Texts and pictures lie apart and a text's embedding is noisy where pictures hardly vary; there the bridge, which only ever saw
 * pictures, amplifies. The filter keeps what pictures vary in (a soft form of CLIP-PAE's projection, arXiv 2210.03919). The length
 * cannot come from the text either: contrastive learning leaves it free, and a difference of texts is two to six times as long as that
 * of the pictures. It is measured on the pictures instead. No difference gives exactly zero.
 */
export function asPictures(delta: Float32Array, { textFilter, fCovariance, fSpreadText }: Statistics): Float32Array {
  if (delta.every((x) => x === 0)) return new Float32Array(delta.length)
  return asLongAsPictures(times(textFilter, delta), fCovariance, howMuch(delta, fSpreadText))
}

/** How much a difference of texts asks for, 0…1: all but the shortest ask for everything. */
export const howMuch = (delta: Float32Array, fSpreadText: number): number => Math.min(1, Math.hypot(...delta) / (leastAsked * fSpreadText))

/** A direction of f [D], made share · reach deviations of the generator's pictures long. */
export function asLongAsPictures(direction: Float32Array, fCovariance: Float32Array, share: number): Float32Array {
  const length = Math.hypot(...direction)
  if (length === 0) return new Float32Array(direction.length)
  const u = direction.map((x) => x / length)
  const deviation = Math.sqrt(Math.max(0, dot(u, times(fCovariance, u))))
  return u.map((x) => share * reach * deviation * x)
}

/** f of one request [D]: the unit mean over its phrasings. */
export function embedRequest(models: Models, part: string): Promise<Float32Array> {
  return ensemble(models, phrasings(part, models.pack.manifest.noun))
}

/** Unit mean of the embeddings of several texts [D]: what they share counts, their wording averages out. */
export async function ensemble(models: Models, texts: readonly string[]): Promise<Float32Array> {
  const embed = models.pack.manifest.clip.embed
  const f = (await models.embedText(texts)).data as Float32Array
  const mean = new Float32Array(embed)
  for (let i = 0; i < f.length; i++) mean[i % embed]! += f[i]!
  const length = Math.hypot(...mean)
  return mean.map((x) => x / length)
}
