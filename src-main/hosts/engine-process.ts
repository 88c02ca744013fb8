import { fork } from 'node:child_process'
import type { Wire } from '../contract/wire.ts'

/** A running engine as its host sees it, however it was started. */
export interface EngineProcess {
  readonly wire: Wire
  /** Called once, when the process is gone; `reason` is a clause such as "it was ended by SIGKILL". */
  onExit(gone: (reason: string) => void): void
  /** Asks the process to end, and ends it by force when it does not within `graceMs`. Resolves when it is gone. */
  stop(graceMs?: number): Promise<void>
}

const LAST_WORDS = 400

/** Forks an engine entry with plain Node. Its standard error goes to ours; its last line explains a crash. */
export function forkEngine(
  entry: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = process.env,
): EngineProcess & { readonly pid: number; kill: () => void } {
  const child = fork(entry, args, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'pipe', 'ipc'], env })
  let lastWords = ''
  let goneBecause: string | undefined
  const waiting: ((reason: string) => void)[] = []
  child.stderr?.on('data', (chunk: Buffer) => {
    process.stderr.write(chunk)
    lastWords = (lastWords + chunk.toString()).slice(-LAST_WORDS)
  })
  const gone = (reason: string) => {
    if (goneBecause !== undefined) return
    goneBecause = reason
    for (const tell of waiting) tell(reason)
  }
  child.on('error', (error) => gone(`it could not be started: ${error.message}`))
  child.on('exit', (code, signal) =>
    gone(signal === null ? `it ended with code ${code}${lastLine(lastWords)}` : `it was ended by ${signal}`),
  )
  const onExit = (tell: (reason: string) => void) => {
    if (goneBecause === undefined) waiting.push(tell)
    else tell(goneBecause)
  }
  return {
    pid: child.pid ?? 0,
    kill: () => void child.kill('SIGKILL'),
    wire: {
      post: (message) => {
        // A child that dies while a message is on its way reports it through the callback; the exit tells everything there is to tell.
        if (child.connected) child.send(message as object, () => undefined)
      },
      onMessage: (receive) => void child.on('message', receive),
      onClose: (closed) => onExit(closed),
    },
    onExit,
    stop: (graceMs = 2000) =>
      new Promise((resolve) => {
        const force = setTimeout(() => child.kill('SIGKILL'), graceMs)
        onExit(() => {
          clearTimeout(force)
          resolve()
        })
        if (child.connected) child.disconnect()
      }),
  }
}

/** The engine's end of the pipe to its host, in a forked process. The process ends when the host lets go. */
export function parentWire(): Wire {
  return {
    post: (message) => {
      // A host that was killed is noticed a moment later than its pipe is gone: that message has no reader, and the process ends anyway.
      if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
    },
    onMessage: (receive) => void process.on('message', receive),
    onClose: (closed) => void process.on('disconnect', closed),
  }
}

function lastLine(text: string): string {
  const line = text.trimEnd().split('\n').at(-1)?.trim()
  return line === undefined || line === '' ? '' : ` (${line})`
}
