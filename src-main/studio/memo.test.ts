import { expect, it } from 'vitest'
import { Memo } from './memo.ts'

it('makes each value once and forgets the one that was not asked for the longest', async () => {
  const dropped: string[] = []
  const memo = new Memo<string>(2, (value) => dropped.push(value))
  const made: string[] = []
  const get = (key: string) => memo.get(key, async () => (made.push(key), key))
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) expect(await get(key)).toBe(key)
  expect(made).toEqual(['a', 'b', 'c', 'b'])
  expect(dropped).toEqual(['b', 'c'])
})

it('does not remember a failure', async () => {
  const memo = new Memo<number>(2)
  await expect(memo.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await memo.get('a', async () => 1)).toBe(1)
})
