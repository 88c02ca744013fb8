import { expect, it } from 'vitest'
import { partsOf, phrasings } from './prompts.ts'

it.each([
  ['smiling, with red hair', ['smiling', 'with red hair']],
  ['a smiling face', ['a smiling face']],
  ['with red hair and glasses', ['with red hair', 'with glasses']],
  ['smiling and with a beard', ['smiling', 'with a beard']],
  ['glasses, and a hat', ['glasses', 'a hat']],
  ['black and white hair', ['black and white hair']],
  ['with blond hair; frowning and looking old', ['with blond hair', 'frowning', 'looking old']],
  ['red hair and green eyes', ['red hair', 'green eyes']],
  [' , ', []],
])('%j asks for %j', (text, parts) => {
  expect(partsOf(text)).toEqual(parts)
})

it('a request is also worded about the noun, unless it names it itself', () => {
  expect(phrasings('with red hair', 'face')).toEqual(['with red hair', 'a face with red hair'])
  expect(phrasings('a smiling face', 'face')).toEqual(['a smiling face'])
})
