import { z } from 'zod'
import { maskSchema, recipeSchema } from '../document.ts'
import { cropSchema } from '../geometry.ts'
import { blobSchema, type CallRows } from './common.ts'

/** Parts of a portrait that the studio finds by itself. */
export const maskRegionSchema = z.enum(['face', 'skin', 'hair', 'eyes', 'mouth', 'background'])
export type MaskRegion = z.infer<typeof maskRegionSchema>

/** A mask's picture before anything is done to it. */
export const maskBitmapSchema = z.object({ blob: blobSchema, width: z.number().int().positive(), height: z.number().int().positive() })
export type MaskBitmap = z.infer<typeof maskBitmapSchema>

export const maskCalls = {
  /** The part of the portrait under a crop. Error 'mask.empty' when nothing of it is found. */
  'mask.region': {
    in: z.object({ photo: z.string(), pack: z.string(), crop: cropSchema, region: maskRegionSchema }),
    out: maskBitmapSchema,
    cancellable: true,
  },
  /** Where a layer changes the picture. Error 'mask.empty' when it changes nothing. */
  'mask.changed': { in: z.object({ recipe: recipeSchema, layer: z.string() }), out: maskBitmapSchema, cancellable: true },
  /** The mask as it acts: grown, feathered, inverted; a grey PNG, at most `maxSize` points a side. */
  'mask.shape': {
    in: z.object({ photo: z.string(), mask: maskSchema, maxSize: z.number().int().min(16).max(2048) }),
    out: maskBitmapSchema,
    cancellable: true,
  },
} satisfies CallRows
