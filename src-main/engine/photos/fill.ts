import { enlarge, newField } from './field.ts'
import type { Field } from './field.ts'

/**
 * Spreads a field smoothly from where `weight` trusts it to everywhere (pull-push, Gortler et al., The Lumigraph, 1996,
 * section 3.4): weighted averages over ever larger cells, then back down, each level filling what the finer one does not know.
 * Where the weight is 1 the field stays as it is; where nothing is trusted at all the result is 0.
 */
export function fillFrom(field: Field, weight: Float32Array): Field {
  const { width, height, channels, data } = field
  if (width === 1 && height === 1) return { ...field, data: data.map((x) => (weight[0]! > 0 ? x : 0)) }
  const coarse = newField(Math.ceil(width / 2), Math.ceil(height / 2), channels)
  const coarseWeight = new Float32Array(coarse.width * coarse.height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const w = weight[y * width + x]!
      const cell = (y >> 1) * coarse.width + (x >> 1)
      coarseWeight[cell]! += w
      for (let c = 0; c < channels; c++) coarse.data[cell * channels + c]! += w * data[(y * width + x) * channels + c]!
    }
  for (let i = 0; i < coarse.data.length; i++) coarse.data[i]! /= Math.max(coarseWeight[Math.floor(i / channels)]!, 1e-9)
  const filled = enlarge(
    fillFrom(
      coarse,
      coarseWeight.map((w) => Math.min(1, w)),
    ),
    2,
  )
  const out = newField(width, height, channels)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const w = Math.min(1, weight[y * width + x]!)
      for (let c = 0; c < channels; c++) {
        const i = (y * width + x) * channels + c
        out.data[i] = w * data[i]! + (1 - w) * filled.data[(y * filled.width + x) * channels + c]!
      }
    }
  return out
}
