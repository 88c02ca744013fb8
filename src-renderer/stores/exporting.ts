import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { z } from 'zod'
import { conflictSchema, exportOptionsSchema, type ExportOptions, type ExportRequest } from '../../src-main/contract/calls.ts'
import { isEdit, type Recipe } from '../../src-main/contract/document.ts'
import { DEFAULT_TEMPLATE, fileName } from '../../src-main/contract/file-names.ts'
import { download } from '../host/download.ts'
import { useHost } from '../host/host.ts'
import { useDocument } from './document.ts'
import { useEngine } from './engine.ts'
import { useJobs } from './jobs.ts'
import { useToasts } from './toasts.ts'

export const EXTENSIONS: Record<ExportRequest['format'], string> = {
  jpeg: 'jpg',
  png: 'png',
  webp: 'webp',
  avif: 'avif',
  tiff: 'tif',
  psd: 'psd',
}

const defaultOptions: ExportOptions = {
  format: 'jpeg',
  quality: 92,
  metadata: 'all',
  profile: 'same',
  embedRecipe: true,
  aiLabel: true,
}

/** Where an export goes, and under which name. */
const targetSchema = z.object({
  template: z.string().max(200).catch(DEFAULT_TEMPLATE),
  /** A folder of this machine by its whole path; empty: the host asks, or the browser downloads. */
  folder: z.string().max(4096).catch(''),
  conflict: conflictSchema.catch('unique'),
})
export type ExportTarget = z.infer<typeof targetSchema>

const keptSchema = z.object({ options: exportOptionsSchema.catch(defaultOptions), target: targetSchema })

/** The full-size picture: made by the engine, then saved by whoever shows this page. The last choices are remembered, also by the next start. */
export const useExporting = defineStore('exporting', () => {
  const document = useDocument()
  const engine = useEngine()
  const jobs = useJobs()
  const toasts = useToasts()
  const options = ref<ExportOptions>(defaultOptions)
  const target = ref<ExportTarget>(targetSchema.parse({}))
  const isRunning = ref(false)
  /** Whether something was exported since the start, so that "Export again" means something. */
  const hasExported = ref(false)
  let count = 0

  async function load(): Promise<void> {
    const kept = await useHost()
      .client.call('store.get', { key: 'export' })
      .catch(() => ({ value: undefined }))
    const parsed = keptSchema.safeParse(kept.value)
    if (!parsed.success) return
    options.value = parsed.data.options
    target.value = parsed.data.target
  }
  watch([options, target], ([options, target]) => {
    const value = { options: { ...options }, target: { ...target } }
    void useHost()
      .client.call('store.put', { key: 'export', value })
      .catch(() => undefined)
  })

  /** The file's whole name as the template makes it now. */
  function nameNow(recipe: Recipe, { template } = target.value, n = count + 1): string {
    return `${fileName(template, { ...nameValues(recipe), n })}.${EXTENSIONS[options.value.format]}`
  }

  /** @returns whether a file was saved; giving up in the save dialog is no failure, and neither is skipping a name that is taken */
  async function run(): Promise<boolean> {
    const recipe = document.recipe
    if (recipe === undefined || isRunning.value) return false
    const file = nameNow(recipe)
    isRunning.value = true
    try {
      const result = await jobs.track({ key: 'job.export' }, (signal, onProgress) =>
        useHost().client.call('export.render', { recipe, ...options.value }, { signal, onProgress }),
      )
      for (const warning of result.warnings) toasts.show({ kind: 'warning', text: warning })
      const saved = await save(result.blob.sha256, file)
      if (saved === undefined) return false
      count++
      hasExported.value = true
      document.markExported()
      toasts.show({ kind: 'info', text: { key: 'export.done', values: { name: saved, width: result.width, height: result.height } } })
      return true
    } catch (error) {
      toasts.showError(error, file)
      return false
    } finally {
      isRunning.value = false
    }
  }

  /** Where the file went, as a person would say it; undefined where it did not go anywhere. */
  async function save(blob: string, name: string): Promise<string | undefined> {
    const { folder, conflict } = target.value
    const host = useHost()
    const { client } = host
    if (folder !== '') {
      const { path } = await client.call('export.write', { blob, name, folder, conflict })
      if (path === undefined) toasts.show({ kind: 'warning', text: { key: 'export.skipped', values: { name } } })
      return path
    }
    if (engine.info?.host === 'electron') return (await client.call('export.save', { blob, name })).path
    download(host.blobUrl(blob, name), name)
    return name
  }

  return { options, target, isRunning, hasExported, load, nameNow, run }
})

/** What the template's fields stand for. */
function nameValues({ photo, pack, layers }: Recipe) {
  const prompt = layers
    .filter(isEdit)
    .filter((layer) => layer.visible)
    .map((layer) => layer.text)
    .join(', ')
  const today = new Date()
  const two = (x: number) => String(x).padStart(2, '0')
  const date = `${today.getFullYear()}-${two(today.getMonth() + 1)}-${two(today.getDate())}`
  return { name: photo.name, prompt, date, pack: pack.id }
}
