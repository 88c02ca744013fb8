import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test as base, expect, type Locator, type Page } from '@playwright/test'

/** A running studio: its page, and the process of its host. */
export interface Studio {
  readonly page: Page
  readonly host: ChildProcess
  /** Every address that the page asked for. */
  readonly requests: readonly string[]
  /** Opens a bundled sample from the start screen and waits until the first result is shown. */
  openSample(title: RegExp): Promise<void>
  openFile(path: string): Promise<void>
  /** Types a prompt, presses Enter and waits for the picture. */
  edit(text: string): Promise<void>
  /** Waits until the photo that is being opened is shown and inverted. */
  opened(): Promise<void>
  /** Waits until nothing is being rendered. */
  readonly settled: () => Promise<void>
  readonly canvas: () => Locator
}

const root = join(import.meta.dirname, '..')

/** One studio with folders of its own for each test; the host is the one that `npm start` falls back to. */
export const test = base.extend<{ studio: Studio }>({
  studio: async ({ page }, use) => {
    const { host, address, stop } = await startHost()
    try {
      const requests: string[] = []
      page.on('request', (request) => requests.push(request.url()))
      await page.goto(address)
      await use(studioOf(page, host, requests))
    } finally {
      await stop()
    }
  },
})

/** A browser host with folders of its own; `stop` ends it and removes them. */
export async function startHost(): Promise<{ host: ChildProcess; address: string; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'stylebridge-e2e-'))
  const host = spawnHost(folder)
  const stop = async () => {
    const gone = new Promise((resolve) => (host.exitCode === null ? host.once('exit', resolve) : resolve(0)))
    host.kill('SIGTERM')
    await gone
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    return { host, address: await printedAddress(host), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** A browser host whose cache and data lie in `folder`. */
export function spawnHost(folder: string): ChildProcess {
  return spawn(process.execPath, ['src-main/hosts/browser/main.ts', '--no-open'], {
    cwd: root,
    env: { ...process.env, STYLEBRIDGE_CACHE: join(folder, 'cache'), STYLEBRIDGE_DATA: join(folder, 'data') },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

export function studioOf(page: Page, host: ChildProcess, requests: readonly string[] = []): Studio {
  const canvas = () => page.getByTestId('canvas')
  const settled = () => expect(canvas()).toHaveAttribute('data-render', 'idle', { timeout: 60_000 })
  /** A photo is open when its layer tells how close the inversion is. */
  const opened = async () => {
    await page
      .getByText(/\d % close/)
      .first()
      .waitFor({ timeout: 90_000 })
    await settled()
  }
  return {
    page,
    host,
    requests,
    canvas,
    settled,
    opened,
    async openSample(title) {
      await page.getByRole('button', { name: title }).first().click()
      await opened()
    },
    async openFile(path) {
      await page.locator('input[type=file]').first().setInputFiles(path)
      await opened()
    },
    async edit(text) {
      const before = await canvas().getAttribute('data-patch-sha')
      const box = page.getByRole('textbox', { name: /what should change/i })
      await box.fill(text)
      await box.press('Enter')
      await expect(canvas()).not.toHaveAttribute('data-patch-sha', before ?? '', { timeout: 60_000 })
      await settled()
    },
  }
}

/** The address that the host prints once it listens. */
export function printedAddress(host: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    host.once('exit', (code) => reject(new Error(`the host ended with ${code} before it printed its address`)))
    createInterface({ input: host.stdout! }).on('line', (line) => {
      const address = /http:\/\/127\.0\.0\.1:\d+\S*/.exec(line)?.[0]
      if (address) resolve(address)
    })
  })
}

export { expect }
