// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPinia, setActivePinia } from 'pinia'
import { bindKeys } from './keyboard.ts'
import { showKeys, type Command } from './command.ts'
import { createCommands } from './registry.ts'
import { messages } from '../i18n/messages.ts'

const ran: string[] = []
let isModal = false
let unbind = () => undefined as void
const command = (id: string, keys: string[], more: Partial<Command> = {}): Command => ({
  id,
  group: 'edit',
  section: 1,
  keys,
  run: () => ran.push(id),
  ...more,
})
const press = (target: EventTarget, key: string, held: KeyboardEventInit = {}) => {
  const event = new KeyboardEvent('keydown', { key, code: `Key${key.toUpperCase()}`, bubbles: true, cancelable: true, ...held })
  target.dispatchEvent(event)
  return event
}

beforeEach(() => {
  ran.length = 0
  isModal = false
  document.body.innerHTML = '<textarea></textarea>'
  unbind = bindKeys(
    [
      command('split', ['y']),
      command('undo', ['$mod+z']),
      command('open', ['$mod+o'], { inText: true }),
      command('never', ['n'], { isEnabled: () => false }),
    ],
    () => isModal,
  )
})
afterEach(() => unbind())

describe('keys', () => {
  it('run commands, and leave letters to text fields', () => {
    const field = document.querySelector('textarea')!
    press(document.body, 'y')
    press(field, 'y')
    press(field, 'o', { ctrlKey: true })
    expect(ran).toStrictEqual(['split', 'open'])
  })

  it('undo the document from an empty prompt, the text from a full one', () => {
    const field = document.querySelector('textarea')!
    press(field, 'z', { ctrlKey: true })
    field.value = 'smiling'
    press(field, 'z', { ctrlKey: true })
    expect(ran).toStrictEqual(['undo'])
  })

  it('go to the first command that can run, where two share them', () => {
    let isBrushing = true
    unbind()
    const bound = [command('size', ['BracketLeft'], { isEnabled: () => isBrushing }), command('other', ['BracketLeft'])]
    unbind = bindKeys(bound, () => false)
    press(document.body, 'ü', { code: 'BracketLeft' })
    isBrushing = false
    press(document.body, 'ü', { code: 'BracketLeft' })
    expect(ran).toStrictEqual(['size', 'other'])
  })

  it('do nothing, and take nothing from the page, when a command cannot run or a dialog is open', () => {
    expect(press(document.body, 'n').defaultPrevented).toBe(false)
    isModal = true
    press(document.body, 'y')
    expect(ran).toStrictEqual([])
  })
})

describe('the commands', () => {
  it('have a name each, and no key twice', () => {
    setActivePinia(createPinia())
    const commands = createCommands({ chooseFile: () => undefined, focusPrompt: () => undefined })
    const name = (id: string) =>
      id.split('.').reduce<unknown>((node, part) => (node as Record<string, unknown>)[part], messages.en!.command)
    expect(commands.map(({ id }) => typeof name(id))).toStrictEqual(commands.map(() => 'string'))
    // What can always run shares its keys with nobody; others may share where only one of them can run at a time.
    const always = commands.filter((each) => each.isEnabled === undefined).flatMap((each) => each.keys ?? [])
    const keys = commands.flatMap((each) => each.keys ?? [])
    expect(always.filter((one) => keys.filter((other) => other === one).length > 1)).toStrictEqual([])
  })

  it('show their keys as the keyboard does', () => {
    expect(showKeys('$mod+Shift+e')).toBe('Ctrl+Shift+E')
    expect(showKeys('$mod++')).toBe('Ctrl++')
    expect(showKeys('[Shift]+?')).toBe('Shift+?')
    expect(showKeys('Alt+ArrowUp')).toBe('Alt+↑')
    expect(showKeys('Shift+BracketLeft')).toBe('Shift+[')
  })
})
