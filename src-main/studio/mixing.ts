import { shownLayers, type Donor, type LatentLayer, type Layer, type MixLayer, type Recipe } from '../contract/document.ts'
import { StudioError } from '../contract/errors.ts'
import type { Crop } from '../contract/geometry.ts'
import { adaptiveWeights } from '../engine/bridge/mixing.ts'
import type { StyleLayout } from '../engine/nets/stylegan2/layout.ts'
import { float32, type TensorData } from '../engine/onnx/tensor.ts'
import { isActive, type Directions } from './directions.ts'
import { latentOfDonor, type DonorParts, type DonorWork } from './donors.ts'
import { Memo } from './memo.ts'
import type { OpenPack } from './packs.ts'

/** Latents are a few kilobytes; these many donors stay at hand. */
const KEPT = 64

export interface MixingParts extends DonorParts {
  readonly directions: Directions
}

/** The stack of layers as arithmetic on the latent: edits add their directions, mixes go some way towards a donor's latent, from the bottom up. */
export class Mixing {
  private readonly parts: MixingParts
  private readonly donors = new Memo<Float32Array>(KEPT)

  constructor(parts: MixingParts) {
    this.parts = parts
  }

  /**
   * s [1,S] after the given layers, the topmost first, as a stack holds them; they are applied from the last to the first. Whoever calls leaves
   * out what is hidden (`shownLayers`); pictures and layers without effect are skipped. Undefined when nothing changes s.
   * Errors: Cancelled, those of directions and of a donor's photo.
   */
  async applyLayers(open: OpenPack, s: TensorData, layers: readonly Layer[], work: DonorWork = {}): Promise<TensorData | undefined> {
    const data = (s.data as Float32Array).slice()
    let isChanged = false
    for (const layer of layers.toReversed()) isChanged = (await this.applyLayer(open, data, layer, work)) || isChanged
    return isChanged ? float32(s.shape, data) : undefined
  }

  /** One layer's step, in place on s [S]: whether anything moved. */
  async applyLayer(open: OpenPack, s: Float32Array, layer: Layer, work: DonorWork = {}): Promise<boolean> {
    if (!takesPart(layer)) return false
    if (layer.kind === 'edit') return add(s, await this.parts.directions.change(open, layer))
    return mix(s, await this.donor(open, layer.donor, work), mixShares(open.models.layout, layer))
  }

  /** A donor's latent [S], made once. */
  donor(open: OpenPack, donor: Donor, work: DonorWork = {}): Promise<Float32Array> {
    const isOwn = 'photo' in donor && donor.photo.id === work.recipe?.photo.id && sameCrop(donor.crop, work.recipe.crop)
    const quality = isOwn ? work.recipe.quality : 'instant'
    const steps = isOwn ? work.recipe.inversion?.steps : undefined
    return this.donors.get(JSON.stringify([open.pack.hash, quality, steps, donor]), () =>
      latentOfDonor(this.parts, open, donor, {
        quality,
        steps,
        signal: work.signal,
        apply: (s, layers) => this.applyLayers(open, s, layers, work),
      }),
    )
  }

  /** Adaptive weights of one mix layer, given what lies under it. Errors: 'mix.no-layer', those of donors. */
  async adaptive(open: OpenPack, sInversion: TensorData, recipe: Recipe, id: string, work: DonorWork = {}): Promise<number[]> {
    const place = recipe.layers.findIndex((layer) => layer.id === id)
    const layer = recipe.layers[place]
    if (layer?.kind !== 'mix') {
      throw new StudioError('mix.no-layer', { where: 'Style mixing', what: 'the layer is no longer there', todo: 'Choose a mix layer.' })
    }
    const under = shownLayers({ ...recipe, layers: recipe.layers.slice(place + 1) })
    const below = (await this.applyLayers(open, sInversion, under, work)) ?? sInversion
    const donor = await this.donor(open, layer.donor, work)
    return adaptiveWeights(open.models, below, float32(below.shape, donor))
  }
}

/** Whether a layer changes the latent at all. */
export function takesPart(layer: Layer): layer is LatentLayer {
  if (layer.kind === 'edit') return isActive(layer)
  return layer.kind === 'mix' && layer.visible && layer.alpha > 0 && layer.weights.some((weight) => weight > 0)
}

/** α · weight of every style channel, [S]. */
export function mixShares({ layers, total }: StyleLayout, { alpha, weights }: Pick<MixLayer, 'alpha' | 'weights'>): Float32Array {
  const shares = new Float32Array(total)
  layers.forEach(({ offset, channels }, l) => shares.fill(alpha * (weights[l] ?? 0), offset, offset + channels))
  return shares
}

/** s ← s + Δs */
function add(s: Float32Array, change: Float32Array): boolean {
  let isChanged = false
  for (let j = 0; j < s.length; j++) {
    if (change[j] === 0) continue
    s[j]! += change[j]!
    isChanged = true
  }
  return isChanged
}

/** s ← (1 − share) ⊙ s + share ⊙ sDonor; a share of 1 is the donor's own number, bit for bit. */
function mix(s: Float32Array, donor: Float32Array, shares: Float32Array): boolean {
  let isChanged = false
  for (let j = 0; j < s.length; j++) {
    const share = shares[j]!
    if (share === 0 || s[j] === donor[j]) continue
    s[j] = share === 1 ? donor[j]! : (1 - share) * s[j]! + share * donor[j]!
    isChanged = true
  }
  return isChanged
}

/** Another face of the same photo has an inversion of its own. */
const sameCrop = (one: Crop, other: Crop) => JSON.stringify(one) === JSON.stringify(other)
