import { existsSync, writeFileSync } from 'node:fs'
import { serve } from '../../contract/channel.ts'
import { parentWire } from '../engine-process.ts'

/**
 * An engine for tests of supervision: 'edit.split' answers with its process id, and dies by SIGKILL in the middle of the call for the texts
 * 'crash' (always) and 'crash once: <marker file>' (the first time). 'photo.crop' waits until it is cancelled.
 */
const wire = parentWire()
const server = serve(wire, {
  'edit.split': ({ text }) => {
    const marker = /^crash once: (.*)$/.exec(text)?.[1]
    const dies = text === 'crash' || (marker !== undefined && !existsSync(marker))
    if (marker !== undefined) writeFileSync(marker, '')
    if (dies) process.kill(process.pid, 'SIGKILL')
    return { parts: [String(process.pid), text], unknownWords: [] }
  },
  'photo.crop': (_, { signal }) =>
    new Promise((_resolve, reject) => {
      server.emit('notice', { kind: 'info', text: 'waiting' })
      signal.addEventListener('abort', () => reject(new Error('cancelled')))
    }),
})
wire.onClose(() => process.exit(0))
server.emit('engine.status', { phase: 'ready', devices: [] })
