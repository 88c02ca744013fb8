import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import type { StoredHistory } from '../../src-main/contract/history.ts'
import { happened, storedStep } from '../document/happened.ts'
import { JournalWriter } from '../document/journal-writer.ts'
import { useHost } from '../host/host.ts'
import { useDocument } from './document.ts'
import { useEngine } from './engine.ts'
import { useToasts } from './toasts.ts'
import { useVariations } from './variations.ts'

/** What a page remembers over a reload, and a closed one forgets: the document that it shows. */
const SESSION_KEY = 'stylebridge.document'

/** Keeps the document that is shown in the host's journal, from its opening to its closing. */
export const useJournal = defineStore('journal', () => {
  const document = useDocument()
  const engine = useEngine()
  const toasts = useToasts()
  const variations = useVariations()

  /** As the host knows the document; undefined until it does. */
  const id = ref<string>()
  /** Everything that happened is on the disk. */
  const isKept = ref(true)
  let writer: JournalWriter | undefined
  /** Small pictures of the states, by step. */
  const pictures = new Map<number, string>()

  function stored(): StoredHistory {
    const { opened, root, steps, current } = document.past!
    return {
      format: 1,
      opened,
      root,
      steps: steps.map(storedStep),
      current,
      snapshots: [...document.snapshots],
      pictures: [...pictures].map(([step, blob]) => ({ step, blob })),
      ...(document.savedAt === 0 ? {} : { saved: document.savedAt }),
      ...(variations.groups.length === 0 ? {} : { variations: [...variations.groups] }),
    }
  }

  /** Follows the document that is shown from now on. @param known where the host has opened it for this page */
  function follow(known?: { id: string; lines: number; pictures: StoredHistory['pictures'] }): void {
    for (const { step, blob } of known?.pictures ?? []) pictures.set(step, blob)
    const recipe = document.recipe!
    const made: JournalWriter = new JournalWriter(
      {
        host: useHost(),
        name: recipe.photo.name,
        packTitle: engine.packs.find((pack) => pack.id === recipe.pack.id)?.title ?? '',
        whole: (): StoredHistory | undefined => (writer === made ? stored() : undefined),
        changed: () => {
          if (writer !== made) return
          id.value = made.id
          isKept.value = made.isKept
          remember(made.id)
        },
        failed: (error) => toasts.showError(error, 'Journal'),
      },
      known ?? stored(),
    )
    writer = made
    made.start()
  }
  /** Stops following, before another document is shown; what is left to write is written meanwhile. */
  function leave(): void {
    const left = writer
    writer = undefined
    id.value = undefined
    isKept.value = true
    pictures.clear()
    remember(undefined)
    void left?.close()
  }

  watch(
    () => document.past,
    (now, before) => {
      if (writer === undefined || now === undefined || before === undefined) return
      const lines = happened(before, now)
      if (lines === 'cut') writer.rewrite()
      else if (lines.length > 0) writer.note(...lines)
    },
    { flush: 'sync' },
  )
  watch(
    () => document.snapshots,
    (snapshots) => writer?.note({ kind: 'snapshots', snapshots: [...snapshots] }),
    { flush: 'sync' },
  )
  watch(
    () => document.savedAt,
    (step) => writer?.note({ kind: 'saved', step }),
    { flush: 'sync' },
  )

  watch(
    () => variations.groups,
    (now, before) => {
      const changed = now.filter((group) => !before.includes(group))
      const gone = before.filter(({ id }) => !now.some((group) => group.id === id)).map(({ id }) => id)
      if (changed.length + gone.length > 0) writer?.note({ kind: 'variations', changed, gone })
    },
    { flush: 'sync' },
  )

  return {
    id,
    isKept,
    follow,
    leave,
    /** A state's small picture, so that it is there after a restart too. */
    picture: (step: number, blob: string) => {
      if (writer === undefined || pictures.get(step) === blob) return
      pictures.set(step, blob)
      writer.note({ kind: 'picture', step, blob })
    },
    pictureOf: (step: number) => pictures.get(step),
    /** Resolves when everything that happened so far is on the disk. */
    whenKept: async () => writer?.whenKept(),
    /** The page is going. */
    hurry: () => writer?.hurry(),
    remembered: () => sessionStorage.getItem(SESSION_KEY) ?? undefined,
  }
})

function remember(id: string | undefined): void {
  if (id === undefined) sessionStorage.removeItem(SESSION_KEY)
  else sessionStorage.setItem(SESSION_KEY, id)
}
