import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { loadTokenizer } from './tokenizer.ts'

const golden = JSON.parse(gunzipSync(readFileSync(new URL('testdata/tokens.json.gz', import.meta.url))).toString()) as {
  tokenizer: { model: object }
  cases: [string, number[]][]
}
const [start, end] = [49406, 49407]
const tokenizer = loadTokenizer(golden.tokenizer)
const ids = (text: string, context: number) => Array.from(tokenizer.encode(text, context), Number)

test('292 sentences, many scripts among them, as OpenAI’s SimpleTokenizer encodes them', () => {
  expect(golden.cases).toHaveLength(292)
  for (const [text, expected] of golden.cases) {
    const padded = [start, ...expected, end]
    expect(ids(text, 200), text).toEqual([...padded, ...new Array<number>(200 - padded.length).fill(0)])
  }
})

test('what is too long keeps its end token', () => {
  const [text, expected] = golden.cases.find(([, e]) => e.length > 20)!
  expect(ids(text, 16)).toEqual([start, ...expected.slice(0, 14), end])
})

test('words that the vocabulary does not hold whole', () => {
  expect(tokenizer.unknownWords('A face, SMILING!')).toEqual([])
  expect(tokenizer.unknownWords('a zyxomatic face, Zyxomatic hair with 12 pins')).toContain('zyxomatic')
  expect(tokenizer.unknownWords('zyxomatic Zyxomatic')).toEqual(['zyxomatic'])
  expect(tokenizer.unknownWords("the zyxomatic's face, it's a face")).toEqual(["zyxomatic's"])
  expect(tokenizer.unknownWords('')).toEqual([])
})

describe('what is no CLIP tokenizer is refused', () => {
  const model = golden.tokenizer.model
  test.each([
    ['not an object', 7],
    ['word pieces', { model: { type: 'WordPiece', vocab: {} } }],
    ['no word ends', { ...golden.tokenizer, model: { ...model, end_of_word_suffix: null } }],
    ['no start and end', { ...golden.tokenizer, model: { ...model, vocab: { a: 0 } } }],
    ['ids that are no integers', { ...golden.tokenizer, model: { ...model, vocab: { a: 'b' } } }],
    ['an unknown step', { ...golden.tokenizer, normalizer: { type: 'Sorcery' } }],
  ])('%s', (_, json) => {
    expect(() => loadTokenizer(json)).toThrow(expect.objectContaining({ code: 'tokenizer.unsupported' }) as Error)
  })
})
