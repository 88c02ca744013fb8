import { z } from 'zod'
import { blobSchema } from './calls/common.ts'
import { layerSchema } from './layers.ts'

export const ratingSchema = z.number().int().min(0).max(5)

/** One of several results of a prompt: what its layers are in place of the document's. */
export const keptVariationSchema = z.object({
  index: z.number().int().nonnegative(),
  layers: z.array(layerSchema),
  thumbnail: blobSchema,
  /** Stars, 0 being none. */
  rating: ratingSchema,
})
export type KeptVariation = z.infer<typeof keptVariationSchema>

/** The variations of one ask. They belong to the document state that they were made from, and say so when that has moved on. */
export const variationGroupSchema = z.object({
  id: z.string().min(1).max(64),
  /** The words of the layers that vary. */
  prompt: z.string().max(2000),
  /** When it was asked, ISO 8601. */
  made: z.string(),
  vary: z.array(z.string()),
  /** How many were asked for; a group that was cancelled has no more than it got. */
  expected: z.number().int().nonnegative(),
  /** A mark of the document state that it was made from. */
  state: z.string(),
  results: z.array(keptVariationSchema),
})
export type VariationGroup = z.infer<typeof variationGroupSchema>
