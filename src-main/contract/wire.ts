/** What carries messages between two ends: a socket, a process pipe, a message port, a queue in memory. Messages are plain JSON-like data and arrive in order. */
export interface Wire {
  /** Posting on a closed wire does nothing. */
  post(message: unknown): void
  onMessage(receive: (message: unknown) => void): void
  onClose(closed: () => void): void
}

export interface WirePair {
  readonly near: Wire
  readonly far: Wire
  readonly close: () => void
}

/** Two ends in one process. Messages are copied and arrive in a later microtask, as they would from another process. */
export function memoryWires(): WirePair {
  let open = true
  const near = end()
  const far = end()
  const wire = (mine: End, other: End): Wire => ({
    post: (message) => {
      if (!open) return
      const copy: unknown = structuredClone(message)
      queueMicrotask(() => {
        if (open) for (const receive of other.receivers) receive(copy)
      })
    },
    onMessage: (receive) => void mine.receivers.push(receive),
    onClose: (closed) => void mine.closers.push(closed),
  })
  return {
    near: wire(near, far),
    far: wire(far, near),
    close: () => {
      if (!open) return
      open = false
      for (const closed of [...near.closers, ...far.closers]) closed()
    },
  }
}

interface End {
  readonly receivers: ((message: unknown) => void)[]
  readonly closers: (() => void)[]
}

const end = (): End => ({ receivers: [], closers: [] })
