export interface SliderRange {
  readonly min: number
  readonly max: number
  /** One arrow key; Shift ten of them, Alt a tenth. */
  readonly step: number
}

/** Decimals that a value of this step is shown and kept with. */
const decimals = (step: number): number => Math.max(0, Math.ceil(-Math.log10(step)) + 1)

/** Inside the range, without the dust of binary fractions. */
export function tidy(value: number, { min, max, step }: SliderRange): number {
  return Number(Math.min(Math.max(value, min), max).toFixed(decimals(step)))
}

/** What an arrow, Home, End or Page key makes of a value; undefined for any other key. */
export function valueAfterKey(
  value: number,
  range: SliderRange,
  event: { key: string; shiftKey: boolean; altKey: boolean },
): number | undefined {
  const size = range.step * (event.shiftKey ? 10 : event.altKey ? 0.1 : 1)
  switch (event.key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return tidy(value + size, range)
    case 'ArrowLeft':
    case 'ArrowDown':
      return tidy(value - size, range)
    case 'PageUp':
      return tidy(value + range.step * 10, range)
    case 'PageDown':
      return tidy(value - range.step * 10, range)
    case 'Home':
      return range.min
    case 'End':
      return range.max
    default:
      return undefined
  }
}

/** A typed number, with a comma or a point, a proper or a plain minus; undefined when it is none. */
export function parseTyped(text: string): number | undefined {
  const cleaned = text.replace(',', '.').replace('−', '-').replace(/[%\s]/g, '')
  const value = Number(cleaned)
  return cleaned === '' || Number.isNaN(value) ? undefined : value
}
