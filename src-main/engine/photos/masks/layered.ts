import type { TensorData } from '../../onnx/tensor.ts'
import type { Blend } from '../composite.ts'
import type { CropTransform } from '../transform.ts'
import type { PlacedMask } from './place.ts'

/** A masked layer worked out: the unmasked layers with this one among them, as the generator's picture [1,3,R,R]. */
export interface MaskedEdit {
  readonly after: TensorData
  readonly mask: PlacedMask
}

/**
 * One blend of several. With C(s) the composite of G(s) into the photo, s_u the latent of all unmasked layers and s_u ⊕ j the same with the
 * masked layer j at its own place in the stack,
 *   result = C(s_u) + Σ_j mask_j ⊙ (C(s_u ⊕ j) − C(s_u)).
 * So masked layers do not depend on each other's order, each is exactly itself where it alone is shown, a black mask leaves every pixel as it
 * is, and a white one is no mask. `transform`: from the pixels whose rows are blended to the unit square.
 */
export function layeredBlend(
  under: Blend | undefined,
  over: readonly { readonly blend: Blend; readonly mask: PlacedMask }[],
  transform: CropTransform,
): Blend {
  const { a, b, tx, ty } = transform
  const size = (under ?? over[0]!.blend).mask.size
  const letThrough = new Float32Array(size * size)
  for (let i = 0; i < letThrough.length; i++) {
    const parts = over.map(({ blend, mask }) => ({
      weight: mask.at(((i % size) + 0.5) / size, (Math.floor(i / size) + 0.5) / size),
      let: blend.mask.data[i]!,
    }))
    letThrough[i] = alphaOf(under?.mask.data[i] ?? 0, parts)
  }
  return {
    mask: { size, data: letThrough },
    row(rgb, maskRow, x0, y) {
      const photo = rgb.slice()
      let touched = under?.row(rgb, maskRow, x0, y) ?? (maskRow.fill(0), false)
      const base = rgb.slice()
      const underMask = maskRow.slice()
      const total = new Float32Array(maskRow.length)
      const added = new Float32Array(maskRow.length)
      for (const { blend, mask } of over) {
        const weights = new Float32Array(maskRow.length)
        let isSeen = false
        for (let i = 0; i < weights.length; i++) {
          const u = a * (x0 + i + 0.5) - b * (y + 0.5) + tx
          const v = b * (x0 + i + 0.5) + a * (y + 0.5) + ty
          if (u <= 0 || u >= 1 || v <= 0 || v >= 1) continue
          weights[i] = mask.at(u, v)
          isSeen ||= weights[i]! > 0
        }
        if (!isSeen) continue
        const own = photo.slice()
        const ownMask = new Float32Array(maskRow.length)
        blend.row(own, ownMask, x0, y)
        for (let i = 0; i < weights.length; i++) {
          const weight = weights[i]!
          if (weight === 0) continue
          for (let c = 0; c < 3; c++) rgb[i * 3 + c]! += weight * (own[i * 3 + c]! - base[i * 3 + c]!)
          total[i]! += weight
          added[i]! += weight * ownMask[i]!
          touched = true
        }
      }
      for (let i = 0; i < maskRow.length; i++) if (total[i]! > 0) maskRow[i] = alpha(underMask[i]!, total[i]!, added[i]!)
      return touched
    },
  }
}

const alphaOf = (under: number, parts: readonly { weight: number; let: number }[]) =>
  alpha(
    under,
    parts.reduce((sum, part) => sum + part.weight, 0),
    parts.reduce((sum, part) => sum + part.weight * part.let, 0),
  )

/**
 * The alpha with which a patch shows the sum. Up to a total weight of 1 the result is a mean of the photo and of the targets, and this is the
 * targets' share; where masks overlap beyond that, the largest alpha that can be needed.
 */
const alpha = (under: number, total: number, added: number): number =>
  total <= 1 ? under * (1 - total) + added : Math.min(1, under + added)
