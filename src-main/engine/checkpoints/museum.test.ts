import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StudioError } from '../../contract/errors.ts'
import { museum, trace } from './museum.ts'
import { openCheckpoint, type Checkpoint } from './open.ts'

let folder: string
const file = (i: number) => join(folder, `exhibit-${i}.pkl`)
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'museum-'))
  museum.forEach(([, , bytes], i) => writeFileSync(file(i), bytes))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Opens a file and reads all that it has. */
async function readAll(path: string): Promise<void> {
  let opened: Checkpoint | undefined
  try {
    opened = openCheckpoint(path)
    for (const name of opened.tensors.keys()) await opened.read(name)
  } finally {
    opened?.close()
  }
}

describe('the museum of hostile files: a file that', () => {
  it.each(museum.map(([title, code], i) => [title, code, i] as const))('%s → %s', async (_, code, i) => {
    const error: unknown = await readAll(file(i)).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(StudioError)
    expect(error).toMatchObject({ code, where: expect.stringMatching(/exhibit-|ONNX/) })
    expect((error as StudioError).todo).toMatch(/^[A-Z].*\.$/)
  })
})

it('executes nothing: not in a process that may neither start programs, nor write, nor make code from texts', () => {
  const opener = join(import.meta.dirname, 'museum-opener.ts')
  const flags = ['--permission', '--allow-fs-read=*', '--disallow-code-generation-from-strings', '--no-warnings']
  const files = museum.map((_, i) => file(i))
  const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, opener, ...files], { cwd: folder, encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  expect(stdout.trim().split('\n')).toEqual(museum.map(([, code]) => code))
  expect(existsSync(join(folder, trace)) || existsSync(trace)).toBe(false)
  expect(readdirSync(folder)).toHaveLength(museum.length)
})
