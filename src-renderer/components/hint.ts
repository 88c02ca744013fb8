import type { Compare, Shown, Tool } from '../stores/view.ts'

export interface HintState {
  readonly hasPhoto: boolean
  readonly tool: Tool
  readonly compare: Compare
  readonly held: 'none' | 'space' | 'shift' | 'alt'
  readonly shown: Shown['kind']
}

/** The i18n key of the one line that says what a click, Shift, Alt or Space does right now. */
export function hintKey({ hasPhoto, tool, compare, held, shown }: HintState): string {
  if (!hasPhoto) return 'hint.start'
  if (held === 'space') return 'hint.pan'
  if (tool === 'crop') return held === 'shift' ? 'hint.crop-shift' : 'hint.crop'
  if (tool === 'hand') return 'hint.pan'
  if (tool === 'brush' || tool === 'eraser') return held === 'shift' ? 'hint.brush-shift' : held === 'alt' ? 'hint.brush-alt' : 'hint.brush'
  if (tool === 'lasso') return 'hint.lasso'
  if (tool === 'zoom') return held === 'alt' ? 'hint.zoom-out' : 'hint.zoom'
  if (compare === 'grid') return 'hint.grid'
  if (shown === 'variation') return 'hint.variation'
  if (compare === 'two-up' || compare === 'difference') return 'hint.side-by-side'
  if (compare !== 'off') return 'hint.split'
  return 'hint.select'
}
