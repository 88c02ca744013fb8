import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { z } from 'zod'
import { useHost } from '../host/host.ts'

export const THEMES = ['system', 'dark', 'light', 'contrast'] as const
/** What surrounds the photo, from black to white; none has a hue. */
export const SURROUNDS = ['black', 'dark', 'middle', 'white'] as const
export const LANGUAGES = ['en', 'de', 'fr'] as const
export const MOTIONS = ['system', 'reduced', 'full'] as const
export const SCALES = { min: 0.8, max: 2, step: 0.1 } as const
export const VARIATION_COUNTS = { min: 4, max: 16 } as const

/** Every setting falls back to its default alone, so that one bad value of an older or newer version costs nothing else. */
const settingsSchema = z.object({
  theme: z.enum(THEMES).catch('dark'),
  surround: z.enum(SURROUNDS).catch('dark'),
  /** Size of the interface, apart from the picture's zoom; 1 is 100 %. */
  scale: z.number().min(SCALES.min).max(SCALES.max).catch(1),
  language: z.enum(['system', ...LANGUAGES]).catch('system'),
  motion: z.enum(MOTIONS).catch('system'),
  /** How many variations a prompt gets. */
  variations: z.number().int().min(VARIATION_COUNTS.min).max(VARIATION_COUNTS.max).catch(4),
  /** Keys by command, in place of the command's own; an empty list is no key at all. */
  shortcuts: z.record(z.string().max(60), z.array(z.string().max(40)).max(4)).catch({}),
  /** Whether letters without Ctrl or Alt run commands (WCAG 2.1.4). */
  letterKeys: z.boolean().catch(true),
  /** Widths of the side panels and height of the filmstrip, in CSS pixels at 100 %. */
  panels: z.object({ left: z.number().min(180).max(560), right: z.number().min(240).max(640) }).catch({ left: 244, right: 312 }),
})
export type Settings = z.infer<typeof settingsSchema>

export const defaultSettings: Settings = settingsSchema.parse({})

const SAVE_AFTER_MS = 300

/** What a person chose about the program itself: kept by the host, no part of any document, never undone by undo. */
export const useSettings = defineStore('settings', () => {
  const values = shallowRef<Settings>(defaultSettings)
  let saving: ReturnType<typeof setTimeout> | undefined

  /** Reads what was kept; a host that has nothing, or fails, leaves the defaults. */
  async function load(): Promise<void> {
    const kept = await useHost()
      .client.call('store.get', { key: 'settings' })
      .catch(() => ({ value: undefined }))
    const parsed = settingsSchema.safeParse(kept.value ?? {})
    if (parsed.success) values.value = parsed.data
  }

  function set(patch: Partial<Settings>): void {
    change({ ...values.value, ...patch })
  }

  /** Everything but the keys, which the editor of keys restores. */
  function reset(): void {
    change({ ...defaultSettings, shortcuts: values.value.shortcuts })
  }

  function change(to: Settings): void {
    values.value = to
    clearTimeout(saving)
    saving = setTimeout(() => {
      void useHost()
        .client.call('store.put', { key: 'settings', value: to })
        .catch(() => undefined)
    }, SAVE_AFTER_MS)
  }

  return { values, load, set, reset }
})
