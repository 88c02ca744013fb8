// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import type { Command } from './command.ts'
import { conflictsOf, isBareCharacter, isSamePress, keysOf, pressOf } from './shortcuts.ts'

const press = (key: string, code: string, held: Partial<KeyboardEventInit> = {}) =>
  pressOf(new KeyboardEvent('keydown', { key, code, ...held }))
const command = (id: string, ...keys: string[]): Command => ({ id, group: 'edit', section: 1, keys, run: () => undefined })
const free = { shortcuts: {}, letterKeys: true }

describe('a recorded press', () => {
  it('is written as the commands write theirs', () => {
    expect(press('k', 'KeyK', { ctrlKey: true })).toBe('$mod+k')
    expect(press('E', 'KeyE', { ctrlKey: true, shiftKey: true })).toBe('$mod+Shift+e')
    expect(press('ArrowUp', 'ArrowUp', { altKey: true })).toBe('Alt+ArrowUp')
    expect(press('F7', 'F7')).toBe('F7')
    expect(press(' ', 'Space')).toBe('Space')
  })

  it('names signs by their character, brackets by their place', () => {
    expect(press('?', 'Slash', { shiftKey: true })).toBe('[Shift]+?')
    expect(press('ü', 'BracketLeft')).toBe('BracketLeft')
    expect(press('Ü', 'BracketLeft', { shiftKey: true })).toBe('Shift+BracketLeft')
  })

  it('waits for a key while only modifiers are down', () => {
    for (const key of ['Shift', 'Control', 'Alt', 'Meta']) expect(press(key, `${key}Left`)).toBeUndefined()
  })
})

describe('keys in force', () => {
  it('are the person’s own, then the command’s; an empty list is none', () => {
    expect(keysOf(command('a', 'y'), free)).toEqual(['y'])
    expect(keysOf(command('a', 'y'), { ...free, shortcuts: { a: ['q'] } })).toEqual(['q'])
    expect(keysOf(command('a', 'y'), { ...free, shortcuts: { a: [] } })).toEqual([])
  })

  it('lose bare letters where those are switched off, and nothing else', () => {
    const all = command('a', 'y', 'Shift+h', '[Shift]+?', 'BracketLeft', '$mod+z', 'Alt+y', 'F7', 'Delete', 'Alt+ArrowUp')
    expect(keysOf(all, { ...free, letterKeys: false })).toEqual(['$mod+z', 'Alt+y', 'F7', 'Delete', 'Alt+ArrowUp'])
    expect(isBareCharacter('$mod++')).toBe(false)
  })

  it('tell who else answers to a press', () => {
    const commands = [command('a', 'y'), command('b', '[Shift]+?'), command('c', 'q')]
    expect(conflictsOf(commands, { ...free, shortcuts: { c: ['y'] } }, 'a', 'y').map(({ id }) => id)).toEqual(['c'])
    expect(conflictsOf(commands, free, 'a', 'Shift+?').map(({ id }) => id)).toEqual(['b'])
    expect(isSamePress('$mod+K', '$mod+k')).toBe(true)
  })
})
