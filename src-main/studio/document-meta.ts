import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { recentSchema } from '../contract/calls/projects.ts'
import { writeAtomic } from './files.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** What is known of a document without reading its journal. */
export const documentMetaSchema = z.object({
  format: z.literal(1),
  name: z.string(),
  kind: recentSchema.shape.kind,
  /** sha256 of the photo's file. */
  photo: z.string(),
  packTitle: z.string(),
  thumbnail: sha256.optional(),
  /** The whole picture as it was last seen. */
  render: sha256.optional(),
  at: z.number(),
  isUnsaved: z.boolean(),
  /** A page works on it; still true at the next start where that page did not get to close it. */
  isOpen: z.boolean(),
  /** How often it was reopened by itself without arriving. */
  attempts: z.number(),
  isSetAside: z.boolean(),
  isForgotten: z.boolean(),
  /** Where the desktop app saved it. */
  file: z.string().optional(),
})
export type DocumentMeta = z.infer<typeof documentMetaSchema>

/** Undefined where there is none or it cannot be read. */
export async function readMeta(path: string): Promise<DocumentMeta | undefined> {
  try {
    return documentMetaSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return undefined
  }
}

export const writeMeta = (path: string, meta: DocumentMeta): Promise<void> => writeAtomic(path, JSON.stringify(meta))
