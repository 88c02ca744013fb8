import { defineStore } from 'pinia'
import { ref } from 'vue'
import { Cancelled, StudioError, type ErrorData } from '../../src-main/contract/errors.ts'
import type { Label } from '../document/history.ts'

export interface ToastAction {
  readonly label: Label
  readonly run: () => void
}
export interface Toast {
  readonly id: number
  readonly kind: 'info' | 'warning' | 'error'
  /** Text from the host is shown as it is; our own comes as a key. */
  readonly text: string | Label
  readonly todo?: string
  readonly details?: string
  readonly action?: ToastAction
}

const LIFETIME_MS = { info: 6000, warning: 12_000, error: Infinity } as const
const MOST = 4

/** Notices at the lower right. Errors stay until they are dismissed; nothing ever blocks the work. */
export const useToasts = defineStore('toasts', () => {
  const list = ref<Toast[]>([])
  let nextId = 1

  function show(toast: Omit<Toast, 'id'>): number {
    const id = nextId++
    list.value = [...list.value.filter((other) => !isSame(other, toast)), { ...toast, id }].slice(-MOST)
    const lifetime = toast.action === undefined ? LIFETIME_MS[toast.kind] : LIFETIME_MS.error
    if (lifetime < Infinity) setTimeout(() => dismiss(id), lifetime)
    return id
  }
  function dismiss(id: number): void {
    list.value = list.value.filter((toast) => toast.id !== id)
  }
  /** What was thrown, as a sentence and the next step; giving up is no failure and shows nothing. */
  function showError(thrown: unknown, where: string): void {
    if (thrown instanceof Cancelled) return
    const error = StudioError.from(thrown, where).toData()
    show({ kind: 'error', text: `${error.where}: ${error.what}.`, todo: error.todo, details: details(error) })
  }
  return { list, show, showError, dismiss }
})

const isSame = (one: Toast, other: Omit<Toast, 'id'>) => JSON.stringify(one.text) === JSON.stringify(other.text)

const details = (error: ErrorData) =>
  [`Stylebridge · ${error.code}`, `${error.where}: ${error.what}.`, error.todo, navigator.userAgent].join('\n')
