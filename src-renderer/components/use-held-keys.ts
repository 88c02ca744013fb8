import { useEventListener } from '@vueuse/core'
import { isEmptyText, isTextField } from '../commands/command.ts'
import { useDocument } from '../stores/document.ts'
import { useJobs } from '../stores/jobs.ts'
import { useView } from '../stores/view.ts'

/** Keys that are held, and Escape, whose meaning depends on what is going on: first the gesture, then what is shown, then the job. */
export function useHeldKeys(): void {
  const document = useDocument()
  const jobs = useJobs()
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
  })
  useEventListener(window, 'keyup', (event: KeyboardEvent) => {
    if (event.key === '\\') view.isHoldingBefore = false
  })
  useEventListener(window, 'blur', () => (view.isHoldingBefore = false))

  function escape(): void {
    if (document.isInGesture) document.bail()
    else if (view.cropDraft !== undefined) return
    else if (view.shown.kind !== 'result') view.shown = { kind: 'result' }
    else if (jobs.current !== undefined) jobs.current.cancel()
    else window.document.querySelector<HTMLElement>('[data-testid=canvas]')?.focus()
  }
}
