import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { writeInto } from './exports-write.ts'

let folder: string
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'write-'))))
afterEach(() => rm(folder, { recursive: true }))
const bytes = (text: string) => Buffer.from(text)

it('makes the folder and leaves nothing but the file', async () => {
  const deep = join(folder, 'a/ö 日本')
  expect(await writeInto(deep, 'x.jpg', 'unique', bytes('1'))).toBe(join(deep, 'x.jpg'))
  expect(await readdir(deep)).toEqual(['x.jpg'])
})

it('keeps, replaces or skips what is there', async () => {
  await writeFile(join(folder, 'x.jpg'), 'old')
  expect(await writeInto(folder, 'x.jpg', 'skip', bytes('new'))).toBeUndefined()
  expect(await readFile(join(folder, 'x.jpg'), 'utf8')).toBe('old')
  expect(await writeInto(folder, 'x.jpg', 'unique', bytes('new'))).toBe(join(folder, 'x-2.jpg'))
  await writeInto(folder, 'x.jpg', 'overwrite', bytes('newer'))
  expect(await readFile(join(folder, 'x.jpg'), 'utf8')).toBe('newer')
})

it('gives every one of many writers a name of its own', async () => {
  const paths = await Promise.all(Array.from({ length: 12 }, (_, i) => writeInto(folder, 'x.png', 'unique', bytes(String(i)))))
  expect(new Set(paths).size).toBe(12)
  expect(await readdir(folder)).toHaveLength(12)
})

it.each([
  ['../x.jpg', '/tmp'],
  ['x.sh', '/tmp'],
  ['x.jpg', 'pictures'],
])('refuses %s in %s', async (name, where) => {
  await expect(writeInto(where, name, 'overwrite', bytes('1'))).rejects.toMatchObject({ code: 'export.not-a-picture' })
})

it('says which folder cannot be written', async () => {
  await writeFile(join(folder, 'file'), '')
  await expect(writeInto(join(folder, 'file'), 'x.jpg', 'unique', bytes('1'))).rejects.toMatchObject({ code: 'export.not-written' })
})
