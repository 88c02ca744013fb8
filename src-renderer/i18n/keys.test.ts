import { describe, expect, it } from 'vitest'
import { messages } from './messages.ts'

const texts = import.meta.glob<string>(['../**/*.{vue,ts}', '!../testing/**', '!../**/testing.ts', '!../**/*.test.ts'], {
  eager: true,
  query: '?raw',
  import: 'default',
})
const sources = Object.entries(texts).map(([file, text]) => ({ file, text }))
const source = sources.map(({ text }) => text).join('\n')

function leaves(node: object, path: string): string[] {
  return Object.entries(node).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'string' ? [`${path}${name}`] : leaves(value as object, `${path}${name}.`),
  )
}
const keys = new Set(leaves(messages.en!, ''))
/** Keys in quotes, after t( or as key:. */
const literal = [...source.matchAll(/(?:\bt\(|key: |text: \{ key: )['"]([a-z][\w-]*\.[\w.-]+)['"]/g)].map((match) => match[1]!)
/** Keys with a changing end: `film.${x}`. */
const open = [...source.matchAll(/`([a-z][\w.-]*[.-])\$\{/g)].map((match) => match[1]!)

describe('the strings', () => {
  it('hold every key that the source names', () => {
    expect(literal.filter((key) => !keys.has(key))).toStrictEqual([])
    expect(literal.length).toBeGreaterThan(100)
  })

  it('hold no key that nothing names', () => {
    const used = (key: string) => source.includes(`'${key}'`) || open.some((start) => key.startsWith(start))
    expect([...keys].filter((key) => !used(key))).toStrictEqual([])
  })

  it('are the only words in templates', () => {
    const raw = sources
      .filter(({ file }) => file.endsWith('.vue'))
      .flatMap(({ file, text }) => {
        const template = /<template>([\s\S]*)<\/template>/.exec(text)?.[1] ?? ''
        const words = template
          .replace(/<!--[\s\S]*?-->/g, '')
          .replace(/\{\{[\s\S]*?\}\}/g, '')
          .replace(/<(?:"[^"]*"|[^>"])*>/g, '\n')
        return [...words.matchAll(/[A-Za-z]{2,}.*/g)].map((match) => `${file}: ${match[0].trim()}`)
      })
    expect(raw).toStrictEqual([])
  })
})
