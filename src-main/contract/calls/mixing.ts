import { z } from 'zod'
import { recipeSchema } from '../document.ts'
import { donorSchema } from '../layers.ts'
import { blobSchema, type CallRows } from './common.ts'

export const pictureInfoSchema = z.object({
  /** The upright picture's own size in pixels. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** What the canvas draws: sRGB with alpha, perhaps smaller. */
  preview: blobSchema,
})
export type PictureInfo = z.infer<typeof pictureInfoSchema>

export const mixingCalls = {
  /** The donor's own picture, a square of `size` pixels. */
  'mix.donor': {
    in: z.object({ pack: z.string(), donor: donorSchema, size: z.number().int().min(32).max(512) }),
    out: z.object({ thumbnail: blobSchema }),
    cancellable: true,
  },
  /** The weights that the method's adaptive style mixing proposes for a mix layer of the recipe, one a style layer. */
  'mix.adaptive': {
    in: z.object({ recipe: recipeSchema, layer: z.string() }),
    out: z.object({ weights: z.array(z.number().min(0).max(1)) }),
    cancellable: true,
  },
  /** A picture that is to be laid over a photo. */
  'layer.picture': { in: z.object({ blob: z.string(), name: z.string() }), out: pictureInfoSchema, cancellable: true },
} satisfies CallRows
