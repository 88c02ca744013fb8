import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../stores/settings.ts'
import { messages, type Messages } from './messages.ts'

/** Every string by its path. */
function strings(node: Messages, path = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [name, value] of Object.entries(node)) {
    if (typeof value === 'string') found.set(`${path}${name}`, value)
    else for (const [key, text] of strings(value, `${path}${name}.`)) found.set(key, text)
  }
  return found
}
const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([each]) => each).sort()
const english = strings(messages.en!)

describe.each(LANGUAGES.filter((language) => language !== 'en'))('the language %s', (language) => {
  const own = strings(messages[language]!)

  it('says everything that English says, and nothing else', () => {
    expect([...english.keys()].filter((key) => !own.has(key))).toEqual([])
    expect([...own.keys()].filter((key) => !english.has(key))).toEqual([])
    expect([...own].filter(([, text]) => text.trim() === '').map(([key]) => key)).toEqual([])
  })

  it('has the same places for values', () => {
    const different = [...english].filter(([key, text]) => placeholders(text).join() !== placeholders(own.get(key) ?? text).join())
    expect(different.map(([key]) => key)).toEqual([])
  })

  it('is its own: hardly any longer string was left in English', () => {
    const same = [...english].filter(([key, text]) => [...text.matchAll(/(?<!\{)\b[a-z]{2,}/gi)].length > 3 && own.get(key) === text)
    expect(same.map(([key]) => key)).toEqual(['donor.text-placeholder'])
  })
})
