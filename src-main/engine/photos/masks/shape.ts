import { newField } from '../field.ts'
import type { Field } from '../field.ts'
import { softBlur } from './box.ts'
import { grow } from './grow.ts'
import { guidedFilter } from './guided-filter.ts'

/** What is done to a painted mask before use; see contract/layers.ts, Mask. */
export interface MaskShape {
  /** Width of the soft edge and how far the edge moves outwards, as shares of the longer side. */
  readonly feather: number
  readonly grow: number
  /** How far the soft edge follows the edges of the photo, 0…1. */
  readonly edges: number
  readonly inverted: boolean
}

/** Where nothing is feathered, edges are still looked for this far from the mask's own, as a share of the longer side. */
const EDGE_REACH = 0.012
/** ε of the guided filter: below a deviation of .02 a photo is flat. */
const EPSILON = 0.0004
/** A guided mask is not quite 0 and 1 in flat parts. */
const FLOOR = 0.03

/**
 * The mask as it acts, [H,W,1] in 0…1: the painted one (8 bit, as 0…1), inverted, grown, and then its edge made soft, or drawn along the
 * photo's edges, or between both. `guide` is the photo in sRGB at the mask's size; it is asked for only when edges matter.
 * A white mask stays exactly 1 and a black one exactly 0.
 */
export function shapeMask(painted: Field, shape: MaskShape, guide: () => Field): Field {
  const { width, height } = painted
  const longer = Math.max(width, height)
  const shown = shape.inverted ? { ...painted, data: painted.data.map((x) => 1 - x) } : painted
  const grown = grow(shown, shape.grow * longer)
  // 95 % of a Gaussian edge lies within ±2 sigma.
  const soft = shape.feather > 0 ? softBlur(grown, (shape.feather * longer) / 4) : grown
  if (shape.edges === 0) return soft
  const radius = Math.max(2, Math.round(Math.max(shape.feather / 2, EDGE_REACH) * longer))
  const guided = guidedFilter(guide(), grown, { radius, epsilon: EPSILON, shrink: Math.max(1, Math.floor(radius / 4)) })
  const out = newField(width, height, 1)
  for (let i = 0; i < out.data.length; i++) {
    const followed = Math.min(1, Math.max(0, (guided.data[i]! - FLOOR) / (1 - 2 * FLOOR)))
    out.data[i] = soft.data[i]! + (followed - soft.data[i]!) * shape.edges
  }
  return out
}
