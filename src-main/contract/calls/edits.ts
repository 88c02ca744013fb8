import { z } from 'zod'
import { layerSchema, recipeSchema } from '../document.ts'
import { photoBoxSchema } from '../geometry.ts'
import { blobSchema, type CallRows } from './common.ts'

const timingsSchema = z.record(z.string(), z.number())

export const renderRequestSchema = recipeSchema.extend({
  /** Longest side of the patch that comes back, in pixels; the export ignores it. */
  maxSize: z.number().int().positive().max(4096),
  /** While a slider moves: the generator's preview output and no colour match. */
  draft: z.boolean(),
  /** Only this part of the photo is looked at: the patch is made of it alone, so that it can be sharp at any zoom. */
  region: photoBoxSchema.optional(),
  /** What another picture than the document's is for; it waits for the canvas and is never dropped for a newer one. */
  purpose: z.literal('compare').optional(),
})
export type RenderRequest = z.infer<typeof renderRequestSchema>

export const renderedSchema = z.object({
  /** The changed part of the photo, with alpha; absent when no layer changes anything. */
  patch: blobSchema.extend({ box: photoBoxSchema }).optional(),
  /** Milliseconds of every stage, in the order in which they ran. */
  timings: timingsSchema,
  /** Words of the prompts that the pack does not know. */
  unknownWords: z.array(z.string()),
  /** For each layer: how many of how many style channels its direction moves. */
  channels: z.record(z.string(), z.object({ used: z.number(), of: z.number() })),
})
export type Rendered = z.infer<typeof renderedSchema>

export const variationResultSchema = z.object({ index: z.number(), layers: z.array(layerSchema), thumbnail: blobSchema })
export type VariationResult = z.infer<typeof variationResultSchema>

export const editCalls = {
  'edit.split': {
    in: z.object({ pack: z.string(), text: z.string().max(400) }),
    out: z.object({ parts: z.array(z.string()), unknownWords: z.array(z.string()) }),
  },
  'edit.render': { in: renderRequestSchema, out: renderedSchema, cancellable: true },
  'edit.variations': {
    in: z.object({
      recipe: recipeSchema,
      /** the layers that vary, by id */ vary: z.array(z.string()).min(1),
      count: z.number().int().min(1).max(16),
      seed: z.number().int().nonnegative(),
      /** "More like this": the layers keep the variation that they have and vary a little around it. */
      around: z.boolean().optional(),
      size: z.number().int().min(64).max(1024),
    }),
    out: z.object({ variations: z.array(variationResultSchema) }),
    progress: variationResultSchema,
    cancellable: true,
  },
} satisfies CallRows
