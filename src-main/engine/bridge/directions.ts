import { float32 } from '../onnx/tensor.ts'
import type { Statistics } from '../packs/statistics.ts'
import type { Models } from './models.ts'
import { focusDefault, gate, leastEffect, moving } from './focus.ts'
import { partsOf } from './prompts.ts'
import { keepRelevant, slopesOf } from './relevance.ts'
import { keptBeside, keptScores, partial, scoreOf, type Score } from './scores.ts'
import { asLongAsPictures, asPictures, embedRequest, ensemble, howMuch } from './text-differences.ts'
import { times } from './vectors.ts'

export interface EditRequest {
  /** What the picture should show: "smiling, with red hair". */
  readonly target: string
  /** The text that the difference is taken from; the pack's neutral texts if absent or empty. */
  readonly neutral?: string
  /** How strictly channels that do little of what was asked stay still, 0…1 (focus.ts); 'auto' is `focusDefault`. */
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
 *     Δs = Σ_parts gate(B(Δf) − B(0)),   Δf = reach · deviations along Σ q,   q the part's score less what kept scores tell of it
 *
 * (scores.ts), gated by what each channel's move does to the asked score (relevance.ts). A pack whose effects were never measured has
 * Δf from the text filter and is gated by how far channels move. A text with several requests ("smiling, with red hair") is the sum of
 * its parts' directions. Errors: pack.no-part (not aligned).
 */
export async function direction(models: Models, statistics: Statistics, request: EditRequest): Promise<Direction> {
  const { neutralTexts } = models.pack.manifest
  const fNeutral = request.neutral ? await embedRequest(models, request.neutral) : await ensemble(models, neutralTexts)
  const total = models.layout.total
  const deltaS = new Float32Array(total)
  const focus = request.focus === undefined || request.focus === 'auto' ? focusDefault : request.focus
  for (const part of partsOf(request.target)) {
    const difference = (await embedRequest(models, part)).map((x, j) => x - fNeutral[j]!)
    const moved = await ofDifference(models, statistics, difference, { ...request, fNeutral, focus })
    for (let j = 0; j < total; j++) deltaS[j]! += moved[j]!
  }
  const channelsUsed = statistics.effects ? moving(deltaS) : gate(deltaS, statistics.sDeviation, focus)
  return { deltaS, channelsUsed, channelsTotal: total, length: standardLength(deltaS, statistics.sDeviation) }
}

type Settings = Pick<EditRequest, 'toRgb' | 'form'> & { readonly fNeutral: Float32Array; readonly focus: number }

/** Δs [S] of one difference of texts [D]; ungated where effects are not known. */
async function ofDifference(models: Models, statistics: Statistics, difference: Float32Array, settings: Settings): Promise<Float32Array> {
  const { fCovariance, fSpreadText, effects } = statistics
  const asked = scoreOf(difference, statistics)
  if (asked === undefined) return new Float32Array(models.layout.total)
  const kept = effects ? keptBeside(asked, keptOf(statistics)) : []
  const deltaF = effects
    ? asLongAsPictures(times(fCovariance, partial(asked, kept)), fCovariance, howMuch(difference, fSpreadText))
    : asPictures(difference, statistics)
  const start =
    settings.form === 'difference-of-maps'
      ? asPictures(
          settings.fNeutral.map((x, j) => x - statistics.fCenterText[j]!),
          statistics,
        )
      : undefined
  const deltaS = await bridged(models, deltaF, start)
  if (settings.toRgb === false)
    for (const { kind, offset, channels } of models.layout.layers) if (kind === 'toRgb') deltaS.fill(0, offset, offset + channels)
  if (effects) {
    const slopes = kept.map((score) => slopesOf(score, effects, statistics))
    keepRelevant(deltaS, slopesOf(asked, effects, statistics), slopes, statistics, leastEffect(settings.focus))
  }
  return deltaS
}

const keptScoresOf = new WeakMap<Statistics, readonly Score[]>()

/** The kept scores of a pack, worked out once. */
function keptOf(statistics: Statistics): readonly Score[] {
  const found = keptScoresOf.get(statistics) ?? (statistics.effects ? keptScores(statistics, statistics.effects) : [])
  keptScoresOf.set(statistics, found)
  return found
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
