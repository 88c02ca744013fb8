import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { StudioError } from '../../src-main/contract/errors.ts'
import { useHost } from '../host/host.ts'
import { merged, promptFile, readPrompts, remembered, type PromptEntry } from './prompt-history.ts'
import { useToasts } from './toasts.ts'

const SAVE_AFTER_MS = 500
const KEY = 'prompt-history'

/** What stands in the prompt box, and what was typed before, the latest first; the host keeps it beside the settings. It never leaves the machine. */
export const usePrompts = defineStore('prompts', () => {
  const toasts = useToasts()
  const entries = shallowRef<readonly PromptEntry[]>([])
  const text = ref('')
  const neutral = ref('')
  const isHistoryOpen = ref(false)
  const history = computed(() => entries.value.map((entry) => entry.text))
  let saving: ReturnType<typeof setTimeout> | undefined

  void load()
  async function load(): Promise<void> {
    try {
      const { value } = await useHost().client.call('store.get', { key: KEY })
      entries.value = merged(entries.value, readPrompts(value) ?? [])
    } catch {
      // A history that cannot be read costs the recall, never the edit.
    }
  }
  function change(next: readonly PromptEntry[]): void {
    entries.value = next
    clearTimeout(saving)
    saving = setTimeout(() => {
      const value = promptFile(next) as never
      void useHost()
        .client.call('store.put', { key: KEY, value })
        .catch((error: unknown) => toasts.showError(error, 'Prompts'))
    }, SAVE_AFTER_MS)
  }
  const patch = (prompt: string, by: Partial<PromptEntry>) =>
    change(entries.value.map((entry) => (entry.text === prompt ? { ...entry, ...by } : entry)))

  return {
    entries,
    history,
    text,
    neutral,
    isHistoryOpen,
    /** @param on the photo's name */
    remember: (prompt: string, on?: string) =>
      change(remembered(entries.value, { text: prompt, neutral: neutral.value, on, used: new Date().toISOString() })),
    /** @param picture base64 of a small WebP or JPEG file */
    illustrate: (prompt: string, picture: string) => patch(prompt, { picture }),
    star: (prompt: string) => patch(prompt, { isStarred: !entries.value.find((entry) => entry.text === prompt)?.isStarred }),
    forget: (prompt: string) => change(entries.value.filter((entry) => entry.text !== prompt)),
    /** The whole history as JSON text. */
    exported: () => JSON.stringify(promptFile(entries.value), undefined, 1),
    /** Takes a file of prompts in; returns how many it held. Error 'prompts.unfit'. */
    take: (json: string, name: string): number => {
      const read = readPrompts(parsed(json))
      if (read === undefined) {
        throw new StudioError('prompts.unfit', {
          where: name,
          what: 'it is no history of prompts',
          todo: 'Choose a file that this studio exported.',
        })
      }
      change(merged(entries.value, read))
      return read.length
    },
  }
})

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
