import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { i18n } from '../i18n/i18n.ts'
import { useDocument } from './document.ts'
import { useToasts } from './toasts.ts'

/** States that a person gave a name, so that they can be found again and compared with whatever is done later. */
export const useSnapshots = defineStore('snapshots', () => {
  const document = useDocument()
  const toasts = useToasts()
  const list = computed(() => document.snapshots)
  /** Its name is being typed. */
  const renaming = ref<string>()

  /** Of the present state, with a name of its own that can be typed over at once. */
  function take(): void {
    if (document.past === undefined) return
    const id = crypto.randomUUID()
    document.snapshots = [...list.value, { id, name: freeName(), step: document.stepNow, at: Date.now() }]
    renaming.value = id
  }
  function freeName(): string {
    const names = new Set(list.value.map((snapshot) => snapshot.name))
    let number = list.value.length + 1
    const name = () => i18n.global.t('snapshot.name', { number })
    while (names.has(name())) number++
    return name()
  }
  function rename(id: string, name: string): void {
    renaming.value = undefined
    const to = name.trim()
    if (to === '') return
    document.snapshots = list.value.map((snapshot) => (snapshot.id === id ? { ...snapshot, name: to.slice(0, 200) } : snapshot))
  }
  function remove(id: string): void {
    const before = list.value
    const gone = before.find((snapshot) => snapshot.id === id)
    const { photo } = document
    if (gone === undefined) return
    document.snapshots = before.filter((snapshot) => snapshot !== gone)
    toasts.show({
      kind: 'info',
      text: { key: 'snapshot.removed', values: { name: gone.name } },
      action: {
        label: { key: 'command.undo' },
        run: () => {
          if (document.photo === photo) document.snapshots = [...document.snapshots, gone].sort((a, b) => a.at - b.at)
        },
      },
    })
  }
  return { list, renaming, take, rename, remove }
})
