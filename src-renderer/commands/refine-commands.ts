import { useOpening } from '../stores/opening.ts'
import { useRefining } from '../stores/refining.ts'
import type { Command } from './command.ts'

/** A better inversion. */
export function refineCommands(): readonly Command[] {
  const opening = useOpening()
  const refining = useRefining()
  return [
    {
      id: 'refine',
      group: 'edit',
      section: 4,
      isEnabled: () => opening.inversion !== undefined && !refining.isRunning && (!refining.isRefined || refining.isUnfinished),
      run: () => void refining.start(),
    },
    { id: 'refine-stop', group: 'edit', section: 4, isHidden: true, isEnabled: () => refining.isRunning, run: refining.stop },
  ]
}
