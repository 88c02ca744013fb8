import { defaultSettings, useSettings } from '../stores/settings.ts'
import { useView } from '../stores/view.ts'
import type { Command } from './command.ts'

/** Where a person finds everything else. */
export function helpCommands(): readonly Command[] {
  const settings = useSettings()
  const view = useView()
  return [
    { id: 'palette', group: 'help', section: 1, keys: ['$mod+k'], inText: true, run: () => (view.dialog = 'palette') },
    { id: 'keys', group: 'help', section: 1, keys: ['[Shift]+?'], run: () => (view.dialog = 'keys') },
    {
      id: 'layout.reset',
      group: 'view',
      section: 4,
      run: () => {
        view.panels = { left: true, right: true, filmstrip: true }
        settings.set({ panels: defaultSettings.panels })
      },
    },
    { id: 'about', group: 'help', section: 2, run: () => (view.dialog = 'about') },
  ]
}
