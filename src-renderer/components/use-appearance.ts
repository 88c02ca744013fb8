import { usePreferredContrast, usePreferredLanguages, usePreferredReducedMotion, usePreferredColorScheme } from '@vueuse/core'
import { computed, watchEffect } from 'vue'
import { i18n } from '../i18n/i18n.ts'
import { LANGUAGES, useSettings } from '../stores/settings.ts'

/** Puts theme, surround, size, motion and language from the settings on the page; 'system' follows what the system says now. */
export function useAppearance(): void {
  const settings = useSettings()
  const scheme = usePreferredColorScheme()
  const contrast = usePreferredContrast()
  const motion = usePreferredReducedMotion()
  const languages = usePreferredLanguages()

  const theme = computed(() => {
    const { theme } = settings.values
    if (theme !== 'system') return theme
    if (contrast.value === 'more') return 'contrast'
    return scheme.value === 'light' ? 'light' : 'dark'
  })
  const language = computed(() => {
    const { language } = settings.values
    return language === 'system' ? systemLanguage(languages.value) : language
  })

  watchEffect(() => {
    const { surround, scale, motion: chosen } = settings.values
    const root = document.documentElement
    root.dataset.theme = theme.value
    root.dataset.surround = surround
    root.dataset.motion = (chosen === 'system' ? motion.value === 'reduce' : chosen === 'reduced') ? 'reduced' : 'full'
    root.style.setProperty('--ui-scale', String(scale))
    root.lang = language.value
    i18n.global.locale.value = language.value
  })
}

/** The first of the system's languages that the studio speaks, else English. */
export function systemLanguage(preferred: readonly string[]): (typeof LANGUAGES)[number] {
  for (const each of preferred) {
    const found = LANGUAGES.find((language) => each === language || each.startsWith(`${language}-`))
    if (found !== undefined) return found
  }
  return 'en'
}
