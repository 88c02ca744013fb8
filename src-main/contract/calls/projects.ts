import { z } from 'zod'
import { recipeSchema } from '../document.ts'
import { journalLineSchema } from '../history.ts'
import { blobSchema, none, type CallRows } from './common.ts'

const documentId = z.string().regex(/^[0-9a-f-]{36}$/)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const name = z.string().max(300)

/** A document that the host keeps, as the start screen shows it. */
export const recentSchema = z.object({
  id: documentId,
  name,
  /** A photo as it was opened; a photo with edits of no project; a project. */
  kind: z.enum(['photo', 'edits', 'project']),
  thumbnail: sha256.optional(),
  /** When it was last worked on, milliseconds since 1970. */
  at: z.number(),
  /** Changes that are in no file of the person's own. */
  isUnsaved: z.boolean(),
  /** Reopening it by itself failed twice. */
  isSetAside: z.boolean(),
  /** Another window works on it now. */
  isElsewhere: z.boolean(),
})
export type Recent = z.infer<typeof recentSchema>

/** A document that this page works on from now on, with everything that it needs to show it. */
export const openedDocumentSchema = z.object({
  id: documentId,
  name,
  /** A JSON blob: a storedHistorySchema. Histories can be larger than a message may be. */
  history: sha256,
  /** How many lines of its journal the host has. */
  lines: z.number().int().nonnegative(),
  kind: recentSchema.shape.kind,
  /** The pack that its last picture was made with, in words. */
  packTitle: z.string(),
  /** The whole picture as it was last seen, for when the pack is missing. */
  render: sha256.optional(),
  /** Another window has the original open. */
  isCopy: z.boolean(),
  /** Where Save writes to, as a person reads it; undefined where the host does not know a place. */
  file: z.string().optional(),
})
export type OpenedDocument = z.infer<typeof openedDocumentSchema>

export const projectCalls = {
  /** A new document of this page, its history in a JSON blob. What it names is kept in the data folder from here on. */
  'documents.begin': {
    in: z.object({ name, packTitle: z.string().max(300), history: sha256 }),
    out: z.object({ id: documentId }),
  },
  /**
   * Puts lines at the end of the journal; when it answers, they and the blobs they name are on disk. `from` counts the lines before these, so that
   * lines which are sent again after a lost answer are kept once. Errors 'document.elsewhere', 'document.gap', 'journal.not-written'.
   */
  'documents.append': {
    in: z.object({ id: documentId, from: z.number().int().nonnegative(), lines: z.array(journalLineSchema).max(10_000) }),
    out: z.object({ lines: z.number() }),
  },
  /** Begins the journal anew with the history in a JSON blob; for a history that was cut to its limit. */
  'documents.rewrite': { in: z.object({ id: documentId, history: sha256 }), out: z.object({ lines: z.number() }) },
  /** What the start screen tells of it. */
  'documents.describe': {
    in: z.object({
      id: documentId,
      isEdited: z.boolean(),
      isUnsaved: z.boolean(),
      thumbnail: sha256.optional(),
      render: sha256.optional(),
      packTitle: z.string().max(300).optional(),
    }),
    out: none,
  },
  /** Continues a document. When another window has it, this page gets a copy. @param isRecovery counts as an attempt until 'documents.arrived' */
  'documents.open': { in: z.object({ id: documentId, isRecovery: z.boolean() }), out: openedDocumentSchema },
  /** A reopened document is shown: reopening it worked. */
  'documents.arrived': { in: z.object({ id: documentId }), out: none },
  /** The page closes this document, and means to. */
  'documents.leave': { in: z.object({ id: documentId }), out: none },
  /** What a page should do at its start. @param last the document that this very page had before it was reloaded */
  'documents.startup': {
    in: z.object({ last: documentId.optional() }),
    out: z.object({
      /** To be reopened: `reload` had it before, `crash` lost it when a program ended without closing it. */
      reopen: z.object({ id: documentId, name, because: z.enum(['reload', 'crash']) }).optional(),
      /** Documents whose reopening failed twice; told once. */
      setAside: z.array(name),
    }),
  },
  'documents.recent': { in: none, out: z.object({ documents: z.array(recentSchema) }) },
  /** Takes a document off the list; until the next start it can be taken back. */
  'documents.forget': { in: z.object({ id: documentId, isForgotten: z.boolean() }), out: none },

  /** Makes the project file of a document, as a blob. @param recipe its present state */
  'projects.pack': {
    in: z.object({ id: documentId, recipe: recipeSchema, render: sha256.optional(), thumbnail: sha256.optional() }),
    out: z.object({ blob: blobSchema }),
  },
  /** A project file as a new document of this page. Errors 'project.*'. */
  'projects.open': { in: z.object({ blob: sha256, name }), out: openedDocumentSchema },
  /** The desktop app writes the blob where the document was last saved, or asks; the path in words, or nothing when the person changed their mind. */
  'projects.save': {
    in: z.object({ id: documentId, blob: sha256, name, asks: z.boolean() }),
    out: z.object({ path: z.string().optional(), name: z.string().optional() }),
  },
  /** The page wrote the project file itself, under this name. */
  'projects.saved': { in: z.object({ id: documentId, name }), out: none },
} satisfies CallRows
