import { z } from 'zod'
import { cropSchema } from './geometry.ts'

/** 1 is "as trained"; the sign turns the edit around. */
export const STRENGTH_LIMIT = 3

/** A seed plus how far it may carry the result away from the plain edit (METHOD 2.8, diversity). */
export const variationSchema = z.object({ seed: z.number().int().nonnegative(), amount: z.number().min(0).max(1) })

/** Weights of the direction in the coarse (4²–8²), middle (16²–32²) and fine (64² and above) style layers. */
export const rangesSchema = z.object({ coarse: z.number().min(0).max(1), middle: z.number().min(0).max(1), fine: z.number().min(0).max(1) })

/** An edit as data: a direction named by two texts, and every number that a person can still turn next week. */
export const editLayerSchema = z.object({
  id: z.string().min(1).max(64),
  kind: z.literal('edit'),
  text: z.string().min(1).max(400),
  /** The text that the direction starts from; empty means the pack's own neutral texts. */
  neutral: z.string().max(400),
  strength: z.number().min(-STRENGTH_LIMIT).max(STRENGTH_LIMIT),
  /** Share of the direction that is left out, weakest channels first; 'auto' lets the method choose. */
  focus: z.union([z.literal('auto'), z.number().min(0).max(1)]),
  ranges: rangesSchema,
  visible: z.boolean(),
  variation: variationSchema.optional(),
})
export type EditLayer = z.infer<typeof editLayerSchema>

export const compositeSchema = z.object({
  /** Width of the soft edge as a share of the crop's side. */
  feather: z.number().min(0).max(0.5),
  /** How much of what the generator could not reproduce stays (1: all). */
  residual: z.number().min(0).max(1),
  colourMatch: z.boolean(),
})
export type CompositeOptions = z.infer<typeof compositeSchema>
export const defaultComposite: CompositeOptions = { feather: 0.06, residual: 1, colourMatch: true }

export const inversionQualitySchema = z.enum(['instant'])
export type InversionQuality = z.infer<typeof inversionQualitySchema>

/** Everything that determines a result, but the photo's own bytes: the recipe that exports carry and the document that undo walks. */
export const recipeSchema = z.object({
  format: z.literal(1),
  pack: z.object({ id: z.string(), hash: z.string() }),
  photo: z.object({ id: z.string(), name: z.string() }),
  crop: cropSchema,
  quality: inversionQualitySchema,
  layers: z.array(editLayerSchema).max(64),
  composite: compositeSchema,
})
export type Recipe = z.infer<typeof recipeSchema>

/** A new edit layer with the defaults of the studio and the command line. */
export function newEditLayer(id: string, text: string, changes: Partial<EditLayer> = {}): EditLayer {
  return {
    id,
    kind: 'edit',
    text,
    neutral: '',
    strength: 1,
    focus: 'auto',
    ranges: { coarse: 1, middle: 1, fine: 1 },
    visible: true,
    ...changes,
  }
}
