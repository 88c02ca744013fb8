import type { Folders } from '../folders.ts'
import { startBrowserHost } from './host.ts'
import { openBrowser } from './open-browser.ts'

export interface ServeOptions {
  readonly port: number
  readonly open: boolean
  readonly photo?: string | undefined
}

/** Runs the browser host until the program is asked to end. Prints the address, alone on its line. */
export async function serveBrowser(folders: Folders, { port, open, photo }: ServeOptions): Promise<void> {
  const host = await startBrowserHost(folders, { port, photo })
  console.log(`Stylebridge runs at ${host.url}`)
  if (open) openBrowser(host.url)
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  await host.close()
}
