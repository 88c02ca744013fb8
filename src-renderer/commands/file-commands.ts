import { useDocument } from '../stores/document.ts'
import { useView } from '../stores/view.ts'
import type { Command, CommandHooks } from './command.ts'

/** Opening, saving and exporting. */
export function fileCommands(hooks: CommandHooks): readonly Command[] {
  const document = useDocument()
  const view = useView()
  const hasPhoto = () => document.recipe !== undefined
  return [
    { id: 'open', group: 'file', section: 1, keys: ['$mod+o'], inText: true, run: hooks.chooseFile },
    {
      id: 'export',
      group: 'file',
      section: 2,
      keys: ['$mod+Shift+e', '$mod+s'],
      inText: true,
      isEnabled: hasPhoto,
      run: () => (view.dialog = 'export'),
    },
  ]
}
