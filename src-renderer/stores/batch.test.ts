// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import { settled } from '../testing/controlled-host.ts'
import { openStudio } from '../testing/opened.ts'
import { useBatch } from './batch.ts'
import { useDocument } from './document.ts'
import { useToasts } from './toasts.ts'

it('runs with the document’s layers, is paused by giving up, and goes on with the same request', async () => {
  const host = await openStudio()
  const batch = useBatch()
  batch.choices = { ...batch.choices, folder: '/photos', out: '/out' }
  await settled()
  const first = batch.run()
  await settled()
  const asked = host.last('batch.run')
  expect(asked.input).toMatchObject({ folder: '/photos', out: '/out', recipe: useDocument().recipe, options: { format: 'jpeg' } })
  asked.progress({ index: 0, of: 3, file: 'a.jpg', state: 'done', out: '/out/a-edited.jpg' })
  asked.progress({ index: 1, of: 3, file: 'b.jpg', state: 'working' })
  expect([batch.phase, batch.finished, batch.of]).toEqual(['running', 1, 3])
  batch.pause()
  await first
  expect(batch.phase).toBe('paused')
  expect(batch.rows.map(({ file }) => file)).toEqual(['a.jpg'])
  expect(useToasts().list).toEqual([])

  const second = batch.run()
  await settled()
  const again = host.last('batch.run')
  expect(again.input).toEqual(asked.input)
  again.progress({ index: 0, of: 3, file: 'a.jpg', state: 'before' })
  await again.answer({ done: 1, before: 1, skipped: 0, failed: 1, report: '/out/stylebridge-batch.jsonl' })
  await second
  expect(batch.phase).toBe('done')
  expect(useToasts().list).toMatchObject([{ kind: 'warning', text: { key: 'batch.finished', values: { done: 2, skipped: 0, failed: 1 } } }])
})

it('does nothing without a folder', async () => {
  const host = await openStudio()
  await useBatch().run()
  expect(host.count('batch.run')).toBe(0)
})
