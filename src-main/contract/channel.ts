/**
 * The contract over a wire: one side calls, the other serves and announces events.
 *
 * caller → server   { kind: 'call', id, name, input }   { kind: 'cancel', id }
 * server → caller   { kind: 'progress', id, value }*, then one of { kind: 'result', id, value } { kind: 'error', id, error } { kind: 'cancelled', id }
 *                   { kind: 'event', name, data }        at any time
 *
 * The receiving side parses: the server inputs, the caller results and events. Errors travel as data. A call that its caller gave up ends at once with
 * Cancelled on the caller's side; the server's handler sees its signal abort and whatever it still answers is dropped.
 */
import { z } from 'zod'
import {
  calls,
  events,
  type CallInput,
  type CallName,
  type CallOutput,
  type CallProgress,
  type Calls,
  type EventData,
  type EventName,
} from './calls.ts'
import { Cancelled, StudioError, type ErrorData } from './errors.ts'
import type { Wire } from './wire.ts'

const id = z.number().int().nonnegative()
const errorSchema = z.object({ code: z.string(), where: z.string(), what: z.string(), todo: z.string() })

const toServer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call'), id, name: z.string(), input: z.unknown().optional() }),
  z.object({ kind: z.literal('cancel'), id }),
])
const toCaller = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), id, value: z.unknown().optional() }),
  z.object({ kind: z.literal('result'), id, value: z.unknown().optional() }),
  z.object({ kind: z.literal('error'), id, error: errorSchema }),
  z.object({ kind: z.literal('cancelled'), id }),
  z.object({ kind: z.literal('event'), name: z.string(), data: z.unknown().optional() }),
])

export interface CallOptions<K extends CallName> {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((value: CallProgress<K>) => void) | undefined
}

export interface Client {
  /** Rejects with StudioError, or with Cancelled when the signal aborts or the server dropped the call for a newer one. */
  call<K extends CallName>(name: K, input: CallInput<K>, options?: CallOptions<K>): Promise<CallOutput<K>>
  /** Returns the function that stops listening. */
  on<K extends EventName>(name: K, listener: (data: EventData<K>) => void): () => void
}

/** What a call meets when its wire closes before the answer. */
export const wireClosed: ErrorData = {
  code: 'engine.restarted',
  where: 'The engine',
  what: 'it stopped while this was being worked on',
  todo: 'Try again; the document is unharmed.',
}

/** The calling end of a wire. @param closed what pending and later calls reject with once the wire is closed */
export function connect(wire: Wire, closed: ErrorData = wireClosed): Client {
  const pending = new Map<number, Pending>()
  const listeners = new Map<string, Set<(data: unknown) => void>>()
  let nextId = 0
  let isOpen = true

  wire.onMessage((raw) => {
    const parsed = toCaller.safeParse(raw)
    if (!parsed.success) return
    const message = parsed.data
    if (message.kind === 'event') {
      const data = Object.hasOwn(events, message.name) ? events[message.name as EventName].safeParse(message.data) : undefined
      if (data?.success === true) for (const listener of listeners.get(message.name) ?? []) listener(data.data)
      return
    }
    const call = pending.get(message.id)
    if (call === undefined) return
    if (message.kind === 'progress') {
      call.progress(message.value)
      return
    }
    pending.delete(message.id)
    if (message.kind === 'result') call.resolve(message.value)
    else call.reject(message.kind === 'error' ? StudioError.fromData(message.error) : new Cancelled())
  })
  wire.onClose(() => {
    isOpen = false
    for (const call of pending.values()) call.reject(StudioError.fromData(closed))
    pending.clear()
  })

  return {
    call: <K extends CallName>(name: K, input: CallInput<K>, { signal, onProgress }: CallOptions<K> = {}) =>
      new Promise<CallOutput<K>>((resolve, reject) => {
        if (signal?.aborted === true) return reject(new Cancelled())
        if (!isOpen) return reject(StudioError.fromData(closed))
        const call = nextId++
        const giveUp = () => {
          if (!pending.delete(call)) return
          wire.post({ kind: 'cancel', id: call })
          reject(new Cancelled())
        }
        signal?.addEventListener('abort', giveUp, { once: true })
        const settle = <T>(end: (value: T) => void) => {
          return (value: T) => {
            signal?.removeEventListener('abort', giveUp)
            end(value)
          }
        }
        pending.set(call, {
          progress: (value) => onProgress?.(value as CallProgress<K>),
          resolve: settle((value: unknown) => {
            const output = calls[name].out.safeParse(value)
            if (output.success) resolve(output.data as CallOutput<K>)
            else reject(unforeseen(name, `its answer does not fit the contract: ${z.prettifyError(output.error)}`))
          }),
          reject: settle(reject),
        })
        wire.post({ kind: 'call', id: call, name, input })
      }),
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set)
      set.add(listener as (data: unknown) => void)
      return () => set.delete(listener as (data: unknown) => void)
    },
  }
}

