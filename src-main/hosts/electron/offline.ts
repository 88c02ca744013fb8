import { app, session, type WebContents } from 'electron'
import { ORIGIN } from './wire.ts'

/** Before the app is ready: Chromium itself looks nothing up and fetches nothing. */
export function cutChromiumOff(): void {
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND')
  for (const name of ['disable-background-networking', 'disable-component-update', 'disable-domain-reliability', 'no-pings']) {
    app.commandLine.appendSwitch(name)
  }
}

/** Cancels every request that is not to ourselves, denies every permission. */
export function cutSessionOff(): void {
  const { defaultSession } = session
  defaultSession.webRequest.onBeforeRequest(({ url }, decide) => decide({ cancel: !isOurs(url) }))
  defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  defaultSession.setPermissionCheckHandler(() => false)
  defaultSession.setSpellCheckerEnabled(false)
}

/** A page stays where it is and opens nothing. */
export function pinPage(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

const isOurs = (url: string) => url.startsWith(`${ORIGIN}/`) || /^(blob:stylebridge:|devtools:)/.test(url)
