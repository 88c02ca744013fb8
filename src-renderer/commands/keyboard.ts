import { tinykeys, type KeybindingsMap } from 'tinykeys'
import { isEmptyText, isTextField, type Command } from './command.ts'

/**
 * Binds every command's keys to the window. Letters are text inside a text field, and Ctrl+Z is its own unless it is empty; of commands that share
 * keys the first one that can run does; keys that no command can use now go on to the page.
 */
export function bindKeys(commands: readonly Command[], isModal: () => boolean): () => void {
  const sharing = new Map<string, Command[]>()
  for (const command of commands) for (const keys of command.keys ?? []) sharing.set(keys, [...(sharing.get(keys) ?? []), command])
  const bindings: KeybindingsMap = {}
  for (const [keys, candidates] of sharing) {
    bindings[keys] = (event) => {
      if (event.defaultPrevented || isModal()) return
      // Held, undo and zoom repeat; a tool or a split must not flicker.
      if (event.repeat && !/\$mod|Alt/.test(keys)) return
      const isText = isTextField(event.target) && !(keys.includes('$mod') && isEmptyText(event.target))
      const command = candidates.find((each) => (!isText || each.inText === true) && each.isEnabled?.() !== false)
      if (command === undefined) return
      event.preventDefault()
      command.run()
    }
  }
  return tinykeys(window, bindings, { ignore: (event) => event.isComposing })
}
