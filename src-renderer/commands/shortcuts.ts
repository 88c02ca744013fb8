import { isMac, type Command } from './command.ts'

/** What a person chose about keys; see the settings store. */
export interface KeyChoices {
  readonly shortcuts: Readonly<Record<string, readonly string[]>>
  readonly letterKeys: boolean
}

/** The keys that a command answers to now: the person's own, else the command's; without bare letters where those are switched off. */
export function keysOf(command: Pick<Command, 'id' | 'keys'>, { shortcuts, letterKeys }: KeyChoices): readonly string[] {
  const keys = shortcuts[command.id] ?? command.keys ?? []
  return letterKeys ? keys : keys.filter((each) => !isBareCharacter(each))
}

/** A letter, digit or sign without Ctrl, ⌘ or Alt: what speech input and dictation trip over (WCAG 2.1.4). */
export function isBareCharacter(keys: string): boolean {
  const parts = keys.split(/(?<=\w|\])\+/)
  const key = parts.at(-1)!
  const isCharacter = key.length === 1 || /^(Key|Digit|Bracket|Backslash|Comma|Period|Slash|Semicolon|Quote|Minus|Equal)/.test(key)
  return isCharacter && !parts.slice(0, -1).some((part) => /\$mod|Control|Meta|Alt/.test(part))
}

/** Two notations of the same press: "[Shift]+?" is pressed as "Shift+?". */
export const isSamePress = (one: string, other: string): boolean => plain(one) === plain(other)
const plain = (keys: string) =>
  keys
    .replaceAll(/\[(\w+)\]/g, '$1')
    .replace(isMac ? 'Meta' : 'Control', '$mod')
    .toLowerCase()

/** The commands that answer to the same press already. */
export function conflictsOf(commands: readonly Command[], choices: KeyChoices, id: string, keys: string): readonly Command[] {
  return commands.filter((command) => command.id !== id && keysOf(command, choices).some((each) => isSamePress(each, keys)))
}

/** Signs whose place on the keyboard matters more than what is printed there: on many layouts they need AltGr or Shift. */
const BY_POSITION = new Set(['BracketLeft', 'BracketRight'])
const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead', 'Unidentified'])

/** A key press in tinykeys' notation, for the field that records one; undefined while only modifiers are down. */
export function pressOf(event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string | undefined {
  if (MODIFIERS.has(event.key)) return undefined
  const parts: string[] = []
  if (isMac ? event.metaKey : event.ctrlKey) parts.push('$mod')
  if (isMac ? event.ctrlKey : event.metaKey) parts.push(isMac ? 'Control' : 'Meta')
  if (event.altKey) parts.push('Alt')
  const isSign = event.key.length === 1 && event.key.toLowerCase() === event.key.toUpperCase() && !/\d/.test(event.key)
  // "?" is "?" whether or not this keyboard needs Shift for it.
  if (event.shiftKey) parts.push(isSign && !BY_POSITION.has(event.code) ? '[Shift]' : 'Shift')
  const key = BY_POSITION.has(event.code) || event.key === ' ' ? event.code : event.key.length === 1 ? event.key.toLowerCase() : event.key
  return [...parts, key].join('+')
}
