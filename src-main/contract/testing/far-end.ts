import { serve, type Handlers, type Server } from '../channel.ts'
import { Cancelled, StudioError } from '../errors.ts'
import type { Wire } from '../wire.ts'

/** What the far end of every transport serves in this suite: real call names, answers that can be predicted. */
export function suiteHandlers(emit: Server['emit']): Handlers {
  return {
    'edit.split': ({ text }) => {
      emit('notice', { kind: 'info', text: `split ${text}` })
      return { parts: text.split(', '), unknownWords: [] }
    },
    'photo.open': (_, { progress }) => {
      for (let step = 1; step <= 3; step++) progress({ stage: 'decode', step, of: 3 })
      throw new StudioError('photo.not-an-image', { where: 'holiday.jpg', what: 'it is a text file', todo: 'Choose a picture.' })
    },
    'photo.crop': (_, { signal }) =>
      new Promise((_resolve, reject) => {
        emit('notice', { kind: 'info', text: 'waiting' })
        signal.addEventListener('abort', () => {
          emit('notice', { kind: 'info', text: 'aborted' })
          reject(new Cancelled())
        })
      }),
    'edit.render': () => {
      throw new Cancelled()
    },
    'packs.list': () => {
      throw new RangeError('out of order')
    },
    'photo.choose': () => undefined,
    'app.info': () => ({ version: '0', host: 'spoon', samples: [] }) as never,
  }
}

/** Serves the suite on a wire; the far ends of all transports call this. */
export function serveSuite(wire: Wire): void {
  const server: Server = serve(
    wire,
    suiteHandlers((name, data) => server.emit(name, data)),
  )
}
