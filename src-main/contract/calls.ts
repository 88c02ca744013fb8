import { z } from 'zod'
import { appCalls, engineStatusSchema } from './calls/app.ts'
import { batchCalls } from './calls/batch.ts'
import { blobSchema } from './calls/common.ts'
import { editCalls } from './calls/edits.ts'
import { exportCalls } from './calls/exports.ts'
import { maskCalls } from './calls/masks.ts'
import { mixingCalls } from './calls/mixing.ts'
import { packCalls } from './calls/packs.ts'
import { photoCalls } from './calls/photos.ts'
import { projectCalls } from './calls/projects.ts'
import { storeCalls } from './calls/store.ts'

export * from './calls/app.ts'
export * from './calls/batch.ts'
export * from './calls/common.ts'
export * from './calls/edits.ts'
export * from './calls/exports.ts'
export * from './calls/masks.ts'
export * from './calls/mixing.ts'
export * from './calls/packs.ts'
export * from './calls/photos.ts'
export * from './calls/projects.ts'
export * from './calls/store.ts'

/** The one table of the contract: every call by its name. */
export const calls = {
  ...appCalls,
  ...packCalls,
  ...photoCalls,
  ...editCalls,
  ...exportCalls,
  ...batchCalls,
  ...storeCalls,
  ...projectCalls,
  ...mixingCalls,
  ...maskCalls,
}

export type Calls = typeof calls
export type CallName = keyof Calls
export type CallInput<K extends CallName> = z.input<Calls[K]['in']>
export type CallOutput<K extends CallName> = z.output<Calls[K]['out']>
export type CallProgress<K extends CallName> = Calls[K] extends { progress: infer P extends z.ZodType } ? z.output<P> : never

/** Events announce; nobody answers them. */
export const events = {
  'engine.status': engineStatusSchema,
  /** A thing worth one line: an engine that was restarted, a fallback. */
  notice: z.object({ kind: z.enum(['info', 'warning', 'error']), text: z.string() }),
  /** A file that the system handed to the running program. */
  'file.given': z.object({ blob: blobSchema, name: z.string() }),
}
export type Events = typeof events
export type EventName = keyof Events
export type EventData<K extends EventName> = z.output<Events[K]>
