import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { Cancelled } from '../contract/errors.ts'
import { forkEngine } from './engine-process.ts'
import { Supervisor } from './supervisor.ts'

const entry = join(import.meta.dirname, 'testing/crashing-engine.ts')

function supervise(now?: () => number) {
  const notices: string[] = []
  const phases: string[] = []
  const supervisor = new Supervisor({ launch: () => forkEngine(entry), ...(now === undefined ? {} : { now }) })
  supervisor.onEvent((name, data) => {
    if (name === 'notice') notices.push((data as { text: string }).text)
    else phases.push((data as { phase: string }).phase)
  })
  onTestFinished(() => supervisor.stop())
  const split = async (text: string) => (await supervisor.call('edit.split', { pack: 'p', text })).parts
  return { supervisor, notices, phases, split }
}
const crop = { photo: 'p', pack: 'k', crop: { center: [1, 1] as [number, number], size: 1, angle: 0 } }

it('repeats a call that a kill interrupted, with one notice', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'supervisor-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const { split, notices, phases } = supervise()
  const [before] = await split('hello')
  const [after, text] = await split(`crash once: ${join(folder, 'marker')}`)
  expect(text).toContain('crash once')
  expect(after).not.toBe(before)
  expect(notices).toEqual(['The engine stopped and was started again. Your document is unharmed.'])
  expect(phases).toEqual(['ready', 'restarting', 'ready'])
})

it('survives SIGKILL from outside in the middle of a job: the job is sent again, the next call succeeds', async () => {
  const { supervisor, split } = supervise()
  const [pid] = await split('hello')
  let jobs = 0
  const secondStart = new Promise<void>((resolve) => {
    supervisor.onEvent((name, data) => {
      if (name !== 'notice' || (data as { text: string }).text !== 'waiting') return
      if (++jobs === 1) process.kill(Number(pid), 'SIGKILL')
      else resolve()
    })
  })
  const controller = new AbortController()
  const job = supervisor.call('photo.crop', crop, { signal: controller.signal })
  await secondStart
  controller.abort()
  await expect(job).rejects.toBeInstanceOf(Cancelled)
  expect((await split('next'))[1]).toBe('next')
})

it('gives up after three crashes in a minute, with a sentence, and tries again when the minute has passed', async () => {
  let clock = 0
  const { supervisor, split, notices } = supervise(() => clock)
  await expect(split('crash')).rejects.toMatchObject({ code: 'engine.restarted' })
  await expect(split('crash')).rejects.toMatchObject({ code: 'engine.failed', what: expect.stringContaining('SIGKILL') })
  expect(supervisor.status.phase).toBe('failed')
  expect(notices.at(-1)).toMatch(/^The engine: it stopped 3 times within a minute/)
  await expect(split('hello')).rejects.toMatchObject({ code: 'engine.failed' })
  clock = 61_000
  expect((await split('hello'))[1]).toBe('hello')
})

it('ends the engine when it is stopped, and starts no other', async () => {
  const { supervisor, split, notices } = supervise()
  const [pid] = await split('hello')
  await supervisor.stop()
  expect(() => process.kill(Number(pid), 0)).toThrow()
  await expect(split('hello')).rejects.toMatchObject({ code: 'engine.failed' })
  expect(notices).toEqual([])
})
