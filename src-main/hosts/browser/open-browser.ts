import { spawn } from 'node:child_process'

/** Opens an address in the person's browser where there is a screen; who has none uses the printed address. Never fails. */
export function openBrowser(url: string): void {
  const { CI, DISPLAY, WAYLAND_DISPLAY } = process.env
  const hasScreen = process.platform !== 'linux' || DISPLAY !== undefined || WAYLAND_DISPLAY !== undefined
  if (CI !== undefined || !hasScreen) return
  const [program, ...args] = opener(url)
  spawn(program, args, { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref()
}

function opener(url: string): [string, ...string[]] {
  if (process.platform === 'darwin') return ['open', url]
  // An empty first quoted argument is the window's title; without it `start` would take the address for one.
  if (process.platform === 'win32') return ['cmd', '/c', 'start', '""', url]
  return ['xdg-open', url]
}
