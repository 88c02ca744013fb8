import { z } from 'zod'
import { recipeSchema } from '../document.ts'
import { blobSchema, none, progressSchema, type CallRows } from './common.ts'

export const exportFormatSchema = z.enum(['jpeg', 'png', 'webp', 'avif', 'tiff', 'psd'])

/** How a file is written, whatever the picture: what one export and the next have in common. */
export const exportOptionsSchema = z.object({
  format: exportFormatSchema,
  /** Of JPEG, WebP and AVIF; 100 is lossless for the latter two. */
  quality: z.number().int().min(1).max(100),
  /** Bits a sample in PNG and TIFF; without it the photo's own. */
  depth: z.union([z.literal(8), z.literal(16)]).optional(),
  /** The longer side at most, in pixels; nothing is ever enlarged. PSD is always full size. */
  maxSide: z.number().int().min(16).max(32_000).optional(),
  metadata: z.enum(['all', 'all-but-location', 'none']),
  profile: z.enum(['same', 'srgb', 'p3']),
  embedRecipe: z.boolean(),
  aiLabel: z.boolean(),
})
export type ExportOptions = z.infer<typeof exportOptionsSchema>

export const exportRequestSchema = exportOptionsSchema.extend({ recipe: recipeSchema })
export type ExportRequest = z.infer<typeof exportRequestSchema>

/** What happens where a file of the name is there already: another name ("a-2.jpg"), in its place, or nothing. */
export const conflictSchema = z.enum(['unique', 'overwrite', 'skip'])
export type Conflict = z.infer<typeof conflictSchema>

const dimensions = { width: z.number(), height: z.number() }

export const exportCalls = {
  'export.render': {
    in: exportRequestSchema,
    out: z.object({ blob: blobSchema, name: z.string(), ...dimensions, warnings: z.array(z.string()) }),
    progress: progressSchema,
    cancellable: true,
  },
  /** About how many bytes an export will have, from parts of the photo that are encoded as it will be. */
  'export.estimate': { in: exportRequestSchema, out: z.object({ bytes: z.number(), ...dimensions }), cancellable: true },
  /** Writes an exported picture into a folder of this machine; no path where the conflict policy skipped it. Errors export.not-written, export.not-a-picture. */
  'export.write': {
    in: z.object({ blob: z.string(), name: z.string().min(1).max(255), folder: z.string().min(1), conflict: conflictSchema }),
    out: z.object({ path: z.string().optional() }),
  },
  /** Electron asks where to and writes the file; the browser host has no such call and the page downloads the blob. */
  'export.save': { in: z.object({ blob: z.string(), name: z.string() }), out: z.object({ path: z.string().optional() }) },
  /** Electron asks for a folder; elsewhere its path is typed. */
  'folder.choose': { in: none, out: z.object({ path: z.string().optional() }) },
} satisfies CallRows
