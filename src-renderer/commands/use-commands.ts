import { computed, inject, provide, type InjectionKey } from 'vue'
import { useSettings } from '../stores/settings.ts'
import { ariaKeys, showKeys, type Command } from './command.ts'
import { keysOf } from './shortcuts.ts'

/** The commands with the keys that this person gave them. */
export interface CommandBook {
  readonly list: readonly Command[]
  get(id: string): Command
  /** Every command with the keys that it answers to now; changes with the settings. */
  readonly bound: readonly Command[]
  /** The key as printed on this keyboard, or nothing. */
  keys(id: string): string
  /** All of them. */
  allKeys(id: string): readonly string[]
  ariaKeys(id: string): string | undefined
  run(id: string): void
}

const key: InjectionKey<CommandBook> = Symbol('commands')

export function provideCommands(list: readonly Command[]): CommandBook {
  const settings = useSettings()
  const byId = new Map(list.map((command) => [command.id, command]))
  const get = (id: string) => {
    const command = byId.get(id)
    if (command === undefined) throw new Error(`there is no command ${id}`)
    return command
  }
  const bound = computed(() => list.map((command) => ({ ...command, keys: keysOf(command, settings.values) })))
  const keysById = computed(() => new Map(bound.value.map(({ id, keys }) => [id, keys])))
  const first = (id: string) => keysById.value.get(get(id).id)?.[0]
  const book: CommandBook = {
    list,
    get,
    get bound() {
      return bound.value
    },
    keys: (id) => {
      const keys = first(id)
      return keys === undefined ? '' : showKeys(keys)
    },
    allKeys: (id) => keysById.value.get(id) ?? [],
    ariaKeys: (id) => {
      const keys = first(id)
      return keys === undefined ? undefined : ariaKeys(keys)
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
