import { useDebounceFn } from '@vueuse/core'
import { onScopeDispose, ref, watch } from 'vue'
import type { CallOutput } from '../../src-main/contract/calls.ts'
import { useHost } from '../host/host.ts'
import { useDocument } from './document.ts'
import { useExporting } from './exporting.ts'

/** Long enough for a slider to come to rest. */
const WAIT_MS = 250

/** About how large the file will be, for as long as the component that asks is there. Undefined while nothing is known for the present choices. */
export function useExportEstimate() {
  const document = useDocument()
  const exporting = useExporting()
  const estimate = ref<CallOutput<'export.estimate'>>()
  let asking: AbortController | undefined

  const ask = useDebounceFn(async () => {
    const recipe = document.recipe
    asking?.abort()
    if (recipe === undefined) return
    const mine = new AbortController()
    asking = mine
    const answer = await useHost()
      .client.call('export.estimate', { recipe, ...exporting.options }, { signal: mine.signal })
      .catch(() => undefined)
    if (asking === mine) estimate.value = answer
  }, WAIT_MS)

  watch(
    () => exporting.options,
    (now, before) => {
      if (before === undefined || changesSize(now, before)) estimate.value = undefined
      void ask()
    },
    { immediate: true },
  )
  onScopeDispose(() => asking?.abort())
  return estimate
}

/** The old figure would mislead where format or size changed; while a slider moves it is near enough. */
const changesSize = (now: object, before: object) =>
  ['format', 'maxSide', 'depth'].some((name) => now[name as keyof typeof now] !== before[name as keyof typeof before])
