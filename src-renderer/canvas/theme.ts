/** The tokens that the canvas draws with, read once: Konva knows no custom properties. */
export interface CanvasTheme {
  readonly line: string
  readonly lineUnder: string
  readonly veil: string
  readonly accent: string
  readonly handle: string
}

export function readTheme(element: Element): CanvasTheme {
  const style = getComputedStyle(element)
  const token = (name: string) => style.getPropertyValue(name).trim()
  return {
    line: token('--overlay-line'),
    lineUnder: token('--overlay-line-under'),
    veil: token('--overlay-veil'),
    accent: token('--accent-text'),
    handle: token('--thumb'),
  }
}
