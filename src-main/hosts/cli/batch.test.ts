import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testPicture } from '../../studio/testing.ts'
import { makeWorkplace, type Workplace } from './testing.ts'

let place: Workplace
const photos = ['a.jpg', 'sub/b.jpg', 'sub/deeper/c with ö.png']

beforeAll(async () => {
  place = await makeWorkplace()
  await mkdir(place.at('photos/sub/deeper'), { recursive: true })
  for (const [n, file] of photos.entries())
    await writeFile(place.at(`photos/${file}`), await testPicture(file.endsWith('png') ? 'png' : 'jpeg', { seed: n + 1 }))
  await writeFile(place.at('photos/sub/broken.jpg'), 'not a picture')
  await writeFile(place.at('photos/notes.txt'), 'no photo')
  await place.run('edit', place.at('holiday.jpg'), '--text', 'smiling', '--strength', '3', '--out', place.at('made.png'))
})
afterAll(() => place.remove())

const batch = (...more: string[]) =>
  place.run('batch', place.at('photos'), '--recipe', place.at('made.png'), '--out', place.at('out'), '--json', ...more)

it('edits a folder and its folders, reports each photo, goes on after a crash and leaves the originals alone', async () => {
  const originals = await Promise.all(photos.map((file) => readFile(place.at(`photos/${file}`))))
  const first = await batch('--recursive', '--format', 'png')
  expect(first.code).toBe(1)
  const results = (lines: Record<string, unknown>[]) => lines.filter(({ event }) => event === 'result')
  expect(results(first.lines()).map(({ file, state }) => [file, state])).toEqual([
    ['a.jpg', 'done'],
    ['sub/b.jpg', 'done'],
    ['sub/broken.jpg', 'failed'],
    ['sub/deeper/c with ö.png', 'done'],
    [undefined, undefined],
  ])
  expect(results(first.lines()).at(-1)).toMatchObject({ done: 3, before: 0, failed: 1 })
  expect(await readdir(place.at('out/sub/deeper'))).toEqual(['c with ö-edited.png'])
  expect(await Promise.all(photos.map((file) => readFile(place.at(`photos/${file}`))))).toEqual(originals)

  // A crash in the middle of a line, and a result that somebody removed: both are made again, the rest is not.
  const report = place.at('out/stylebridge-batch.jsonl')
  const lines = (await readFile(report, 'utf8')).trim().split('\n')
  await writeFile(report, `${lines.slice(0, 3).join('\n')}\n${lines[3]!.slice(0, 40)}`)
  await rm(place.at('out/sub/b-edited.png'))
  await rm(place.at('out/sub/deeper/c with ö-edited.png'))
  const before = (await stat(place.at('out/a-edited.png'))).mtimeMs
  const second = await batch('--recursive', '--format', 'png')
  expect(results(second.lines()).at(-1)).toMatchObject({ done: 2, before: 1, failed: 1 })
  expect((await stat(place.at('out/a-edited.png'))).mtimeMs).toBe(before)

  const third = await batch('--recursive', '--format', 'jpeg')
  expect(results(third.lines()).at(-1)).toMatchObject({ done: 3, before: 0 })
})

it('only looks into the folder itself when not told otherwise', async () => {
  const { code, lines } = await batch('--out', place.at('flat'))
  expect(code).toBe(0)
  expect(lines().at(-1)).toMatchObject({ event: 'result', done: 1 })
  expect((await readdir(place.at('flat'))).sort()).toEqual(['a-edited.jpg', 'stylebridge-batch.jsonl'])
})

it('refuses the folder of the originals, an empty folder and a file without a recipe', async () => {
  await mkdir(place.at('empty'), { recursive: true })
  const recipe = ['--recipe', place.at('made.png')]
  const codeOf = async (...args: string[]) => (await place.run(...args, '--json')).lines().at(-1)
  expect(await codeOf('batch', place.at('photos'), ...recipe, '--out', place.at('photos'))).toMatchObject({ code: 'batch.same-folder' })
  expect(await codeOf('batch', place.at('empty'), ...recipe, '--out', place.at('x'))).toMatchObject({ code: 'batch.nothing' })
  expect(await codeOf('batch', place.at('nowhere'), ...recipe, '--out', place.at('x'))).toMatchObject({ code: 'batch.no-folder' })
  const bare = join(place.at('photos'), 'a.jpg')
  expect(await codeOf('batch', place.at('photos'), '--recipe', bare, '--out', place.at('x'))).toMatchObject({ code: 'cli.no-recipe' })
})
