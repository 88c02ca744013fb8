import type { EditLayer } from '../contract/document.ts'
import { direction, type Direction } from '../engine/bridge/directions.ts'
import { variation } from '../engine/bridge/variations.ts'
import type { StyleLayout } from '../engine/nets/stylegan2/layout.ts'
import { Memo } from './memo.ts'
import type { OpenPack } from './packs.ts'

/** Directions are a few kilobytes; these many prompts stay at hand. */
const KEPT = 256

/** The vectors of edit layers. A direction is made once for a text, a neutral text and a focus; strengths, ranges and sums are arithmetic. */
export class Directions {
  private readonly directions = new Memo<Direction>(KEPT)
  private readonly variations = new Memo<Float32Array>(KEPT)

  /** The layer's direction at strength 1, before ranges and variation. */
  get({ pack, models, statistics }: OpenPack, { text, neutral, focus }: EditLayer): Promise<Direction> {
    return this.directions.get(keyOf(pack.hash, text, neutral, focus), () =>
      direction(models, statistics, { target: text, neutral, focus }),
    )
  }

  /**
   * What an edit layer adds to s, [S]: strength · ranges ⊙ Δs + min(1, |strength|) · amount · ranges ⊙ variation.
   * A layer of strength 0 changes nothing, varied or not.
   */
  async change(open: OpenPack, layer: EditLayer): Promise<Float32Array> {
    const { deltaS } = await this.get(open, layer)
    const weights = rangeWeights(open.models.layout, layer.ranges)
    const varied = await this.varied(open, layer, deltaS)
    return deltaS.map((x, j) => weights[j]! * (layer.strength * x + (varied?.[j] ?? 0)))
  }

  private async varied(open: OpenPack, layer: EditLayer, within: Float32Array): Promise<Float32Array | undefined> {
    const { text, neutral, focus, strength, variation: chosen } = layer
    if (chosen === undefined || chosen.amount === 0) return undefined
    const sum = new Float32Array(within.length)
    for (const { seed, amount } of [chosen, ...(chosen.more ?? [])]) {
      const whole = await this.variations.get(keyOf(open.pack.hash, text, neutral, focus, seed), () =>
        variation(open.models, open.statistics, { seed, amount: 1, within }),
      )
      const share = amount * Math.min(1, Math.abs(strength))
      for (let j = 0; j < sum.length; j++) sum[j]! += share * whole[j]!
    }
    return sum
  }
}

/** Whether an edit takes part at all. */
export const isActive = ({ visible, strength }: EditLayer) => visible && strength !== 0

/** One weight for each style channel: coarse 4²–8², middle 16²–32², fine 64² and above. */
export function rangeWeights({ layers, total }: StyleLayout, { coarse, middle, fine }: EditLayer['ranges']): Float32Array {
  const weights = new Float32Array(total)
  for (const { resolution, offset, channels } of layers) {
    weights.fill(resolution <= 8 ? coarse : resolution <= 32 ? middle : fine, offset, offset + channels)
  }
  return weights
}

const keyOf = (...parts: (string | number)[]) => JSON.stringify(parts)
