import { z } from 'zod'
import { recipeSchema } from '../document.ts'
import { blobSchema, progressSchema, type CallRows } from './common.ts'

export const exportRequestSchema = z.object({
  recipe: recipeSchema,
  format: z.enum(['jpeg', 'png', 'webp', 'avif', 'tiff']),
  quality: z.number().int().min(1).max(100),
  metadata: z.enum(['all', 'all-but-location', 'none']),
  profile: z.enum(['same', 'srgb', 'p3']),
  embedRecipe: z.boolean(),
  aiLabel: z.boolean(),
})
export type ExportRequest = z.infer<typeof exportRequestSchema>

export const exportCalls = {
  'export.render': {
    in: exportRequestSchema,
    out: z.object({ blob: blobSchema, name: z.string(), width: z.number(), height: z.number(), warnings: z.array(z.string()) }),
    progress: progressSchema,
    cancellable: true,
  },
  /** Electron asks where to and writes the file; the browser host has no such call and the page downloads the blob. */
  'export.save': { in: z.object({ blob: z.string(), name: z.string() }), out: z.object({ path: z.string().optional() }) },
} satisfies CallRows
