import type { DocumentChange } from '../../document/edits.ts'
import type { Label } from '../../document/history.ts'
import { useDocument } from '../../stores/document.ts'

/** A slider's three moments as one undo step: mark, previews, settle; or bail as if it had never been touched. */
export function useGesture<Value>(label: (value?: Value) => Label, change: (value: Value) => DocumentChange) {
  const document = useDocument()
  let last: Value | undefined
  const moments = {
    begin: () => {
      last = undefined
      document.mark(label())
    },
    update: (value: Value) => {
      last = value
      document.preview(change(value))
    },
    commit: () => document.settle(label(last)),
    bail: () => document.bail(),
  }
  return {
    ...moments,
    /** All four, for a slider whose numbers are the document's own. */
    moments,
    /** A change without a gesture, for a reset or a switch. */
    set: (value: Value) => document.run(label(value), change(value)),
  }
}
