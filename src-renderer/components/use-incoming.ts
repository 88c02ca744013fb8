import { useEventListener } from '@vueuse/core'
import { ref, type Ref } from 'vue'
import { useHost } from '../host/host.ts'
import { useEngine } from '../stores/engine.ts'
import { useIncomingFiles } from '../stores/incoming.ts'
import { useMixing } from '../stores/mixing.ts'
import { useToasts } from '../stores/toasts.ts'

/** Where the browser can, a dropped file can be saved again. */
interface HandleItem {
  getAsFileSystemHandle?: () => Promise<FileSystemHandle | null>
}

/** The ways in: a drop anywhere, a paste, the file dialog of this host. */
export function useIncoming(fileField: Ref<HTMLInputElement | undefined>) {
  const engine = useEngine()
  const incoming = useIncomingFiles()
  const mixing = useMixing()
  const toasts = useToasts()
  const isDragging = ref(false)
  let depth = 0

  const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
  useEventListener(window, 'dragenter', (event: DragEvent) => {
    if (!carriesFiles(event)) return
    depth++
    isDragging.value = true
  })
  useEventListener(window, 'dragleave', (event: DragEvent) => {
    if (carriesFiles(event) && --depth <= 0) end()
  })
  useEventListener(window, 'dragover', (event: DragEvent) => {
    if (carriesFiles(event)) event.preventDefault()
  })
  useEventListener(window, 'drop', (event: DragEvent) => {
    if (!carriesFiles(event)) return
    end()
    // A part of the window that takes files of its own has done so.
    if (event.defaultPrevented) return
    event.preventDefault()
    const [item] = event.dataTransfer?.items ?? []
    const file = event.dataTransfer?.files[0]
    if (event.altKey && file !== undefined && mixing.canPlace) {
      void mixing.place(file)
      return
    }
    // Asked for at once: after the event there is nothing left to ask.
    const handle = (item as HandleItem | undefined)?.getAsFileSystemHandle?.() ?? Promise.resolve(undefined)
    void handle
      .catch(() => undefined)
      .then((found) => {
        if (file !== undefined) void incoming.openFile(file, found?.kind === 'file' ? (found as FileSystemFileHandle) : undefined)
      })
  })
  useEventListener(window, 'paste', (event: ClipboardEvent) => {
    const file = event.clipboardData?.files[0]
    if (file === undefined || event.defaultPrevented) return
    event.preventDefault()
    open(file)
  })
  function end(): void {
    depth = 0
    isDragging.value = false
  }
  function open(file: File | undefined): void {
    if (file !== undefined) void incoming.openFile(file)
  }

  /** The desktop app has its own dialog; elsewhere the page's file field. */
  function choose(): void {
    if (engine.info?.host === 'electron') void chooseInHost()
    else fileField.value?.click()
  }
  async function chooseInHost(): Promise<void> {
    try {
      const choice = await useHost().client.call('photo.choose', {})
      if (choice !== undefined) await incoming.openBlob(choice.blob, choice.name)
    } catch (error) {
      toasts.showError(error, 'Stylebridge')
    }
  }
  function chosen(event: Event): void {
    const field = event.target as HTMLInputElement
    open(field.files?.[0])
    field.value = ''
  }
  return { isDragging, choose, chosen }
}
