import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DEFAULT_TEMPLATE, fileName } from './file-names.ts'

const values = { name: 'holiday.final.jpg', prompt: 'smiling, with red hair', date: '2026-11-24', pack: 'portraits', n: 7 }

it('fills a template', () => {
  expect(fileName(DEFAULT_TEMPLATE, values)).toBe('holiday.final-edited')
  expect(fileName('{date} {n} {prompt} ({pack}) {what}', values)).toBe('2026-11-24 007 smiling, with red hair (portraits) {what}')
})

it('leaves nothing in a name that a file system refuses', () => {
  expect(fileName('../../etc/{name}', values)).toBe('etc-holiday.final')
  expect(fileName('{prompt}', { ...values, prompt: 'a/b\\c:d*e?"<>|\n' })).toBe('a-b-c-d-e')
  expect(fileName('', values)).toBe('edited')
  expect(fileName('CON', values)).toBe('CONedited')
  expect(fileName('日本語 😀 Ärger', values)).toBe('日本語 😀 Ärger')
})

it('makes a usable name of any template and values', () => {
  const text = fc.string({ unit: fc.constantFrom(...'ab .-/\\:*?"<>|{}\n\0日é', '😀', '{prompt}', 'con'), maxLength: 120 })
  fc.assert(
    fc.property(text, text, (template, prompt) => {
      const name = fileName(template, { ...values, prompt })
      expect(name).not.toMatch(/[<>:"/\\|?*]|^[. ]|[. ]$|^$/)
      expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(190)
    }),
  )
})
