import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { StudioError } from '../../contract/errors.ts'
import { mutate } from '../checkpoints/fuzz.ts'
import { museum } from '../checkpoints/museum.ts'
import { Random } from '../runtime/random.ts'
import { openPieces } from './pieces.ts'

const testdata = (name: string) => join(import.meta.dirname, 'testdata', name)
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hostile-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Opens a file as a person's import would and reads every weight. Resolves with the code of its refusal. */
function open(bytes: Uint8Array): string {
  const file = join(folder, 'dropped.pkl')
  writeFileSync(file, bytes)
  try {
    const pieces = openPieces([file], { label: 0 })
    for (const found of [pieces.generator, pieces.clip]) for (const weight of found?.net.weights.values() ?? []) weight.read()
    pieces.close()
    return 'read'
  } catch (error) {
    if (error instanceof StudioError) return error.code
    throw error
  }
}

it('no exhibit of the museum gets further than its refusal', () => {
  for (const [title, code, bytes] of museum) expect([title, open(bytes)]).toEqual([title, code])
})

it('changed checkpoints are imported or refused, never anything else', () => {
  const seeds = ['nvidia-ada.pkl', 'tensorflow.pkl', 'rosinality-legacy.pt', 'openai-resnet.pt'].map((name) =>
    Uint8Array.from(readFileSync(testdata(name))),
  )
  const random = new Random(5)
  const codes = new Set<string>()
  for (let i = 0; i < 400; i++) codes.add(open(mutate(random, seeds)))
  expect(codes).toContain('read')
  expect(codes.size).toBeGreaterThan(10)
})
