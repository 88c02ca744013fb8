import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Recent } from '../../src-main/contract/calls.ts'
import { useHost } from '../host/host.ts'
import { useToasts } from './toasts.ts'

/** What was worked on, the latest first, as the host knows it. */
export const useRecents = defineStore('recents', () => {
  const toasts = useToasts()
  const list = shallowRef<readonly Recent[]>([])

  async function refresh(): Promise<void> {
    try {
      list.value = (await useHost().client.call('documents.recent', {})).documents
    } catch (error) {
      toasts.showError(error, 'Stylebridge')
    }
  }
  /** Takes a document off the list. It can be taken back until the program is started again. */
  async function remove({ id, name }: Pick<Recent, 'id' | 'name'>): Promise<void> {
    const set = async (isForgotten: boolean) => {
      try {
        await useHost().client.call('documents.forget', { id, isForgotten })
      } catch (error) {
        toasts.showError(error, name)
      }
      await refresh()
    }
    await set(true)
    toasts.show({
      kind: 'info',
      text: { key: 'recent.removed', values: { name } },
      action: { label: { key: 'command.undo' }, run: () => void set(false) },
    })
  }
  return { list, refresh, remove }
})
