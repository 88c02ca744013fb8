import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { MemoryBytes } from '../bytes.ts'
import { namedTensors } from '../names.ts'
import { raw, text } from '../testing.ts'
import { plainGlobals } from './globals.ts'
import { unpickle } from './machine.ts'
import { field, type Blob, type Plain } from './values.ts'

const pickles = JSON.parse(readFileSync(new URL('../testdata/pickles.json', import.meta.url), 'utf8')) as Record<string, string>
const read = (bytes: Uint8Array): Plain => unpickle(new MemoryBytes(bytes, 'a.pkl'), 0, { globals: (name) => plainGlobals.get(name) }).value

describe.each(Object.keys(pickles))('protocol %s, as Python writes it', (protocol) => {
  const root = read(Buffer.from(pickles[protocol]!, 'base64'))
  const plain = field(root, 'plain')

  it('numbers, texts, tuples, sets and dictionaries', () => {
    expect(field(plain, 'numbers')).toEqual([0, 1, -2, 255, 70000, -3000000000, 10n ** 30n, 3.5, -0.25, true, false, null])
    expect(field(plain, 'texts')).toEqual(['', 'plain', 'ünï → 日本 \\n \n "quoted\'', 'x'.repeat(300)])
    expect(field(plain, 'tuples')).toEqual([[], [1], [1, 2], [1, 2, 3], [1, 2, 3, [4]]])
    expect(field(plain, 'set')).toEqual(new Set([7]))
    expect([...(field(plain, 'ordered') as Map<string, number>)]).toEqual([
      ['b', 1],
      ['a', 2],
    ])
  })

  it('bytes, and what is shared', () => {
    expect([...(field(plain, 'bytes') as Blob).bytes()]).toEqual([0, 1, 254, 255])
    expect(field(plain, 'shared')).toBe(field(plain, 'texts'))
  })

  it('numpy arrays of rows, of columns and big-endian, and a single number', () => {
    const tensors = namedTensors(root, 'a.pkl')
    expect([...tensors.keys()]).toEqual(['arrays.rows', 'arrays.columns', 'arrays.big', 'arrays.flags'])
    expect(tensors.get('arrays.rows')?.read()).toEqual({ dtype: 'float32', shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) })
    expect(tensors.get('arrays.columns')?.read()).toEqual({ dtype: 'float32', shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) })
    expect(tensors.get('arrays.big')?.read().data).toEqual(Int32Array.of(1, -2, 300))
    expect(tensors.get('arrays.flags')?.read().data).toEqual(Uint8Array.of(1, 0))
    expect(field(field(root, 'arrays'), 'scalar')).toBe(0.5)
  })
})

it('steps over large byte strings without reading them', () => {
  const source = new MemoryBytes(raw('\x80\x04\x8e', Buffer.from([0, 0, 16, 0, 0, 0, 0, 0]), new Uint8Array(1 << 20), '.'), 'a.pkl')
  let most = 0
  const spy = { where: 'a.pkl', size: source.size, read: (at: number, n: number) => ((most = Math.max(most, n)), source.read(at, n)) }
  const { value } = unpickle(spy, 0, { globals: () => undefined })
  expect((value as Blob).length).toBe(1 << 20)
  expect(most).toBeLessThanOrEqual(1 << 16)
})

it('keeps a list that contains itself as it is', () => {
  const list = read(raw(']q\x00h\x00a.')) as Plain[]
  expect(list[0]).toBe(list)
})

it('takes the name of a text for what it is, not for a key of JavaScript', () => {
  const map = read(raw('}(', text('__proto__'), text('constructor'), 'u.')) as Map<string, string>
  expect([...map]).toEqual([['__proto__', 'constructor']])
})
