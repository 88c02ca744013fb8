import { z } from 'zod'
import { type CallRows } from './common.ts'

/** What the studio remembers between two starts that belongs to no document: settings, prompts. A key is one file of the host. */
export const storeKeySchema = z.string().regex(/^[a-z-]{1,40}$/)

/** The longest value, as JSON text, in UTF-16 units. */
export const STORE_VALUE_LIMIT = 2_000_000

export const storeCalls = {
  /** Undefined where nothing was put, or where the file cannot be read any more. Values come from disk: parse them. */
  'store.get': { in: z.object({ key: storeKeySchema }), out: z.object({ value: z.json().optional() }) },
  /** On disk before it answers. The last one wins, also between windows. Error 'store.too-large'. */
  'store.put': { in: z.object({ key: storeKeySchema, value: z.json() }), out: z.object({}) },
} satisfies CallRows
