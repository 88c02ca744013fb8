import { nextBranch } from '../document/history-rows.ts'
import { useDocument } from '../stores/document.ts'
import { useProjects } from '../stores/projects.ts'
import { useSnapshots } from '../stores/snapshots.ts'
import type { Command } from './command.ts'

/** Project files, and the ways through a document's history that undo and redo do not go. */
export function projectCommands(): readonly Command[] {
  const document = useDocument()
  const projects = useProjects()
  const snapshots = useSnapshots()
  const hasPhoto = () => document.recipe !== undefined
  const branch = () => document.shape && nextBranch(document.shape)
  const save = (id: string, keys: string, asks: boolean): Command => ({
    id,
    group: 'file',
    section: 1,
    keys: [keys],
    inText: true,
    isEnabled: () => hasPhoto() && !projects.isSaving,
    run: () => void projects.save(asks),
  })
  return [
    save('project.save', '$mod+s', false),
    save('project.saveAs', '$mod+Shift+s', true),
    { id: 'project.close', group: 'file', section: 1, isEnabled: hasPhoto, run: projects.close },
    { id: 'snapshot.take', group: 'edit', section: 1, keys: ['Shift+s'], isEnabled: hasPhoto, run: snapshots.take },
    {
      id: 'history.branch',
      group: 'edit',
      section: 1,
      isEnabled: () => branch() !== undefined,
      run: () => {
        const next = branch()
        if (next !== undefined) document.visit(next)
      },
    },
  ]
}
