import Konva from 'konva'

let isWide = false

/** Whether canvases are made in Display P3. */
export const hasWideColours = (): boolean => isWide

/**
 * On a screen that shows more than sRGB, canvases are made in Display P3, so that a photo's colours are not cut on their way. A context's space is
 * decided when it is first asked for, and Konva asks without: so ours asks before it.
 */
export function useWideColours(): void {
  if (isWide || !matchMedia('(color-gamut: p3)').matches) return
  isWide = true
  const create = Konva.Util.createCanvasElement.bind(Konva.Util)
  Konva.Util.createCanvasElement = () => {
    const canvas = create()
    canvas.getContext('2d', { colorSpace: 'display-p3' })
    return canvas
  }
}
