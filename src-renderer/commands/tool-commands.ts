import { markRaw } from 'vue'
import { Crop, Hand, MousePointer2, ZoomIn } from '@lucide/vue'
import { useDocument } from '../stores/document.ts'
import { useView, type Tool } from '../stores/view.ts'
import type { Command } from './command.ts'

/** The tools of the rail. */
export function toolCommands(): readonly Command[] {
  const document = useDocument()
  const view = useView()
  const tool = (name: Tool, key: string, icon: Command['icon']): Command => ({
    id: `tool.${name}`,
    group: 'view',
    section: 3,
    icon: markRaw(icon!),
    keys: [key],
    isEnabled: () => document.recipe !== undefined,
    isOn: () => view.tool === name,
    run: () => view.setTool(name),
  })

  return [tool('select', 'v', MousePointer2), tool('hand', 'h', Hand), tool('crop', 'c', Crop), tool('zoom', 'z', ZoomIn)]
}
