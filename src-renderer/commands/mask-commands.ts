import { markRaw, nextTick } from 'vue'
import { Brush, Eraser, Lasso } from '@lucide/vue'
import { useBrush } from '../stores/brush.ts'
import { useDocument } from '../stores/document.ts'
import { useMasks } from '../stores/masks.ts'
import { useView, type Tool } from '../stores/view.ts'
import type { Command } from './command.ts'

const REGIONS = ['face', 'skin', 'hair', 'eyes', 'mouth', 'background', 'changed'] as const
/** The digits 1 … 9 and 0 as a hand finds them: the flow in tens of percent. */
const FLOWS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const

/** Painting where a layer shows. */
export function maskCommands(): readonly Command[] {
  const brush = useBrush()
  const document = useDocument()
  const masks = useMasks()
  const view = useView()
  const hasLayer = () => masks.layer !== undefined
  const hasMask = () => masks.mask !== undefined
  const isBrushing = () => brush.tool === 'brush'
  const tool = (name: Tool, key: string, icon: Command['icon']): Command => ({
    id: `tool.${name}`,
    group: 'view',
    section: 3,
    icon: markRaw(icon!),
    keys: [key],
    isEnabled: () => document.recipe !== undefined && hasLayer(),
    isOn: () => view.tool === name,
    run: () => view.setTool(name),
  })
  const whileBrushing = (id: string, keys: readonly string[], run: () => void): Command => ({
    id,
    group: 'layer',
    section: 6,
    keys,
    isHidden: true,
    isEnabled: isBrushing,
    run,
  })
  const onMask = (id: string, run: () => void, keys: readonly string[] = [], isEnabled = hasMask): Command => ({
    id,
    group: 'layer',
    section: 5,
    keys,
    isEnabled,
    run,
  })
  async function focusRegions(): Promise<void> {
    if (!view.panels.right) view.togglePanel('right')
    await nextTick()
    window.document.querySelector<HTMLElement>('[data-mask-regions] button')?.focus()
  }

  return [
    tool('brush', 'b', Brush),
    tool('eraser', 'e', Eraser),
    tool('lasso', 'l', Lasso),
    { id: 'mask.regions', group: 'layer', section: 4, keys: ['w'], isHidden: true, isEnabled: hasLayer, run: () => void focusRegions() },
    ...REGIONS.map((region): Command => ({
      id: `mask.${region}`,
      group: 'layer',
      section: 4,
      isEnabled: () => hasLayer() && !masks.isFinding && !(region === 'changed' && masks.layer?.kind === 'image'),
      run: () => void masks.find(region),
    })),
    onMask('mask.invert', masks.invert, ['$mod+i']),
    onMask('mask.fill', () => masks.fill(255), [], hasLayer),
    onMask('mask.clear', () => masks.fill(0), [], hasLayer),
    { ...onMask('mask.toggle', masks.toggle), isOn: () => masks.mask?.enabled === true },
    onMask('mask.copy', masks.copy),
    onMask(
      'mask.paste',
      () => masks.layer && masks.give(masks.layer.id, masks.copied),
      [],
      () => hasLayer() && masks.copied !== undefined,
    ),
    onMask('mask.delete', masks.remove),
    { ...onMask('mask.overlay', masks.toggleOverlay, ['o']), isOn: () => masks.isOverlayShown },
    onMask('mask.overlay-colour', masks.nextTint, ['Shift+o']),
    whileBrushing('mask.swap', ['x'], () => view.setTool(view.tool === 'eraser' ? 'brush' : 'eraser')),
    whileBrushing('mask.smaller', ['BracketLeft'], () => brush.grow(-1)),
    whileBrushing('mask.larger', ['BracketRight'], () => brush.grow(1)),
    whileBrushing('mask.softer', ['Shift+BracketLeft'], () => brush.harden(-1)),
    whileBrushing('mask.harder', ['Shift+BracketRight'], () => brush.harden(1)),
    ...FLOWS.map((tens) => whileBrushing(`mask.flow-${tens * 10}`, [`Digit${tens % 10}`], () => (brush.flow = tens / 10))),
  ]
}
