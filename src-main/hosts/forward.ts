import { calls, type CallName } from '../contract/calls.ts'
import { serve, type Handlers, type Server } from '../contract/channel.ts'
import type { Wire } from '../contract/wire.ts'
import type { Supervisor } from './supervisor.ts'

/**
 * Serves the whole contract on a wire to a page: calls go on to the engine, except what the host itself answers (`own`); events come back.
 * The host answers 'engine.status' from what the supervisor knows, since the engine may be the one that is down.
 */
export function serveFromEngine(wire: Wire, supervisor: Supervisor, own: Handlers): Server {
  const server = serve(wire, { ...forwarding(supervisor), 'engine.status': () => supervisor.status, ...own })
  const leave = supervisor.onEvent((name, data) => server.emit(name, data))
  wire.onClose(leave)
  return server
}

/** Calls that only a host with a window can answer. */
const HOST_ONLY: ReadonlySet<CallName> = new Set(['export.save', 'folder.choose', 'photo.choose'])

function forwarding(supervisor: Supervisor): Handlers {
  const names = (Object.keys(calls) as CallName[]).filter((name) => !HOST_ONLY.has(name))
  return Object.fromEntries(
    names.map((name) => [
      name,
      (input: never, { signal, progress }: { signal: AbortSignal; progress: (value: never) => void }) =>
        supervisor.call(name, input, { signal, onProgress: progress }),
    ]),
  )
}
