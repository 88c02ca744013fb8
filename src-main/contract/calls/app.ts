import { z } from 'zod'
import { blobSchema, none, type CallRows } from './common.ts'

export const deviceSchema = z.object({
  provider: z.string(),
  label: z.string(),
  present: z.boolean(),
  works: z.boolean(),
  /** Why it cannot be used, or how far it is from the CPU's result. */
  note: z.string(),
})
export const engineStatusSchema = z.object({
  phase: z.enum(['starting', 'ready', 'restarting', 'failed']),
  device: deviceSchema.optional(),
  /** Said once when another device than the wanted one runs. */
  fallback: z.string().optional(),
  devices: z.array(deviceSchema),
})
export type EngineStatus = z.infer<typeof engineStatusSchema>

export const sampleSchema = z.object({ name: z.string(), title: z.string(), thumbnail: blobSchema })

export const appCalls = {
  'app.info': {
    in: none,
    out: z.object({
      version: z.string(),
      host: z.enum(['electron', 'browser', 'cli']),
      samples: z.array(sampleSchema),
      argument: z.object({ blob: blobSchema, name: z.string() }).optional(),
    }),
  },
  'engine.status': { in: none, out: engineStatusSchema },
} satisfies CallRows
