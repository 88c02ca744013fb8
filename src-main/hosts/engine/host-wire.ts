import type { Wire } from '../../contract/wire.ts'
import { parentWire } from '../engine-process.ts'

/** Electron's utility process talks through a port of its own instead of Node's pipe. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', receive: (event: { data: unknown }) => void): void
}

/** The wire to the host that started this process, Electron or plain Node. */
export function hostWire(): Wire {
  const port = (process as { parentPort?: ParentPort }).parentPort
  if (port === undefined) return parentWire()
  return {
    post: (message) => port.postMessage(message),
    onMessage: (receive) => port.on('message', ({ data }) => receive(data)),
    // Electron ends a utility process with its app, so that its port never closes while the process lives.
    onClose: () => undefined,
  }
}
