import '@fontsource-variable/inter/index.css'
import './styles/tokens.css'
import './styles/themes.css'
import './styles/base.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { watchConnections } from './host/connections.ts'
import { setHost, type Host } from './host/host.ts'
import { i18n } from './i18n/i18n.ts'
import { useEngine } from './stores/engine.ts'
import { useSettings } from './stores/settings.ts'
import { learnLayout } from './commands/keyboard-layout.ts'

/** Puts the studio on the page. @param findHost gets told how to report a lost connection */
export function start(findHost: (onConnection: (isConnected: boolean) => void) => Host): void {
  const pinia = createPinia()
  const app = createApp(App).use(pinia).use(i18n)
  setHost(findHost((isConnected) => (useEngine(pinia).isConnected = isConnected)))
  watchConnections()
  void learnLayout()
  // With the settings the first frame has the person's theme, size and language; a host that does not answer at once is not waited for.
  const patience = new Promise((resolve) => setTimeout(resolve, SETTINGS_WITHIN_MS))
  void Promise.race([useSettings(pinia).load(), patience]).then(() => app.mount('#app'))
}

const SETTINGS_WITHIN_MS = 800
