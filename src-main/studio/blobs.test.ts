import { createHash } from 'node:crypto'
import { mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { blobType } from './blob-type.ts'
import { BlobStore } from './blobs.ts'

let folder: string
let blobs: BlobStore
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blobs-'))
  blobs = new BlobStore(folder)
})
afterEach(() => rm(folder, { recursive: true }))

const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3])
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const stream = async function* (...chunks: Uint8Array[]) {
  yield* chunks
}
const files = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name)

it('names bytes by their sha256 and gives them back', async () => {
  const blob = await blobs.put(png)
  expect(blob).toEqual({ sha256: sha(png), type: 'image/png', bytes: 11 })
  expect(new Uint8Array(await blobs.read(blob.sha256))).toEqual(png)
  expect(await blobs.put(png)).toEqual(blob)
  expect(await files()).toEqual([blob.sha256])
})

it('takes a stream whose head comes in crumbs', async () => {
  expect(await blobs.putStream(stream(png.subarray(0, 3), png.subarray(3)), 100)).toEqual({
    sha256: sha(png),
    type: 'image/png',
    bytes: 11,
  })
})

it('ends an upload over the limit and leaves nothing behind', async () => {
  await expect(blobs.putStream(stream(png, png), 15)).rejects.toMatchObject({ code: 'blob.too-large' })
  expect(await files()).toEqual([])
})

it('serves size, type and bytes, and nothing under names that are no sha256', async () => {
  const { sha256 } = await blobs.put(png)
  const served = (await blobs.serve(sha256))!
  const chunks: Buffer[] = []
  for await (const chunk of served.stream()) chunks.push(chunk as Buffer)
  expect([served.type, served.bytes, Buffer.concat(chunks).length]).toEqual(['image/png', 11, 11])
  expect(await blobs.serve('../../etc/passwd')).toBeUndefined()
  expect(await blobs.serve('0'.repeat(64))).toBeUndefined()
})

it('notices a changed file, and says when one is gone', async () => {
  const { sha256 } = await blobs.put(png)
  await writeFile(join(folder, sha256.slice(0, 2), sha256), 'changed')
  await expect(blobs.read(sha256)).rejects.toMatchObject({ code: 'blob.damaged' })
  await expect(blobs.read(sha256)).rejects.toMatchObject({ code: 'blob.missing' })
  await expect(blobs.read('../x')).rejects.toMatchObject({ code: 'blob.missing' })
})

it('keeps what was used last when it cleans', async () => {
  const [old, recent] = [await blobs.put(new Uint8Array(60).fill(1)), await blobs.put(new Uint8Array(60).fill(2))]
  const longAgo = new Date(Date.now() - 7_200_000)
  await utimes(join(folder, old.sha256.slice(0, 2), old.sha256), longAgo, longAgo)
  await writeFile(join(folder, 'crashed.part'), 'x')
  await utimes(join(folder, 'crashed.part'), longAgo, longAgo)
  await writeFile(join(folder, 'running.part'), 'x')
  await blobs.clean(100)
  expect((await files()).sort()).toEqual([recent.sha256, 'running.part'].sort())
  expect((await readFile(join(folder, recent.sha256.slice(0, 2), recent.sha256))).length).toBe(60)
})

it.each([
  [[0xff, 0xd8, 0xff, 0xe0], 'image/jpeg'],
  [[...Buffer.from('RIFF1234WEBPVP8 ')], 'image/webp'],
  [[...Buffer.from('MM\0*')], 'image/tiff'],
  [[...Buffer.from('II*\0')], 'image/tiff'],
  [[...Buffer.from('GIF89a')], 'image/gif'],
  [[...Buffer.from('\0\0\0\x1cftypavif')], 'image/avif'],
  [[...Buffer.from('\0\0\0\x1cftypheic')], 'image/heic'],
  [[...Buffer.from('<html><script>')], 'application/octet-stream'],
  [[], 'application/octet-stream'],
])('tells the type by the first bytes: %j', (head, type) => {
  expect(blobType(new Uint8Array(head))).toBe(type)
})
