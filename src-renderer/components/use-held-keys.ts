import { useEventListener } from '@vueuse/core'
import { isEmptyText, isTextField } from '../commands/command.ts'
import { useComparing } from '../stores/comparing.ts'
import { useDocument } from '../stores/document.ts'
import { useJobs } from '../stores/jobs.ts'
import { useVariations, variationId } from '../stores/variations.ts'
import { useView } from '../stores/view.ts'

/** Keys that are held; digits, which choose in a grid and rate a variation; and Escape, whose meaning depends on what is going on: first the gesture, then the grid, what is shown, the comparison, the job. */
export function useHeldKeys(): void {
  const comparing = useComparing()
  const document = useDocument()
  const jobs = useJobs()
  const variations = useVariations()
  const view = useView()

  useEventListener(window, 'keydown', (event: KeyboardEvent) => {
    if (view.dialog !== 'none' || event.defaultPrevented) return
    // No sentence begins with a backslash: in an empty prompt the key still shows the photo.
    if (isTextField(event.target) && !(event.key === '\\' && isEmptyText(event.target))) return
    if (event.key === '\\' && document.recipe !== undefined) {
      event.preventDefault()
      view.isHoldingBefore = true
    }
    if (event.key === 'Escape') escape()
    if (/^[0-9]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) digit(Number(event.key))
  })
  useEventListener(window, 'keyup', (event: KeyboardEvent) => {
    if (event.key === '\\') view.isHoldingBefore = false
  })
  useEventListener(window, 'blur', () => (view.isHoldingBefore = false))

  function digit(value: number): void {
    if (view.compare === 'grid') comparing.pick(value - 1)
    else if (variations.shown !== undefined && value <= 5)
      variations.rate(variationId(variations.shown.group, variations.shown.result), value)
  }
  function escape(): void {
    if (document.isInGesture) document.bail()
    else if (view.cropDraft !== undefined) return
    else if (view.compare === 'grid') comparing.closeGrid()
    else if (view.shown.kind !== 'result') view.shown = { kind: 'result' }
    else if (view.compare !== 'off') view.compare = 'off'
    else if (jobs.current !== undefined) jobs.current.cancel()
    else window.document.querySelector<HTMLElement>('[data-testid=canvas]')?.focus()
  }
}
