import { setCrop } from '../document/edits.ts'
import { useDocument } from '../stores/document.ts'
import { useVariations } from '../stores/variations.ts'
import { useView } from '../stores/view.ts'
import type { Command, CommandHooks } from './command.ts'

/** History, prompt and variations. */
export function editCommands(hooks: CommandHooks): readonly Command[] {
  const document = useDocument()
  const view = useView()
  const variations = useVariations()
  const hasPhoto = () => document.recipe !== undefined
  const hasLayer = () => view.selectedEdit !== undefined
  const onLayer = (run: (id: string) => void) => () => {
    if (view.selectedEdit !== undefined) run(view.selectedEdit.id)
  }
  const nextFace = () => {
    const faces = document.photo?.faces ?? []
    const now = faces.findIndex((face) => JSON.stringify(face.crop) === JSON.stringify(document.recipe?.crop))
    const next = faces[(now + 1) % faces.length]
    if (next !== undefined) document.run({ key: 'step.face' }, setCrop(next.crop))
  }

  return [
    { id: 'undo', group: 'edit', section: 1, keys: ['$mod+z'], isEnabled: () => document.canUndo, run: () => document.undo() },
    {
      id: 'redo',
      group: 'edit',
      section: 1,
      keys: ['$mod+Shift+z', '$mod+y'],
      isEnabled: () => document.canRedo,
      run: () => document.redo(),
    },
    { id: 'prompt', group: 'edit', section: 2, keys: ['/'], isEnabled: hasPhoto, run: hooks.focusPrompt },
    {
      id: 'face.next',
      group: 'edit',
      section: 2,
      keys: ['f'],
      isEnabled: () => (document.photo?.faces.length ?? 0) > 1,
      run: nextFace,
    },
    {
      id: 'variations.more',
      group: 'edit',
      section: 3,
      isEnabled: hasLayer,
      run: onLayer((id) => void variations.ask([id])),
    },
    {
      id: 'variations.keep',
      group: 'edit',
      section: 3,
      isEnabled: () => variations.shown !== undefined,
      run: variations.keep,
    },
  ]
}
