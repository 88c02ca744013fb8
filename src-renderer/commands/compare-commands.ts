import { markRaw } from 'vue'
import { Columns2, Flame, Grid2x2, PanelsLeftBottom, Rows2 } from '@lucide/vue'
import { useComparing } from '../stores/comparing.ts'
import { useDocument } from '../stores/document.ts'
import { usePrompts } from '../stores/prompts.ts'
import { useVariations } from '../stores/variations.ts'
import { useView, type Compare } from '../stores/view.ts'
import type { Command } from './command.ts'

/** Pictures beside each other, and what is done to the results in the filmstrip. */
export function compareCommands(): readonly Command[] {
  const comparing = useComparing()
  const document = useDocument()
  const prompts = usePrompts()
  const variations = useVariations()
  const view = useView()
  const hasPhoto = () => document.recipe !== undefined
  const isGrid = () => view.compare === 'grid'
  const mode = (name: Exclude<Compare, 'off' | 'grid'>, keys: string, icon: Command['icon']): Command => ({
    id: `compare.${name}`,
    group: 'view',
    section: 2,
    icon: markRaw(icon!),
    keys: [keys],
    isEnabled: hasPhoto,
    isOn: () => view.compare === name,
    run: () => view.toggleCompare(name),
  })

  return [
    {
      id: 'prompts',
      group: 'edit',
      section: 2,
      keys: ['Shift+p'],
      isEnabled: hasPhoto,
      run: () => {
        if (!view.panels.right) view.togglePanel('right')
        prompts.isHistoryOpen = true
      },
    },
    mode('vertical', 'y', Columns2),
    mode('horizontal', 'Alt+y', Rows2),
    mode('two-up', 'Shift+y', PanelsLeftBottom),
    mode('difference', 'd', Flame),
    {
      id: 'compare.grid',
      group: 'view',
      section: 2,
      icon: markRaw(Grid2x2),
      keys: ['g'],
      isEnabled: hasPhoto,
      isOn: isGrid,
      run: comparing.toggleGrid,
    },
    {
      id: 'compare.against',
      group: 'view',
      section: 2,
      keys: ['a'],
      isEnabled: () => hasPhoto() && view.compare !== 'off' && !isGrid(),
      run: comparing.nextAgainst,
    },
    { id: 'compare.drop', group: 'view', section: 2, keys: ['x'], isHidden: true, isEnabled: isGrid, run: comparing.drop },
    {
      id: 'compare.alone',
      group: 'view',
      section: 2,
      keys: ['Enter'],
      isHidden: true,
      isEnabled: () => isGrid() && isOnCanvas(),
      run: () => comparing.showAlone(comparing.picked),
    },
    {
      id: 'variations.star',
      group: 'edit',
      section: 3,
      keys: ['.'],
      isEnabled: () => variations.shown !== undefined,
      run: variations.star,
    },
    {
      id: 'variations.around',
      group: 'edit',
      section: 3,
      keys: ['Shift+m'],
      isEnabled: () => variations.shown !== undefined,
      run: () => void variations.askAround(),
    },
  ]
}

/** Enter is a button's own key where one has the focus. */
const isOnCanvas = () => window.document.activeElement?.closest('[data-testid=canvas], body') === window.document.activeElement
