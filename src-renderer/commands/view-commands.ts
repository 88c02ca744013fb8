import { useDocument } from '../stores/document.ts'
import { useView } from '../stores/view.ts'
import type { Command } from './command.ts'
import { focusRegion } from './regions.ts'

/** Zoom and panels. */
export function viewCommands(): readonly Command[] {
  const document = useDocument()
  const view = useView()
  const hasPhoto = () => document.recipe !== undefined
  return [
    {
      id: 'zoom.in',
      group: 'view',
      section: 1,
      keys: ['$mod+=', '$mod++'],
      inText: true,
      isEnabled: hasPhoto,
      run: () => view.canvas?.zoomBy(1),
    },
    { id: 'zoom.out', group: 'view', section: 1, keys: ['$mod+-'], inText: true, isEnabled: hasPhoto, run: () => view.canvas?.zoomBy(-1) },
    { id: 'zoom.fit', group: 'view', section: 1, keys: ['$mod+0'], inText: true, isEnabled: hasPhoto, run: () => view.canvas?.fit() },
    {
      id: 'zoom.actual',
      group: 'view',
      section: 1,
      keys: ['$mod+1'],
      inText: true,
      isEnabled: hasPhoto,
      run: () => view.canvas?.actualSize(),
    },
    { id: 'panel.left', group: 'view', section: 4, keys: ['F7'], isOn: () => view.panels.left, run: () => view.togglePanel('left') },
    { id: 'panel.right', group: 'view', section: 4, keys: ['F8'], isOn: () => view.panels.right, run: () => view.togglePanel('right') },
    {
      id: 'panel.filmstrip',
      group: 'view',
      section: 4,
      keys: ['F9'],
      isOn: () => view.panels.filmstrip,
      run: () => view.togglePanel('filmstrip'),
    },
    { id: 'region.next', group: 'view', section: 5, keys: ['F6'], inText: true, isHidden: true, run: () => focusRegion(1) },
    { id: 'region.previous', group: 'view', section: 5, keys: ['Shift+F6'], inText: true, isHidden: true, run: () => focusRegion(-1) },
  ]
}
