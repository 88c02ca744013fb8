import { tinykeys, type KeybindingsMap } from 'tinykeys'
import { isEmptyText, isTextField, type Command } from './command.ts'

/** Binds every command's keys to the window. Letters are text inside a text field, and Ctrl+Z is its own unless it is empty; keys that a command cannot use now go on to the page. */
export function bindKeys(commands: readonly Command[], isModal: () => boolean): () => void {
  const bindings: KeybindingsMap = {}
  for (const command of commands) {
    for (const keys of command.keys ?? []) {
      bindings[keys] = (event) => {
        if (event.defaultPrevented || isModal()) return
        // Held, undo and zoom repeat; a tool or a split must not flicker.
        if (event.repeat && !/\$mod|Alt/.test(keys)) return
        if (isTextField(event.target) && command.inText !== true && !(keys.includes('$mod') && isEmptyText(event.target))) return
        if (command.isEnabled?.() === false) return
        event.preventDefault()
        command.run()
      }
    }
  }
  return tinykeys(window, bindings, { ignore: (event) => event.isComposing })
}
