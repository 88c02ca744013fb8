import { useEventListener } from '@vueuse/core'
import { useDocument } from '../stores/document.ts'
import { useJournal } from '../stores/journal.ts'

/** Before the page goes: asks once while there are changes in no file of the person's own; and what is not written yet is sent at once. */
export function useLeaving(): void {
  const document = useDocument()
  const journal = useJournal()
  useEventListener(window, 'beforeunload', (event: BeforeUnloadEvent) => {
    if (document.isEdited) event.preventDefault()
  })
  useEventListener(window, 'pagehide', () => {
    document.settle()
    journal.hurry()
  })
}
