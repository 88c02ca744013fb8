import { describe, expect, it, onTestFinished } from 'vitest'
import { connect, type Client } from '../channel.ts'
import { Cancelled, StudioError } from '../errors.ts'
import type { Wire } from '../wire.ts'

/** Starts a server with `serveSuite` on the far end of a fresh wire; `close` cuts the wire. */
export type OpenWire = () => Promise<{ wire: Wire; close: () => void }>

const crop = { photo: 'p', pack: 'k', crop: { center: [1, 1] as [number, number], size: 1, angle: 0 } }

/** The one suite that every transport of the contract passes. */
export function describeTransport(name: string, open: OpenWire): void {
  describe(`the contract over ${name}`, () => {
    const start = async (): Promise<{ client: Client; close: () => void }> => {
      const { wire, close } = await open()
      onTestFinished(close)
      return { client: connect(wire), close }
    }
    const heard = (client: Client, text: string) => {
      return new Promise<void>((resolve) => client.on('notice', (notice) => (notice.text === text ? resolve() : undefined)))
    }

    it('answers', async () => {
      const { client } = await start()
      expect(await client.call('edit.split', { pack: 'k', text: 'smiling, bald' })).toEqual({
        parts: ['smiling', 'bald'],
        unknownWords: [],
      })
    })

    it('answers nothing where nothing is the answer', async () => {
      const { client } = await start()
      expect(await client.call('photo.choose', {})).toBeUndefined()
    })

    it('keeps calls that run side by side apart', async () => {
      const { client } = await start()
      const answers = await Promise.all(['a', 'b', 'c'].map((text) => client.call('edit.split', { pack: 'k', text })))
      expect(answers.map((answer) => answer.parts)).toEqual([['a'], ['b'], ['c']])
    })

    it('reports progress in order, then the error as data', async () => {
      const { client } = await start()
      const steps: number[] = []
      const failing = client.call('photo.open', { source: { sample: 's' }, pack: 'k' }, { onProgress: ({ step }) => steps.push(step) })
      await expect(failing).rejects.toMatchObject({
        code: 'photo.not-an-image',
        where: 'holiday.jpg',
        what: 'it is a text file',
        todo: 'Choose a picture.',
      })
      await expect(failing).rejects.toBeInstanceOf(StudioError)
      expect(steps).toEqual([1, 2, 3])
    })

    it('turns what nobody foresaw into an error with its message', async () => {
      const { client } = await start()
      await expect(client.call('packs.list', {})).rejects.toMatchObject({ code: 'internal', where: 'packs.list', what: 'out of order' })
    })

    it('cancels before anything is sent', async () => {
      const { client } = await start()
      await expect(client.call('photo.crop', crop, { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(Cancelled)
    })

    it('cancels during the call, on both sides', async () => {
      const { client } = await start()
      const [waiting, aborted] = [heard(client, 'waiting'), heard(client, 'aborted')]
      const controller = new AbortController()
      const call = client.call('photo.crop', crop, { signal: controller.signal })
      await waiting
      controller.abort()
      await expect(call).rejects.toBeInstanceOf(Cancelled)
      await aborted
    })

    it('passes on that the server dropped the call', async () => {
      const { client } = await start()
      const recipe = {
        format: 1 as const,
        pack: { id: 'k', hash: 'h' },
        photo: { id: 'p', name: 'n' },
        crop: crop.crop,
        quality: 'instant' as const,
        layers: [],
        composite: { feather: 0.1, residual: 1, colourMatch: true },
      }
      await expect(client.call('edit.render', { ...recipe, maxSize: 64, draft: true })).rejects.toBeInstanceOf(Cancelled)
    })

    it('carries events until the listener leaves', async () => {
      const { client } = await start()
      const texts: string[] = []
      const leave = client.on('notice', ({ text }) => texts.push(text))
      await client.call('edit.split', { pack: 'k', text: 'a' })
      leave()
      await client.call('edit.split', { pack: 'k', text: 'b' })
      expect(texts).toEqual(['split a'])
    })

    it('refuses bad input, calls that are not offered, and answers outside the contract', async () => {
      const { client } = await start()
      await expect(client.call('edit.split', { pack: 'k', text: 7 as never })).rejects.toMatchObject({
        code: 'call.bad-input',
        where: 'edit.split',
      })
      await expect(client.call('export.save', { blob: 'b', name: 'n' })).rejects.toMatchObject({ code: 'call.not-offered' })
      await expect(client.call('toString' as never, {} as never)).rejects.toMatchObject({ code: 'call.unknown' })
      await expect(client.call('app.info', {})).rejects.toMatchObject({ code: 'call.unknown', where: 'app.info' })
    })

    it('rejects what is pending, and what comes later, when the wire closes', async () => {
      const { client, close } = await start()
      const waiting = heard(client, 'waiting')
      const call = client.call('photo.crop', crop)
      await waiting
      close()
      await expect(call).rejects.toMatchObject({ code: 'engine.restarted' })
      await expect(client.call('edit.split', { pack: 'k', text: 'a' })).rejects.toMatchObject({ code: 'engine.restarted' })
    })
  })
}
