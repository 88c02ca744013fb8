import { useView } from '../stores/view.ts'
import type { Command } from './command.ts'

/** Where a person finds everything else. */
export function helpCommands(): readonly Command[] {
  const view = useView()
  return [
    { id: 'palette', group: 'help', section: 1, keys: ['$mod+k'], inText: true, run: () => (view.dialog = 'palette') },
    { id: 'keys', group: 'help', section: 1, keys: ['[Shift]+?'], run: () => (view.dialog = 'keys') },
    { id: 'about', group: 'help', section: 2, run: () => (view.dialog = 'about') },
  ]
}
