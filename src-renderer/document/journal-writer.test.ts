import { describe, expect, it, vi } from 'vitest'
import { StudioError } from '../../src-main/contract/errors.ts'
import type { JournalLine, StoredHistory } from '../../src-main/contract/history.ts'
import { ControlledHost, settled } from '../testing/controlled-host.ts'
import { JournalWriter } from './journal-writer.ts'
import { testDocument } from './testing.ts'

const base: StoredHistory = { format: 1, root: 0, opened: testDocument, steps: [], current: 0, snapshots: [], pictures: [] }
const go = (to: number): JournalLine => ({ kind: 'go', to })
const id = '11111111-1111-1111-1111-111111111111'

function written(from: { id: string; lines: number } | StoredHistory = { id, lines: 5 }) {
  const host = new ControlledHost()
  const failed = vi.fn()
  const writer = new JournalWriter({ host, name: 'a.jpg', packTitle: '', whole: () => base, changed: () => undefined, failed }, from)
  writer.start()
  return { host, writer, failed }
}
const appended = (host: ControlledHost) => host.asked.filter((call) => call.name === 'documents.append').map((call) => call.input)

describe('the writer of a journal', () => {
  it('begins with the history, then sends what happened meanwhile in one go', async () => {
    const { host, writer } = written(base)
    writer.note(go(1))
    await settled()
    expect(writer.isKept).toBe(false)
    writer.note(go(2), go(3))
    await host.last('documents.begin').answer({ id })
    expect(writer.id).toBe(id)
    expect(appended(host)).toStrictEqual([{ id, from: 0, lines: [go(1), go(2), go(3)] }])
    await host.last('documents.append').answer({ lines: 3 })
    expect(writer.isKept).toBe(true)
  })

  it('has one message on its way at a time, and counts what the host confirmed', async () => {
    const { host, writer } = written()
    writer.note(go(1))
    writer.note(go(2))
    writer.note(go(3))
    await host.last('documents.append').answer({ lines: 6 })
    await host.last('documents.append').answer({ lines: 8 })
    expect(appended(host)).toStrictEqual([
      { id, from: 5, lines: [go(1)] },
      { id, from: 6, lines: [go(2), go(3)] },
    ])
    await writer.whenKept()
  })

  it('sends again after a failure, and complains once', async () => {
    vi.useFakeTimers()
    try {
      const { host, writer, failed } = written()
      writer.note(go(1))
      const full = () => new StudioError('journal.not-written', { where: 'x', what: 'the disk is full', todo: 'Make room.' })
      for (let time = 0; time < 3; time++) {
        void host.last('documents.append').fail(full())
        await vi.advanceTimersByTimeAsync(2000)
      }
      void host.last('documents.append').answer({ lines: 6 })
      await vi.advanceTimersByTimeAsync(1)
      expect(appended(host)).toHaveLength(4)
      expect(writer.isKept).toBe(true)
      expect(failed).toHaveBeenCalledTimes(1)
    } finally {
      vi.useRealTimers()
    }
  })

  it('makes a document of its own of what the page has when another window took this one', async () => {
    const { host, writer } = written()
    writer.note(go(1))
    await host.last('documents.append').fail(new StudioError('document.elsewhere', { where: 'x', what: 'y', todo: 'z' }))
    await settled()
    await host.last('documents.begin').answer({ id: '2'.repeat(8) + id.slice(8) })
    expect(writer.id).toMatch(/^2/)
    expect(writer.isKept).toBe(true)
  })

  it('begins the journal anew with a history that was cut, and goes on after it', async () => {
    const { host, writer } = written()
    writer.note(go(1))
    writer.rewrite()
    writer.note(go(2))
    await host.last('documents.append').answer({ lines: 6 })
    await settled()
    await host.last('documents.rewrite').answer({ lines: 0 })
    expect(appended(host).at(-1)).toStrictEqual({ id, from: 0, lines: [go(2)] })
    await host.last('documents.append').answer({ lines: 1 })
    expect(writer.isKept).toBe(true)
  })

  it('sends everything at once when the page has no time left', async () => {
    const { host, writer } = written()
    writer.note(go(1))
    writer.note(go(2))
    writer.hurry()
    expect(appended(host).at(-1)).toStrictEqual({ id, from: 5, lines: [go(1), go(2)] })
    expect(host.last('documents.leave').input).toStrictEqual({ id })
  })

  it('says that it is closed once everything is kept', async () => {
    const { host, writer } = written()
    writer.note(go(1))
    const closing = writer.close()
    await settled()
    expect(host.count('documents.leave')).toBe(0)
    await host.last('documents.append').answer({ lines: 6 })
    expect(host.count('documents.leave')).toBe(1)
    await host.last('documents.leave').answer({})
    await closing
  })
})
