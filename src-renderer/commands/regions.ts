/** The parts of the window that F6 walks, in reading order; each carries data-region. */
export function focusRegion(direction: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter((region) => region.offsetParent !== null)
  if (regions.length === 0) return
  const now = regions.findIndex((region) => region.contains(document.activeElement))
  const next = regions[(now + direction + regions.length) % regions.length]!
  const target = next.matches('[tabindex]') ? next : next.querySelector<HTMLElement>(FOCUSABLE)
  ;(target ?? next).focus()
}

const FOCUSABLE = 'textarea, input:not([type=hidden]):not(:disabled), button:not(:disabled), select, [tabindex="0"]'
