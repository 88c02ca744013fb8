import { createI18n } from 'vue-i18n'
import type { Label } from '../document/history.ts'
import { messages } from './messages.ts'

/** Every string of the page. */
export const i18n = createI18n({ legacy: false, locale: 'en', fallbackLocale: 'en' })
for (const [language, texts] of Object.entries(messages)) i18n.global.setLocaleMessage(language, texts)

/** Text that arrives as data: a key with its values, or a sentence of the host as it is. */
export function say(text: string | Label): string {
  return typeof text === 'string' ? text : i18n.global.t(text.key, { ...text.values })
}
