import { utilityProcess } from 'electron'
import type { EngineProcess } from '../engine-process.ts'

/** Starts the engine entry as Electron's utility process. */
export function utilityEngine(entry: string, env: NodeJS.ProcessEnv): EngineProcess {
  const child = utilityProcess.fork(entry, [], { serviceName: 'Stylebridge engine', stdio: 'inherit', env })
  let goneBecause: string | undefined
  const waiting: ((reason: string) => void)[] = []
  child.on('exit', (code) => {
    goneBecause = `it ended with code ${code}`
    for (const tell of waiting) tell(goneBecause)
  })
  const onExit = (tell: (reason: string) => void) => {
    if (goneBecause === undefined) waiting.push(tell)
    else tell(goneBecause)
  }
  return {
    wire: {
      post: (message) => {
        if (goneBecause === undefined) child.postMessage(message)
      },
      onMessage: (receive) => void child.on('message', receive),
      onClose: (closed) => onExit(closed),
    },
    onExit,
    stop: () =>
      new Promise((resolve) => {
        onExit(() => resolve())
        child.kill()
      }),
  }
}
