import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { CallOutput, EngineStatus, PackSummary } from '../../src-main/contract/calls.ts'
import { StudioError } from '../../src-main/contract/errors.ts'
import { useHost } from '../host/host.ts'
import { useToasts } from './toasts.ts'

/** The program behind the page: its version and samples, the engine's state, the packs. */
export const useEngine = defineStore('engine', () => {
  const toasts = useToasts()
  const info = shallowRef<CallOutput<'app.info'>>()
  const status = shallowRef<EngineStatus>({ phase: 'starting', devices: [] })
  const packs = shallowRef<readonly PackSummary[]>([])
  const packId = ref<string>()
  const isConnected = ref(true)

  const pack = computed(() => packs.value.find((each) => each.id === packId.value) ?? packs.value[0])

  /** Asks once at the start; each answer is used as soon as it is there. */
  async function start(): Promise<void> {
    const { client } = useHost()
    client.on('engine.status', (next) => {
      status.value = next
    })
    client.on('notice', ({ kind, text }) => void toasts.show({ kind, text }))
    const ask = async (task: Promise<void>) => task.catch((error: unknown) => toasts.showError(error, 'Stylebridge'))
    await Promise.all([
      ask(client.call('app.info', {}).then((answer) => void (info.value = answer))),
      ask(client.call('engine.status', {}).then((answer) => void (status.value = answer))),
      ask(client.call('packs.list', {}).then((answer) => void (packs.value = answer))),
    ])
  }
  /** The pack to work with. Asks again when none is known: it may have been added, or the first answer may still be on its way. */
  async function needPack(): Promise<PackSummary> {
    if (pack.value === undefined) packs.value = await useHost().client.call('packs.list', {})
    if (pack.value !== undefined) return pack.value
    throw new StudioError('packs.none', {
      where: 'Packs',
      what: 'no usable pack was found',
      todo: 'Check the pack with “packs verify” on the command line, or put a whole one into the packs folder.',
    })
  }
  const hasPack = (id: string) => packs.value.some((each) => each.id === id)
  return { info, status, packs, packId, pack, isConnected, start, needPack, hasPack }
})
