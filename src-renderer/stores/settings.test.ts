import { afterEach, describe, expect, it, vi } from 'vitest'
import { freshStudio } from '../testing/opened.ts'
import { defaultSettings, useSettings } from './settings.ts'

vi.stubGlobal('navigator', { userAgent: 'test', language: 'en' })
afterEach(() => vi.useRealTimers())

/** Loads settings from what the host kept. */
async function loaded(value: unknown) {
  const host = await freshStudio()
  const settings = useSettings()
  const loading = settings.load()
  await host.last('store.get').answer({ value: value as never })
  await loading
  return { host, settings }
}

describe('settings', () => {
  it('are the defaults where nothing was kept', async () => {
    const { settings } = await loaded(undefined)
    expect(settings.values).toEqual(defaultSettings)
  })

  it('lose one bad value and nothing else', async () => {
    const { settings } = await loaded({ theme: 'pink', scale: 1.5, shortcuts: { undo: ['q'] }, variations: 400, surround: 'white' })
    expect(settings.values).toEqual({ ...defaultSettings, scale: 1.5, shortcuts: { undo: ['q'] }, surround: 'white' })
  })

  it('are the defaults where the file is nonsense', async () => {
    const { settings } = await loaded([1, 2])
    expect(settings.values).toEqual(defaultSettings)
  })

  it('are kept once a hand rests, and reset without the keys', async () => {
    const { host, settings } = await loaded({ shortcuts: { undo: ['q'] } })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const before = host.count('store.put')
    for (const scale of [1.1, 1.2, 1.3]) settings.set({ scale })
    vi.advanceTimersByTime(1000)
    expect(host.count('store.put')).toBe(before + 1)
    expect(host.last('store.put').input).toMatchObject({ key: 'settings', value: { scale: 1.3 } })
    settings.reset()
    expect(settings.values).toEqual({ ...defaultSettings, shortcuts: { undo: ['q'] } })
  })
})
