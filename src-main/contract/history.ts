import { z } from 'zod'
import { recipeSchema } from './document.ts'
import { variationGroupSchema } from './variations.ts'

/** A step's number: they are given in the order in which steps are made and never twice; 0 is the document as it was opened. */
const stepId = z.number().int().nonnegative()
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const time = z.number().int().nonnegative()

/** What a step says in the history list: an i18n key and its values, so that the list follows the language. */
export const labelSchema = z.object({
  key: z.string().max(100),
  values: z.record(z.string().max(40), z.union([z.string().max(1000), z.number()])).optional(),
})

/** One change of a place in the document (immer's patches). */
export const patchSchema = z.object({
  op: z.enum(['add', 'replace', 'remove']),
  path: z.array(z.union([z.string().max(100), z.number().int().nonnegative()])).max(16),
  value: z.unknown().optional(),
})

/** One undo step: from its parent's state by `forward`, and back by `backward`. */
export const stepSchema = z.object({
  id: stepId.min(1),
  parent: stepId,
  label: labelSchema,
  forward: z.array(patchSchema).max(10_000),
  backward: z.array(patchSchema).max(10_000),
  /** Milliseconds since 1970. */
  at: time,
})

/** A state that a person gave a name. */
export const snapshotSchema = z.object({ id: z.string().min(1).max(64), name: z.string().max(200), step: stepId, at: time })
export type Snapshot = z.infer<typeof snapshotSchema>

/** A document and how it came to be, whole: what project files hold and what a journal begins with. */
export const storedHistorySchema = z.object({
  format: z.literal(1),
  /** The oldest state that is kept, and the number of the step that made it (0: as opened). */
  root: stepId,
  opened: recipeSchema,
  /** In the order of their numbers; a parent comes before its children. */
  steps: z.array(stepSchema).max(200_000),
  current: stepId,
  snapshots: z.array(snapshotSchema).max(1000),
  /** Small pictures of the states, blobs by step. */
  pictures: z.array(z.object({ step: stepId, blob: sha256 })).max(200_000),
  /** The state that was last written to the person's own file, if any. */
  saved: stepId.optional(),
  /** What the filmstrip holds, the newest first. */
  variations: z.array(variationGroupSchema).max(1000).optional(),
})
export type StoredHistory = z.infer<typeof storedHistorySchema>

/** What happened to a document, one line of its journal each. */
export const journalLineSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('step'), step: stepSchema }),
  /** Undo, redo, a click in the list: another state is the present one. */
  z.object({ kind: z.literal('go'), to: stepId }),
  z.object({ kind: z.literal('snapshots'), snapshots: z.array(snapshotSchema).max(1000) }),
  z.object({ kind: z.literal('picture'), step: stepId, blob: sha256 }),
  z.object({ kind: z.literal('saved'), step: stepId }),
  /** Groups of variations that are new or have changed, and the names of those that are gone. */
  z.object({
    kind: z.literal('variations'),
    changed: z.array(variationGroupSchema).max(1000),
    gone: z.array(z.string().max(64)).max(1000),
  }),
])
export type JournalLine = z.infer<typeof journalLineSchema>
