import { float32 } from '../onnx/tensor.ts'
import type { Statistics } from '../packs/statistics.ts'
import type { Models } from './models.ts'
import { focusDefault, gate } from './focus.ts'
import { partsOf, phrasings } from './prompts.ts'

export interface EditRequest {
  /** What the picture should show: "smiling, with red hair". */
  readonly target: string
  /** The text that the difference is taken from; the pack's neutral texts if absent or empty. */
  readonly neutral?: string
  /** Channels that move less than this share of the one that moves most stay still; 'auto' is `focusDefault`. */
  readonly focus?: 'auto' | number
  /** Also move ToRGB styles, which shift colour everywhere; off by default, as in StyleCLIP and DeltaEdit. */
  readonly toRgb?: boolean
  /** B(f_target − f_neutral) − B(0), or CelebrityLook's B(f_target − c_T) − B(f_neutral − c_T). Equal for a linear B. */
  readonly form?: 'map-of-difference' | 'difference-of-maps'
}

/** An edit as a vector of style space: a photo's s moves by strength · deltaS, so edits add up, turn around and can be copied. */
export interface Direction {
  /** [S]; exactly zero for an edit that asks for nothing */
  readonly deltaS: Float32Array
  readonly channelsUsed: number
  readonly channelsTotal: number
  /** rms over all channels of Δs ÷ σ_s: how far it goes, in standard deviations of the generator's own pictures. */
  readonly length: number
}

/**
 * The direction of a text-driven edit (METHOD 2.8), at strength 1:
 *
 *     Δs = gate(Σ_parts B(g_T·(E_T(target) − E_T(neutral))) − B(0))
 *
 * A text with several requests ("smiling, with red hair") is the sum of its parts' directions. Errors: pack.no-part (not aligned).
 */
export async function direction(models: Models, statistics: Statistics, request: EditRequest): Promise<Direction> {
  const { neutralTexts } = models.pack.manifest
  const fNeutral = await ensemble(models, request.neutral ? phrasings(request.neutral, models.pack.manifest.noun) : neutralTexts)
  const total = models.layout.total
  const deltaS = new Float32Array(total)
  for (const part of partsOf(request.target)) {
    const fTarget = await ensemble(models, phrasings(part, models.pack.manifest.noun))
    const moved = await bridged(models, statistics, fTarget, fNeutral, request.form ?? 'map-of-difference')
    for (let j = 0; j < total; j++) deltaS[j]! += moved[j]!
  }
  if (!request.toRgb)
    for (const { kind, offset, channels } of models.layout.layers) if (kind === 'toRgb') deltaS.fill(0, offset, offset + channels)
  const focus = request.focus === undefined || request.focus === 'auto' ? focusDefault : request.focus
  const channelsUsed = gate(deltaS, statistics.sDeviation, focus)
  return { deltaS, channelsUsed, channelsTotal: total, length: standardLength(deltaS, statistics.sDeviation) }
}

/** Unit mean of the embeddings of several phrasings [D]: what they share counts, their wording averages out. */
export async function ensemble(models: Models, texts: readonly string[]): Promise<Float32Array> {
  const embed = models.pack.manifest.clip.embed
  const f = (await models.embedText(texts)).data as Float32Array
  const mean = new Float32Array(embed)
  for (let i = 0; i < f.length; i++) mean[i % embed]! += f[i]!
  const length = Math.hypot(...mean)
  return mean.map((x) => x / length)
}

/** B of a difference of texts, less B of no difference, so that an empty edit is exactly empty. */
async function bridged(
  models: Models,
  { textGain, fCenterText }: Statistics,
  fTarget: Float32Array,
  fNeutral: Float32Array,
  form: NonNullable<EditRequest['form']>,
): Promise<Float32Array> {
  const minuend = form === 'map-of-difference' ? fNeutral : fCenterText
  const to = fTarget.map((x, j) => textGain * (x - minuend[j]!))
  const from = form === 'map-of-difference' ? new Float32Array(to.length) : fNeutral.map((x, j) => textGain * (x - fCenterText[j]!))
  const { deltaS } = await models.bridge(float32([2, to.length], Float32Array.from([...to, ...from])))
  const rows = deltaS.data as Float32Array
  const total = rows.length / 2
  // One row of a batch may differ from another in the last bit: equal inputs are answered without the network.
  if (to.every((x, j) => x === from[j])) return new Float32Array(total)
  return rows.slice(0, total).map((x, j) => x - rows[total + j]!)
}

/** rms of x_j ÷ σ_j. */
export function standardLength(x: Float32Array, deviation: Float32Array): number {
  return Math.sqrt(x.reduce((sum, value, j) => sum + (value / deviation[j]!) ** 2, 0) / x.length)
}