interface Pending {
  progress(value: unknown): void
  resolve(value: unknown): void
  reject(error: Error): void
}

export interface CallContext<K extends CallName> {
  /** Aborts when the caller gave up or went away. */
  readonly signal: AbortSignal
  readonly progress: (value: CallProgress<K>) => void
}
export type Handler<K extends CallName> = (
  input: z.output<Calls[K]['in']>,
  context: CallContext<K>,
) => Promise<CallOutput<K>> | CallOutput<K>
/** A host serves what it can: a call without a handler answers 'call.not-offered'. */
export type Handlers = { readonly [K in CallName]?: Handler<K> }

export interface Server {
  readonly emit: <K extends EventName>(name: K, data: EventData<K>) => void
}

/** The serving end of a wire. Calls run side by side; who needs them one after another queues them in the handler. */
export function serve(wire: Wire, handlers: Handlers): Server {
  const running = new Map<number, AbortController>()

  wire.onMessage((raw) => {
    const parsed = toServer.safeParse(raw)
    if (!parsed.success) return
    if (parsed.data.kind === 'cancel') running.get(parsed.data.id)?.abort()
    else void answer(parsed.data)
  })
  wire.onClose(() => {
    for (const controller of running.values()) controller.abort()
  })

  async function answer({ id, name, input }: { id: number; name: string; input?: unknown }): Promise<void> {
    const controller = new AbortController()
    running.set(id, controller)
    try {
      const value = await perform(handlers, name, input, {
        signal: controller.signal,
        progress: (value) => wire.post({ kind: 'progress', id, value }),
      })
      wire.post({ kind: 'result', id, value })
    } catch (thrown) {
      if (thrown instanceof Cancelled || controller.signal.aborted) wire.post({ kind: 'cancelled', id })
      else wire.post({ kind: 'error', id, error: StudioError.from(thrown, name).toData() })
    } finally {
      running.delete(id)
    }
  }

  return { emit: (name, data) => wire.post({ kind: 'event', name, data: events[name].parse(data) }) }
}

/** A handler whose row is known only at run time; what it gets has been parsed by its own row. */
type AnyHandler = (input: never, context: CallContext<never>) => unknown

async function perform(
  handlers: Handlers,
  name: string,
  input: unknown,
  context: { signal: AbortSignal; progress: (value: unknown) => void },
): Promise<unknown> {
  if (!Object.hasOwn(calls, name)) throw unforeseen(name, 'there is no such call')
  const row = calls[name as CallName]
  const handler: AnyHandler | undefined = handlers[name as CallName]
  if (handler === undefined) {
    throw new StudioError('call.not-offered', { where: name, what: 'this host does not offer it', todo: 'Use the desktop app for this.' })
  }
  const parsed = row.in.safeParse(input)
  if (!parsed.success) {
    throw new StudioError('call.bad-input', {
      where: name,
      what: z.prettifyError(parsed.error),
      todo: 'Please report this with the details.',
    })
  }
  return handler(parsed.data as never, context)
}

const unforeseen = (where: string, what: string) =>
  new StudioError('call.unknown', { where, what, todo: 'Please report this with the details.' })
