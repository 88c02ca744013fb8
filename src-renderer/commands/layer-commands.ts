import { markRaw } from 'vue'
import { Eye } from '@lucide/vue'
import { duplicateLayer, moveLayer, patchLayer, removeLayer } from '../document/edits.ts'
import { useDocument } from '../stores/document.ts'
import { newLayerId } from '../stores/prompting.ts'
import { useView } from '../stores/view.ts'
import type { Command } from './command.ts'

/** What is done to the selected layer. */
export function layerCommands(): readonly Command[] {
  const document = useDocument()
  const view = useView()
  const hasLayer = () => view.selected !== undefined
  const onLayer = (run: (id: string) => void) => () => {
    if (view.selected !== undefined) run(view.selected.id)
  }
  const move = (by: number) =>
    onLayer((id) => {
      const place = document.layers.findIndex((layer) => layer.id === id) + by
      document.run({ key: 'step.move' }, moveLayer(id, place))
    })

  return [
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
  ]
}
