import { defineStore } from 'pinia'
import { ref } from 'vue'

const KEY = 'stylebridge.prompts'
const MOST = 200

/** What was typed before, newest first, kept in the page's own storage. It never leaves the machine. */
export const usePrompts = defineStore('prompts', () => {
  const history = ref<string[]>(read())
  /** What stands in the prompt box. */
  const text = ref('')
  const neutral = ref('')

  function remember(prompt: string): void {
    history.value = [prompt, ...history.value.filter((other) => other !== prompt)].slice(0, MOST)
    try {
      localStorage.setItem(KEY, JSON.stringify(history.value))
    } catch {
      // A full or forbidden storage costs the recall, never the edit.
    }
  }
  return { history, text, neutral, remember }
})

function read(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(stored) ? stored.filter((each): each is string => typeof each === 'string').slice(0, MOST) : []
  } catch {
    return []
  }
}
