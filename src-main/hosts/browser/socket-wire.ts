import type { WebSocket } from 'ws'
import type { Wire } from '../../contract/wire.ts'

/** The contract's wire over a server's WebSocket: JSON text messages. What is no JSON is dropped. */
export function socketWire(socket: WebSocket): Wire {
  return {
    post: (message) => {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
    },
    onMessage: (receive) =>
      void socket.on('message', (data: Buffer) => {
        const message = parse(data.toString())
        if (message !== undefined) receive(message)
      }),
    onClose: (closed) => void socket.on('close', closed),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
