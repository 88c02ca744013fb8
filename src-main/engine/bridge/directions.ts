import { float32 } from '../onnx/tensor.ts'
import type { Statistics } from '../packs/statistics.ts'
import type { Models } from './models.ts'
import { focusDefault, gate } from './focus.ts'
import { partsOf } from './prompts.ts'
import { asPictures, embedRequest, ensemble } from './text-differences.ts'

export interface EditRequest {
  /** What the picture should show: "smiling, with red hair". */
  readonly target: string
  /** The text that the difference is taken from; the pack's neutral texts if absent or empty. */
  readonly neutral?: string
  /** Channels that move less than this share of the one that moves most stay still; 'auto' is `focusDefault`. */
  readonly focus?: 'auto' | number
  /**
   * Also move ToRGB styles; on if absent. StyleCLIP and DeltaEdit leave them alone, since they shift colour everywhere, but colour that
   * is asked for lives there: with them "red hair" moves the built-in pack's judge by 6.3 instead of 2.0 in log-odds.
   */
  readonly toRgb?: boolean
  /** B(Δ) − B(0), or CelebrityLook's B(n + Δ) − B(n), n = f_neutral − c_T: equal for a linear B. */
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
 *     Δs = gate(Σ_parts B(asPictures(E_T(part) − E_T(neutral))) − B(0))
 *
 * A text with several requests ("smiling, with red hair") is the sum of its parts' directions. Errors: pack.no-part (not aligned).
 */
export async function direction(models: Models, statistics: Statistics, request: EditRequest): Promise<Direction> {
  const { neutralTexts } = models.pack.manifest
  const fNeutral = request.neutral ? await embedRequest(models, request.neutral) : await ensemble(models, neutralTexts)
  const total = models.layout.total
  const deltaS = new Float32Array(total)
  for (const part of partsOf(request.target)) {
    const deltaF = asPictures(
      (await embedRequest(models, part)).map((x, j) => x - fNeutral[j]!),
      statistics,
    )
    const moved = await bridged(
      models,
      deltaF,
      request.form === 'difference-of-maps'
        ? asPictures(
            fNeutral.map((x, j) => x - statistics.fCenterText[j]!),
            statistics,
          )
        : undefined,
    )
    for (let j = 0; j < total; j++) deltaS[j]! += moved[j]!
  }
  if (request.toRgb === false)
    for (const { kind, offset, channels } of models.layout.layers) if (kind === 'toRgb') deltaS.fill(0, offset, offset + channels)
  const focus = request.focus === undefined || request.focus === 'auto' ? focusDefault : request.focus
  const channelsUsed = gate(deltaS, statistics.sDeviation, focus)
  return { deltaS, channelsUsed, channelsTotal: total, length: standardLength(deltaS, statistics.sDeviation) }
}

/** B(deltaF) − B(0), so that an empty edit is exactly empty; with a start, B(start + deltaF) − B(start). */
export async function bridged(
  models: Models,
  deltaF: Float32Array,
  start: Float32Array = new Float32Array(deltaF.length),
): Promise<Float32Array> {
  // One row of a batch may differ from another in the last bit: no difference is answered without the network.
  if (deltaF.every((x) => x === 0)) return new Float32Array(models.layout.total)
  const rows = Float32Array.from([...start.map((x, j) => x + deltaF[j]!), ...start])
  const deltaS = (await models.bridge(float32([2, deltaF.length], rows))).deltaS.data as Float32Array
  const total = deltaS.length / 2
  return deltaS.slice(0, total).map((x, j) => x - deltaS[total + j]!)
}

/** rms of x_j ÷ σ_j. */
export function standardLength(x: Float32Array, deviation: Float32Array): number {
  return Math.sqrt(x.reduce((sum, value, j) => sum + (value / deviation[j]!) ** 2, 0) / x.length)
}
