import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { ExportRequest } from '../../src-main/contract/calls.ts'
import { useHost } from '../host/host.ts'
import { useDocument } from './document.ts'
import { useEngine } from './engine.ts'
import { useJobs } from './jobs.ts'
import { useToasts } from './toasts.ts'

export type ExportOptions = Omit<ExportRequest, 'recipe'>
export const EXTENSIONS: Record<ExportRequest['format'], string> = { jpeg: 'jpg', png: 'png', webp: 'webp', avif: 'avif', tiff: 'tif' }

/** "holiday.jpg" is proposed as "holiday-edited". */
export const proposedName = (photoName: string): string => `${photoName.replace(/\.[^.]+$/, '')}-edited`

/** The full-size picture: made by the engine, then saved by whoever shows this page. */
export const useExporting = defineStore('exporting', () => {
  const document = useDocument()
  const engine = useEngine()
  const jobs = useJobs()
  const toasts = useToasts()
  const options = ref<ExportOptions>({
    format: 'jpeg',
    quality: 92,
    metadata: 'all',
    profile: 'same',
    embedRecipe: true,
    aiLabel: true,
  })
  const isRunning = ref(false)

  /** @param name without its extension @returns whether a file was saved; giving up in the save dialog is no failure */
  async function run(name: string): Promise<boolean> {
    const recipe = document.recipe
    if (recipe === undefined) return false
    const file = `${name}.${EXTENSIONS[options.value.format]}`
    isRunning.value = true
    try {
      const result = await jobs.track({ key: 'job.export' }, (signal, onProgress) =>
        useHost().client.call('export.render', { recipe, ...options.value }, { signal, onProgress }),
      )
      for (const warning of result.warnings) toasts.show({ kind: 'warning', text: warning })
      const saved = engine.info?.host === 'electron' ? await saveByHost(result.blob.sha256, file) : download(result.blob.sha256, file)
      if (saved === undefined) return false
      document.markSaved()
      toasts.show({ kind: 'info', text: { key: 'export.done', values: { name: saved, width: result.width, height: result.height } } })
      return true
    } catch (error) {
      toasts.showError(error, file)
      return false
    } finally {
      isRunning.value = false
    }
  }
  return { options, isRunning, run }
})

const saveByHost = async (blob: string, name: string) => (await useHost().client.call('export.save', { blob, name })).path

function download(sha256: string, name: string): string {
  const link = window.document.createElement('a')
  link.href = useHost().blobUrl(sha256, name)
  link.download = name
  link.click()
  return name
}
