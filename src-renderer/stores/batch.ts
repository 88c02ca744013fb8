import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { z } from 'zod'
import { batchOptionsSchema, type BatchOptions, type BatchRow, type CallOutput } from '../../src-main/contract/calls.ts'
import { Cancelled } from '../../src-main/contract/errors.ts'
import { useHost } from '../host/host.ts'
import { useDocument } from './document.ts'
import { useExporting } from './exporting.ts'
import { useJobs } from './jobs.ts'
import { useToasts } from './toasts.ts'

/** What a batch needs besides the layers and the file's options, which are those of the last export. */
export type BatchChoices = Omit<BatchOptions, 'options'>

const choicesSchema = batchOptionsSchema.omit({ options: true }).extend({ folder: z.string().max(4096), out: z.string().max(4096) })
const defaultChoices: BatchChoices = {
  folder: '',
  out: '',
  recursive: true,
  faces: 'largest',
  withoutFace: 'skip',
  template: '{name}-edited',
  conflict: 'unique',
}

export type BatchPhase = 'idle' | 'running' | 'paused' | 'done'

/** The document's layers on a whole folder. It goes on while the dialog is closed; what was done is on disk, so pausing is stopping. */
export const useBatch = defineStore('batch', () => {
  const document = useDocument()
  const exporting = useExporting()
  const jobs = useJobs()
  const toasts = useToasts()
  const choices = ref<BatchChoices>(defaultChoices)
  const phase = ref<BatchPhase>('idle')
  const rows = ref<readonly BatchRow[]>([])
  const plan = ref<CallOutput<'batch.plan'>>()
  const counts = ref<CallOutput<'batch.run'>>()
  let running: AbortController | undefined

  const canRun = computed(() => document.recipe !== undefined && choices.value.folder !== '' && choices.value.out !== '')
  const finished = computed(() => rows.value.filter((row) => row.state !== 'working').length)
  const of = computed(() => rows.value[0]?.of ?? plan.value?.photos ?? 0)

  async function load(): Promise<void> {
    const kept = await useHost()
      .client.call('store.get', { key: 'batch' })
      .catch(() => ({ value: undefined }))
    const parsed = choicesSchema.safeParse(kept.value)
    if (parsed.success) choices.value = parsed.data
  }
  watch(choices, (value) => {
    if (phase.value !== 'running') phase.value = 'idle'
    rows.value = []
    plan.value = undefined
    void useHost()
      .client.call('store.put', { key: 'batch', value: { ...value } })
      .catch(() => undefined)
  })

  const request = () => ({ ...choices.value, options: { ...exporting.options }, recipe: document.recipe! })

  /** How many photos there are and how many an earlier run did. */
  async function look(): Promise<void> {
    if (!canRun.value) return
    try {
      plan.value = await useHost().client.call('batch.plan', request())
    } catch (error) {
      toasts.showError(error, choices.value.folder)
    }
  }

  /** Starts, or goes on where the last run stopped. */
  async function run(): Promise<void> {
    if (!canRun.value || phase.value === 'running') return
    const mine = new AbortController()
    running = mine
    phase.value = 'running'
    rows.value = []
    counts.value = undefined
    try {
      counts.value = await jobs.track({ key: 'job.batch' }, (signal, progress) => {
        signal.addEventListener('abort', () => mine.abort())
        return useHost().client.call('batch.run', request(), {
          signal: mine.signal,
          onProgress: (row) => {
            rows.value = [...rows.value.filter(({ index }) => index !== row.index), row]
            progress({ stage: row.file, step: finished.value, of: row.of })
          },
        })
      })
      phase.value = 'done'
      const { done, before, skipped, failed } = counts.value
      toasts.show({
        kind: failed > 0 ? 'warning' : 'info',
        text: { key: 'batch.finished', values: { done: done + before, skipped, failed } },
      })
    } catch (error) {
      phase.value = error instanceof Cancelled ? 'paused' : 'idle'
      rows.value = rows.value.filter(({ state }) => state !== 'working')
      toasts.showError(error, choices.value.folder)
    }
  }
  const pause = () => running?.abort()

  return { choices, phase, rows, plan, counts, canRun, finished, of, load, look, run, pause }
})
