import { markRaw } from 'vue'
import { Columns2, Crop, Eye, Hand, MousePointer2, Rows2, ZoomIn } from '@lucide/vue'
import { duplicateLayer, moveLayer, patchLayer, removeLayer, setCrop } from '../document/edits.ts'
import { useDocument } from '../stores/document.ts'
import { newLayerId } from '../stores/prompting.ts'
import { useVariations } from '../stores/variations.ts'
import { useView, type Tool } from '../stores/view.ts'
import type { Command } from './command.ts'
import { focusRegion } from './regions.ts'

/** What a component that holds a file field or a text field does for a command. */
export interface CommandHooks {
  readonly chooseFile: () => void
  readonly focusPrompt: () => void
}

/** Every command of the studio. */
export function createCommands(hooks: CommandHooks): readonly Command[] {
  const document = useDocument()
  const view = useView()
  const variations = useVariations()
  const hasPhoto = () => document.recipe !== undefined
  const hasLayer = () => view.selected !== undefined

  const tool = (name: Tool, key: string, icon: Command['icon']): Command => ({
    id: `tool.${name}`,
    group: 'view',
    section: 3,
    icon: markRaw(icon!),
    keys: [key],
    isEnabled: hasPhoto,
    isOn: () => view.tool === name,
    run: () => view.setTool(name),
  })
  const onLayer = (run: (id: string) => void) => () => {
    if (view.selected !== undefined) run(view.selected.id)
  }
  const move = (by: number) =>
    onLayer((id) => {
      const place = document.layers.findIndex((layer) => layer.id === id) + by
      document.run({ key: 'step.move' }, moveLayer(id, place))
    })
  const nextFace = () => {
    const faces = document.photo?.faces ?? []
    const now = faces.findIndex((face) => JSON.stringify(face.crop) === JSON.stringify(document.recipe?.crop))
    const next = faces[(now + 1) % faces.length]
    if (next !== undefined) document.run({ key: 'step.face' }, setCrop(next.crop))
  }

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
    {
      id: 'layer.toggle',
      group: 'layer',
      section: 1,
      icon: markRaw(Eye),
      keys: ['Shift+h'],
      isEnabled: hasLayer,
      run: onLayer((id) => document.run({ key: 'step.visible' }, patchLayer(id, { visible: !view.selected!.visible }))),
    },
    {
      id: 'layer.duplicate',
      group: 'layer',
      section: 1,
      keys: ['$mod+j'],
      isEnabled: hasLayer,
      run: onLayer((id) => {
        const copy = newLayerId()
        document.run({ key: 'step.duplicate' }, duplicateLayer(id, copy))
        view.selectedId = copy
      }),
    },
    {
      id: 'layer.delete',
      group: 'layer',
      section: 1,
      keys: ['Delete', 'Backspace'],
      isEnabled: hasLayer,
      run: onLayer((id) => document.run({ key: 'step.delete' }, removeLayer(id))),
    },
    { id: 'layer.up', group: 'layer', section: 2, keys: ['Alt+ArrowUp'], isEnabled: hasLayer, run: move(-1) },
    { id: 'layer.down', group: 'layer', section: 2, keys: ['Alt+ArrowDown'], isEnabled: hasLayer, run: move(1) },
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
    {
      id: 'compare.vertical',
      group: 'view',
      section: 2,
      icon: markRaw(Columns2),
      keys: ['y'],
      isEnabled: hasPhoto,
      isOn: () => view.compare === 'vertical',
      run: () => view.toggleCompare('vertical'),
    },
    {
      id: 'compare.horizontal',
      group: 'view',
      section: 2,
      icon: markRaw(Rows2),
      keys: ['Alt+y'],
      isEnabled: hasPhoto,
      isOn: () => view.compare === 'horizontal',
      run: () => view.toggleCompare('horizontal'),
    },
    tool('select', 'v', MousePointer2),
    tool('hand', 'h', Hand),
    tool('crop', 'c', Crop),
    tool('zoom', 'z', ZoomIn),
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
    { id: 'palette', group: 'help', section: 1, keys: ['$mod+k'], inText: true, run: () => (view.dialog = 'palette') },
    { id: 'keys', group: 'help', section: 1, keys: ['[Shift]+?'], run: () => (view.dialog = 'keys') },
    { id: 'about', group: 'help', section: 2, run: () => (view.dialog = 'about') },
  ]
}
