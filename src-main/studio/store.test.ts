import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { calls } from '../contract/calls.ts'
import { KeyValues } from './store.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'store-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('the store', () => {
  it('gives back what was put, also to the next program', async () => {
    const value = { theme: 'dark', scale: 1.25, prompts: ['smiling', 'ひげ'], nothing: null }
    await new KeyValues(folder).put('settings', value)
    expect(await new KeyValues(folder).get('settings')).toStrictEqual(value)
    expect(await new KeyValues(folder).get('prompts')).toBeUndefined()
  })

  it('keeps the last of many puts, and leaves no other file', async () => {
    const values = new KeyValues(folder)
    await Promise.all(Array.from({ length: 20 }, (_, number) => values.put('prompts', { number })))
    expect(await values.get('prompts')).toStrictEqual({ number: 19 })
    expect((await readdir(folder)).filter((name) => !name.endsWith('.json'))).toStrictEqual([])
  })

  it('takes a damaged file for an empty one', async () => {
    await writeFile(join(folder, 'damaged.json'), '{"half": ')
    expect(await new KeyValues(folder).get('damaged')).toBeUndefined()
  })

  it('refuses values that are too large and keys that could be paths', async () => {
    await expect(new KeyValues(folder).put('settings', 'x'.repeat(2_000_001))).rejects.toMatchObject({ code: 'store.too-large' })
    for (const key of ['../x', 'a/b', '', 'A', 'a.b', 'x'.repeat(41)]) expect(calls['store.get'].in.safeParse({ key }).success).toBe(false)
  })
})
