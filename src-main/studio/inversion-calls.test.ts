import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CallInput, CallProgress, OpenedPhoto } from '../contract/calls.ts'
import type { Client } from '../contract/channel.ts'
import { defaultComposite, newEditLayer } from '../contract/document.ts'
import type { Studio } from './studio.ts'
import { startTestStudio, testPicture, writeAlignedPack } from './testing.ts'

let folder: string
let studio: Studio
let client: Client
let photo: OpenedPhoto

async function start(cache: string): Promise<void> {
  ;({ studio, client } = startTestStudio(folder, { cache: join(folder, cache), data: join(folder, 'data') }))
  const { sha256 } = await studio.blobs.put(await testPicture('png'))
  photo = await client.call('photo.open', { source: { blob: sha256, name: 'holiday.png' }, pack: 'tiny' })
}
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inversions-'))
  await writeAlignedPack(join(folder, 'packs'))
  await start('one')
})
afterAll(async () => {
  await studio.release()
  await rm(folder, { recursive: true })
})
const refined = (): CallInput<'photo.invert'> => ({ photo: photo.id, crop: photo.crop, pack: 'tiny', quality: 'refined' })

it('refines in sight, keeps what it reached when it is stopped, goes on from there, and can be had again by its steps alone', async () => {
  const instant = await client.call('photo.invert', { ...refined(), quality: 'instant' })
  const seen: CallProgress<'photo.invert'>[] = []
  const stopped = await client.call('photo.invert', refined(), {
    onProgress: (value) => {
      seen.push(value)
      if (seen.length === 1) void client.call('photo.invert.stop', { photo: photo.id })
    },
  })
  expect(seen[0]).toMatchObject({ stage: 'refine', step: 1, of: 300, inverted: { type: 'image/webp' } })
  expect(stopped.method).toBe('refined')
  expect(stopped.steps).toBeGreaterThan(0)
  expect(stopped.steps).toBeLessThan(300)
  expect(stopped.closeness.psnr).toBeGreaterThanOrEqual(instant.closeness.psnr)

  const done = await client.call('photo.invert', refined())
  expect(done.steps).toBe(300)
  expect(done.closeness.psnr).toBeGreaterThanOrEqual(stopped.closeness.psnr)

  await studio.release()
  await start('two')
  const again = await client.call('photo.invert', { ...refined(), steps: stopped.steps })
  expect(again.inverted).toEqual(stopped.inverted)
})

it('is what edits start from when the document says so', async () => {
  const recipe = {
    format: 1 as const,
    pack: { id: 'tiny', hash: '' },
    photo: { id: photo.id, name: photo.name },
    crop: photo.crop,
    layers: [newEditLayer('a', 'smiling', { strength: 3, focus: 0 })],
    composite: defaultComposite,
    maxSize: 64,
    draft: false,
  }
  const plain = await client.call('edit.render', { ...recipe, quality: 'instant' })
  const better = await client.call('edit.render', { ...recipe, quality: 'refined', inversion: { steps: 40 } })
  expect(better.patch!.sha256).not.toBe(plain.patch!.sha256)
})

it('tells how long it will take', async () => {
  const { refinedMs } = await client.call('photo.invert.time', { photo: photo.id, crop: photo.crop, pack: 'tiny' })
  expect(refinedMs).toBeGreaterThan(0)
})
