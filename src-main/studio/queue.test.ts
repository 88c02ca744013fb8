import { expect, it } from 'vitest'
import { Cancelled } from '../contract/errors.ts'
import { JobQueue } from './queue.ts'

/** A job that ends when it is told to. */
function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { open, opened }
}

it('runs one job at a time, in order', async () => {
  const queue = new JobQueue()
  const events: string[] = []
  const job = (name: string) => async () => {
    events.push(`${name} starts`)
    await Promise.resolve()
    events.push(`${name} ends`)
    return name
  }
  expect(await Promise.all([queue.run({}, job('a')), queue.run({}, job('b'))])).toEqual(['a', 'b'])
  expect(events).toEqual(['a starts', 'a ends', 'b starts', 'b ends'])
})

it('lets a newer job take the place of one that waits, but not of the one that runs', async () => {
  const queue = new JobQueue()
  const first = gate()
  const ran: number[] = []
  const render = (n: number) => queue.run({ latest: 'photo' }, async () => (n === 1 && (await first.opened), ran.push(n)))
  const jobs = [render(1), render(2), render(3), render(4)]
  const other = queue.run({ latest: 'another photo' }, async () => ran.push(99))
  first.open()
  const results = await Promise.allSettled(jobs)
  await other
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
  expect((results[1] as PromiseRejectedResult).reason).toBeInstanceOf(Cancelled)
  expect(ran).toEqual([1, 4, 99])
})

it('takes higher priorities first', async () => {
  const queue = new JobQueue()
  const first = gate()
  const ran: string[] = []
  const jobs = [
    queue.run({}, () => first.opened),
    queue.run({}, async () => ran.push('variation 1')),
    queue.run({}, async () => ran.push('variation 2')),
    queue.run({ priority: 1 }, async () => ran.push('render')),
  ]
  first.open()
  await Promise.all(jobs)
  expect(ran).toEqual(['render', 'variation 1', 'variation 2'])
})

it('drops a job that is cancelled while it waits, and one that already is', async () => {
  const queue = new JobQueue()
  const first = gate()
  const running = queue.run({}, () => first.opened)
  const controller = new AbortController()
  const waiting = queue.run({ signal: controller.signal }, async () => 'ran')
  controller.abort()
  await expect(waiting).rejects.toBeInstanceOf(Cancelled)
  await expect(queue.run({ signal: AbortSignal.abort() }, async () => 'ran')).rejects.toBeInstanceOf(Cancelled)
  first.open()
  await running
})

it('goes on after a job that fails', async () => {
  const queue = new JobQueue()
  await expect(queue.run({}, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await queue.run({}, async () => 1)).toBe(1)
})
