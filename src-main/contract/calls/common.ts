import { z } from 'zod'

/** Pixels and files never travel in messages: a blob is named by its sha256 and fetched from the host's blob address. */
export const blobSchema = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), type: z.string(), bytes: z.number().int().nonnegative() })
export type Blob = z.infer<typeof blobSchema>

export const progressSchema = z.object({ stage: z.string(), step: z.number(), of: z.number() })
export type Progress = z.infer<typeof progressSchema>

/** One row a call. `progress` rows may report many times before they answer; `cancellable` rows end with Cancelled when the caller gives up. */
export type CallRows = Record<string, { in: z.ZodType; out: z.ZodType; progress?: z.ZodType; cancellable?: boolean }>

export const none = z.object({})
