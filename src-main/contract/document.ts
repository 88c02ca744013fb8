import { z } from 'zod'
import { cropSchema } from './geometry.ts'
import { groupSchema, layerSchema, type Layer } from './layers.ts'

export * from './layers.ts'

export const compositeSchema = z.object({
  /** Width of the soft edge as a share of the crop's side. */
  feather: z.number().min(0).max(0.5),
  /** How much of what the generator could not reproduce stays (1: all). */
  residual: z.number().min(0).max(1),
  colourMatch: z.boolean(),
})
export type CompositeOptions = z.infer<typeof compositeSchema>
export const defaultComposite: CompositeOptions = { feather: 0.06, residual: 1, colourMatch: true }

/** `instant` is one pass; `refined` optimises the latent; `tuned` also tunes the generator for this photo. */
export const inversionQualitySchema = z.enum(['instant', 'refined', 'tuned'])
export type InversionQuality = z.infer<typeof inversionQualitySchema>

/** Everything that determines a result, but the photo's own bytes: the recipe that exports carry and the document that undo walks. */
export const recipeSchema = z.object({
  format: z.literal(1),
  pack: z.object({ id: z.string(), hash: z.string() }),
  photo: z.object({ id: z.string(), name: z.string() }),
  crop: cropSchema,
  quality: inversionQualitySchema,
  /** Of a refined inversion: how many steps it took, fewer where a person stopped it. With them it is the same everywhere. */
  inversion: z.object({ steps: z.number().int().min(1).max(10_000) }).optional(),
  layers: z.array(layerSchema).max(64),
  groups: z.array(groupSchema).max(64).optional(),
  composite: compositeSchema,
})
export type Recipe = z.infer<typeof recipeSchema>

/** The layers that show: visible themselves, and in no hidden group. */
export function shownLayers({ layers, groups = [] }: Pick<Recipe, 'layers' | 'groups'>): Layer[] {
  const hidden = new Set(groups.filter((group) => !group.visible).map((group) => group.id))
  return layers.filter((layer) => layer.visible && (layer.group === undefined || !hidden.has(layer.group)))
}
