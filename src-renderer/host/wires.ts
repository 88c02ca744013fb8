import { connect, type Client } from '../../src-main/contract/channel.ts'
import type { ErrorData } from '../../src-main/contract/errors.ts'
import type { Wire } from '../../src-main/contract/wire.ts'
import { events, type EventName } from '../../src-main/contract/calls.ts'
import { blobPath, uploadBlob, type Host } from './host.ts'

/** What the desktop app's preload script exposes, and nothing else. */
interface Preload {
  readonly platform: string
  post(message: unknown): void
  onMessage(receive: (message: unknown) => void): void
}
declare global {
  interface Window {
    readonly stylebridge?: Preload
  }
}

const lost: ErrorData = {
  code: 'host.unreachable',
  where: 'Stylebridge',
  what: 'the connection to the program was lost',
  todo: 'Check that it is still running; this page connects again by itself.',
}
const RETRY_MS = [250, 500, 1000, 2000, 4000]

/** The host that shows this page: the desktop app's preload where it is present, else the browser host's socket. @param onConnection tells when the socket is lost and found again */
export function findHost(onConnection: (isConnected: boolean) => void): Host {
  const preload = window.stylebridge
  return {
    client: preload === undefined ? socketClient(onConnection) : connect(preloadWire(preload)),
    blobUrl: blobPath,
    upload: uploadBlob,
  }
}

/** The preload's end never closes while the page lives. */
function preloadWire(preload: Preload): Wire {
  return { post: (message) => preload.post(message), onMessage: (receive) => preload.onMessage(receive), onClose: () => undefined }
}

/** A client that outlives its socket: it connects again with growing pauses, calls made meanwhile wait for that, listeners stay. */
function socketClient(onConnection: (isConnected: boolean) => void): Client {
  const listeners = new Map<EventName, Set<(data: never) => void>>()
  let attempt = 0
  let ready = open()

  function open(): Promise<Client> {
    return new Promise((resolve) => {
      const socket = new WebSocket(new URL('contract', location.href.replace(/^http/, 'ws').replace(/[?#].*$/, '')))
      const client = connect(socketWire(socket), lost)
      for (const name of Object.keys(events) as EventName[]) {
        client.on(name, (data) => listeners.get(name)?.forEach((listener) => listener(data as never)))
      }
      let wasOpen = false
      socket.addEventListener('open', () => {
        wasOpen = true
        attempt = 0
        onConnection(true)
        resolve(client)
      })
      socket.addEventListener('close', () => {
        const pause = RETRY_MS[Math.min(attempt++, RETRY_MS.length - 1)]!
        const again = new Promise<Client>((next) => setTimeout(() => void open().then(next), pause))
        if (wasOpen) {
          ready = again
          onConnection(false)
        } else void again.then(resolve)
      })
    })
  }

  return {
    call: async (name, input, options) => (await ready).call(name, input, options),
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set)
      set.add(listener)
      return () => set.delete(listener)
    },
  }
}

function socketWire(socket: WebSocket): Wire {
  return {
    post: (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
    },
    onMessage: (receive) => {
      socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        if (typeof data === 'string') receive(JSON.parse(data))
      })
    },
    onClose: (closed) => socket.addEventListener('close', closed),
  }
}
