import '@fontsource-variable/inter/index.css'
import './styles/tokens.css'
import './styles/base.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { watchConnections } from './host/connections.ts'
import { setHost, type Host } from './host/host.ts'
import { i18n } from './i18n/i18n.ts'
import { useEngine } from './stores/engine.ts'

/** Puts the studio on the page. @param findHost gets told how to report a lost connection */
export function start(findHost: (onConnection: (isConnected: boolean) => void) => Host): void {
  const pinia = createPinia()
  const app = createApp(App).use(pinia).use(i18n)
  setHost(findHost((isConnected) => (useEngine(pinia).isConnected = isConnected)))
  watchConnections()
  app.mount('#app')
}
