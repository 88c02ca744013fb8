import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { BlobStore } from './blobs.ts'
import { Passing } from './passing.ts'

const folder = await mkdtemp(join(tmpdir(), 'passing-'))
afterAll(() => rm(folder, { recursive: true }))

it('keeps the latest, what is named again, and what somebody keeps', async () => {
  const blobs = new BlobStore(folder)
  const names = await Promise.all(['a', 'b', 'c', 'd'].map(async (text) => (await blobs.put(Buffer.from(text))).sha256))
  const [a, b, c, d] = names as [string, string, string, string]
  const passing = new Passing(blobs, 2)
  passing.keep(a)
  for (const name of [a, b, c, b, d]) await passing.add(name)
  const stays = await Promise.all([a, b, c, d].map(async (name) => (await blobs.serve(name)) !== undefined))
  expect(stays).toEqual([true, true, false, true])
})
