import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import yazl from 'yazl'
import { BlobStore } from './blobs.ts'
import { readProject, writeProject, type ProjectContents } from './project-file.ts'
import { migrate } from './project-migrations.ts'
import { testPicture } from './testing.ts'
import { historyOf, testRecipe, testStep } from './testing-documents.ts'

let folder: string
let count = 0
let blobs: BlobStore
let contents: ProjectContents
let mask: string
const fresh = () => new BlobStore(join(folder, `blobs-${count++}`))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'project-'))
})
afterAll(() => rm(folder, { recursive: true }))
beforeEach(async () => {
  blobs = fresh()
  const photo = await blobs.put(await testPicture('jpeg'))
  mask = (await blobs.put(await testPicture('png', { width: 30, height: 20 }))).sha256
  const recipe = testRecipe(photo.sha256)
  const step = testStep(1, 0)
  step.forward.push({ op: 'add', path: ['layers', 0, 'mask'], value: { bitmap: mask } })
  contents = { history: { ...historyOf(recipe), steps: [step], current: 1 }, recipe, packTitle: 'Tiny', render: mask }
})

async function saved(): Promise<string> {
  const path = join(folder, `${count++}.stylebridge`)
  await pipeline(writeProject(contents, blobs, { version: '1.2.3', savedAt: 1_700_000_000_000 }), createWriteStream(path))
  return path
}
/** A zip as nobody should send it. */
async function zip(entries: Record<string, Buffer | string>, compress = true): Promise<string> {
  const file = new yazl.ZipFile()
  for (const [name, bytes] of Object.entries(entries)) file.addBuffer(Buffer.from(bytes), name, { compress })
  file.end()
  const path = join(folder, `${count++}.stylebridge`)
  await pipeline(file.outputStream, createWriteStream(path))
  return path
}
const read = (path: string, into = fresh()) => readProject(path, 'holiday.stylebridge', into)

describe('a project file', () => {
  it('brings everything to another machine, and is the same when nothing changed', async () => {
    const path = await saved()
    const there = fresh()
    expect(await read(path, there)).toStrictEqual({ ...contents, thumbnail: undefined })
    expect(await there.read(contents.recipe.photo.id)).toStrictEqual(await blobs.read(contents.recipe.photo.id))
    expect(await there.find(mask)).toBeDefined()
    expect(await readFile(await saved())).toStrictEqual(await readFile(path))
  })

  it('is refused with one sentence when it is something else, newer, or damaged', async () => {
    const text = join(folder, 'letter.stylebridge')
    await writeFile(text, 'Dear sir or madam,')
    await expect(read(text)).rejects.toMatchObject({ code: 'project.not-one' })
    await expect(read(await zip({ 'a.txt': 'hello' }))).rejects.toMatchObject({ code: 'project.not-one' })
    await expect(read(await zip({ 'manifest.json': '{"format": 99}' }))).rejects.toMatchObject({ code: 'project.newer' })
    const bytes = await readFile(await saved())
    const cut = join(folder, 'cut.stylebridge')
    await writeFile(cut, bytes.subarray(0, bytes.length - 200))
    await expect(read(cut)).rejects.toMatchObject({ code: 'project.not-one' })
    const flipped = Buffer.from(bytes)
    const at = flipped.indexOf(await blobs.read(contents.recipe.photo.id)) + 20
    flipped[at] = flipped[at]! ^ 1
    await writeFile(cut, flipped)
    await expect(read(cut)).rejects.toMatchObject({ code: 'project.damaged' })
  })

  it('does not unpack a bomb, whatever its headers say', async () => {
    const bomb = await zip({ [`blobs/${'0'.repeat(64)}`]: Buffer.alloc(40_000_000) })
    expect((await stat(bomb)).size).toBeLessThan(1_000_000)
    const into = fresh()
    await expect(read(bomb, into)).rejects.toMatchObject({ code: 'project.too-large' })
    expect(await into.find('0'.repeat(64))).toBeUndefined()
    // A header that claims a small size: what comes out is counted all the same.
    const bytes = await readFile(bomb)
    const central = bytes.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'))
    bytes.writeUInt32LE(10, central + 24)
    await writeFile(bomb, bytes)
    await expect(read(bomb)).rejects.toMatchObject({ code: 'project.damaged' })
  })

  it('writes nothing by the names in it', async () => {
    for (const name of ['../../escaped', '/tmp/escaped', 'blobs/../../escaped', 'blobs/x']) {
      const path = await zip({ 'manifest.json': '{}', ['x'.repeat(name.length)]: 'escaped' })
      const bytes = await readFile(path)
      for (let at = bytes.indexOf('x'.repeat(name.length)); at >= 0; at = bytes.indexOf('x'.repeat(name.length), at + 1))
        bytes.write(name, at)
      await writeFile(path, bytes)
      await expect(read(path)).rejects.toMatchObject({ code: expect.stringMatching(/^project\.(damaged|not-one)$/) })
    }
    await expect(stat('/tmp/escaped')).rejects.toThrow()
    await expect(read(await zip({ [`blobs/${'1'.repeat(64)}`]: 'not what its name says' }))).rejects.toMatchObject({
      code: 'project.damaged',
    })
  })
})

it('a project of an older format goes through every step up to today', () => {
  const raw = { manifest: { format: 1 }, history: { a: 1 }, recipe: {} }
  const steps = {
    1: (project: typeof raw) => ({ ...project, history: { b: project.history.a }, manifest: { format: 2 } }),
    2: (project: { manifest: unknown; history: unknown; recipe: unknown }) => ({ ...project, manifest: { format: 3 } }),
  }
  expect(migrate(raw, { to: 3, steps: steps as never })).toStrictEqual({
    manifest: { format: 3 },
    history: { b: 1 },
    recipe: {},
    isMigrated: true,
  })
})
