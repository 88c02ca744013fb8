import { createI18n } from 'vue-i18n'
import type { Label } from '../document/history.ts'
import en from './en.json'

/** Every string of the page. A language is one JSON file with the same keys. */
export const i18n = createI18n({ legacy: false, locale: 'en', fallbackLocale: 'en', messages: { en } })

/** Text that arrives as data: a key with its values, or a sentence of the host as it is. */
export function say(text: string | Label): string {
  return typeof text === 'string' ? text : i18n.global.t(text.key, { ...text.values })
}
