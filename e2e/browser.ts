import { existsSync } from 'node:fs'

const KNOWN = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** The Chromium that drives the end-to-end tests: STYLEBRIDGE_BROWSER, or one in a usual place. */
export function findBrowser(): string | undefined {
  const named = process.env.STYLEBRIDGE_BROWSER
  if (named) return named
  return KNOWN.find((path) => existsSync(path))
}
