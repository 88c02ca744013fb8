import { useDocument } from '../stores/document.ts'
import { useExporting } from '../stores/exporting.ts'
import { useView } from '../stores/view.ts'
import type { Command, CommandHooks } from './command.ts'

/** Opening, saving and exporting. */
export function fileCommands(hooks: CommandHooks): readonly Command[] {
  const document = useDocument()
  const exporting = useExporting()
  const view = useView()
  const hasPhoto = () => document.recipe !== undefined
  return [
    { id: 'open', group: 'file', section: 1, keys: ['$mod+o'], inText: true, run: hooks.chooseFile },
    {
      id: 'export',
      group: 'file',
      section: 2,
      keys: ['$mod+Shift+e'],
      inText: true,
      isEnabled: hasPhoto,
      run: () => (view.dialog = 'export'),
    },
    {
      id: 'export-again',
      group: 'file',
      section: 2,
      keys: ['$mod+Alt+Shift+e'],
      inText: true,
      isEnabled: () => hasPhoto() && !exporting.isRunning,
      run: () => void exporting.run(),
    },
    { id: 'batch', group: 'file', section: 2, isEnabled: hasPhoto, run: () => (view.dialog = 'batch') },
    { id: 'settings', group: 'file', section: 9, keys: ['$mod+,'], inText: true, run: () => (view.dialog = 'settings') },
  ]
}
