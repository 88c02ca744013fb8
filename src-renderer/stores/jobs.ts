import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { Progress } from '../../src-main/contract/calls.ts'
import type { Label } from '../document/history.ts'

export interface Job {
  readonly id: number
  readonly label: Label
  /** The host's own word for what it does now. */
  readonly stage: string
  /** 0…1, undefined while nothing was reported. */
  readonly share: number | undefined
  readonly cancel: () => void
}

/** What takes long enough to be shown: opening, inverting, variations, exporting. The newest is the one in the status bar. */
export const useJobs = defineStore('jobs', () => {
  const list = ref<Job[]>([])
  const current = computed(() => list.value.at(-1))
  let nextId = 1

  /** Runs a task with a line in the status bar and a signal that its cancel button aborts. */
  async function track<T>(label: Label, task: (signal: AbortSignal, progress: (value: Progress) => void) => Promise<T>): Promise<T> {
    const id = nextId++
    const controller = new AbortController()
    list.value = [...list.value, { id, label, stage: '', share: undefined, cancel: () => controller.abort() }]
    const report = ({ stage, step, of }: Progress) => {
      list.value = list.value.map((job) => (job.id === id ? { ...job, stage, share: of > 0 ? Math.min(step / of, 1) : undefined } : job))
    }
    try {
      return await task(controller.signal, report)
    } finally {
      list.value = list.value.filter((job) => job.id !== id)
    }
  }
  return { list, current, track }
})
