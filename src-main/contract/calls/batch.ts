import { z } from 'zod'
import { recipeSchema } from '../document.ts'
import { type CallRows } from './common.ts'
import { conflictSchema, exportOptionsSchema } from './exports.ts'

const folder = z.string().min(1).max(4096)

export const batchOptionsSchema = z.object({
  /** Whole paths of the folder with the photos and of the one for the results. */
  folder,
  out: folder,
  recursive: z.boolean(),
  faces: z.enum(['largest', 'all']),
  /** A photo in which no face is found is left out and reported, or its centred square is edited. */
  withoutFace: z.enum(['skip', 'centre']),
  template: z.string().max(200),
  conflict: conflictSchema,
  options: exportOptionsSchema,
})
export type BatchOptions = z.infer<typeof batchOptionsSchema>

export const batchRequestSchema = batchOptionsSchema.extend({ recipe: recipeSchema })
export type BatchRequest = z.infer<typeof batchRequestSchema>

/** What became of one photo. `before`: an earlier run of the same batch did it, and it is still there. */
export const batchRowSchema = z.object({
  index: z.number(),
  of: z.number(),
  /** The path inside the folder. */
  file: z.string(),
  state: z.enum(['working', 'done', 'before', 'skipped', 'failed']),
  /** Where the result lies. */
  out: z.string().optional(),
  /** Why it was skipped or failed: a whole sentence. */
  reason: z.string().optional(),
  seconds: z.number().optional(),
})
export type BatchRow = z.infer<typeof batchRowSchema>

const counts = { done: z.number(), before: z.number(), skipped: z.number(), failed: z.number() }

export const batchCalls = {
  /** What a batch would find, and what the layers cannot take along to other photos. */
  'batch.plan': {
    in: batchRequestSchema,
    out: z.object({ photos: z.number(), before: z.number(), notes: z.array(z.string()) }),
    cancellable: true,
  },
  /**
   * Applies a recipe's layers to every photo of a folder, one after another; the originals are only read. Each result is noted on disk beside the
   * results before the next begins: cancelling is pausing, and the same request again, also after a crash, goes on where it stopped.
   * Errors: batch.no-folder, batch.same-folder, batch.nothing.
   */
  'batch.run': {
    in: batchRequestSchema,
    out: z.object({ ...counts, report: z.string() }),
    progress: batchRowSchema,
    cancellable: true,
  },
} satisfies CallRows
