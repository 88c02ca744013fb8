import type { Statistics } from '../packs/statistics.ts'
import type { Models } from './models.ts'
import { phrasings } from './prompts.ts'

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
  const asked = Math.hypot(...delta)
  if (asked === 0) return new Float32Array(delta.length)
  const filtered = times(textFilter, delta)
  const length = Math.hypot(...filtered)
  if (length === 0) return new Float32Array(delta.length)
  const u = filtered.map((x) => x / length)
  const deviation = Math.sqrt(Math.max(0, dot(u, times(fCovariance, u))))
  const scale = reach * deviation * Math.min(1, asked / (leastAsked * fSpreadText))
  return u.map((x) => scale * x)
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

/** matrix [D,D] · x */
function times(matrix: Float32Array, x: Float32Array): Float32Array {
  return x.map((_, i) => dot(matrix.subarray(i * x.length, (i + 1) * x.length), x))
}

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0)
