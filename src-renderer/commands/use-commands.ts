import { inject, provide, type InjectionKey } from 'vue'
import { ariaKeys, showKeys, type Command } from './command.ts'

export interface CommandBook {
  readonly list: readonly Command[]
  get(id: string): Command
  /** The key as printed on this keyboard, or nothing. */
  keys(id: string): string
  ariaKeys(id: string): string | undefined
  run(id: string): void
}

const key: InjectionKey<CommandBook> = Symbol('commands')

export function provideCommands(list: readonly Command[]): CommandBook {
  const byId = new Map(list.map((command) => [command.id, command]))
  const get = (id: string) => {
    const command = byId.get(id)
    if (command === undefined) throw new Error(`there is no command ${id}`)
    return command
  }
  const book: CommandBook = {
    list,
    get,
    keys: (id) => {
      const first = get(id).keys?.[0]
      return first === undefined ? '' : showKeys(first)
    },
    ariaKeys: (id) => {
      const first = get(id).keys?.[0]
      return first === undefined ? undefined : ariaKeys(first)
    },
    run: (id) => {
      const command = get(id)
      if (command.isEnabled?.() !== false) command.run()
    },
  }
  provide(key, book)
  return book
}

export function useCommands(): CommandBook {
  const book = inject(key)
  if (book === undefined) throw new Error('commands are provided by the app')
  return book
}
