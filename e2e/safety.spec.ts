import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect, type Page } from '@playwright/test'
import { childrenOf } from './processes.ts'
import { printedAddress, spawnHost, studioOf } from './studio.ts'

/** A host that can be killed and started again on the same folders, as a person's machine would. */
class Machine {
  readonly folder = mkdtempSync(join(tmpdir(), 'stylebridge-safety-'))
  host: ChildProcess | undefined
  private readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** @param folder of another machine */
  async start(folder = this.folder): Promise<void> {
    this.host = spawnHost(folder)
    await this.page.goto(await printedAddress(this.host))
  }
  /** SIGKILL to the host and its engine: nobody gets to say goodbye. */
  async kill(): Promise<void> {
    const { host } = this
    this.host = undefined
    if (host?.pid === undefined || host.exitCode !== null) return
    const gone = new Promise((resolve) => host.once('exit', resolve))
    for (const pid of childrenOf(host.pid)) process.kill(pid, 'SIGKILL')
    host.kill('SIGKILL')
    await gone
  }
  /** What the page of the running host can be asked. */
  private get studio() {
    return studioOf(this.page, this.host!)
  }
  get canvas() {
    return this.page.getByTestId('canvas')
  }
  settled = () => this.studio.settled()
  opened = () => this.studio.opened()
  /** What the canvas shows: the same recipe gives the same bytes. */
  shown = () => this.canvas.getAttribute('data-patch-sha')
  async edit(text: string): Promise<void> {
    await this.studio.edit(text)
    await this.page.getByRole('textbox', { name: /what should change/i }).fill('')
    await this.canvas.focus()
  }
  layers = () => this.page.getByRole('region', { name: /layers/i })
  history = () => this.page.getByRole('list', { name: 'History' })
}

// Every test starts two or three programs.
base.describe.configure({ timeout: 240_000 })

const test = base.extend<{ machine: Machine }>({
  machine: async ({ page }, use) => {
    const machine = new Machine(page)
    try {
      // Without the browser's own file dialog, which no test can answer, a project is a download.
      await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'showSaveFilePicker'))
      await use(machine)
    } finally {
      await machine.kill()
      rmSync(machine.folder, { recursive: true, force: true })
    }
  },
})

test('killed, engine and host, in the middle of editing: the document is back, and undo, redo, branches and snapshots work', async ({
  machine,
  page,
}) => {
  await machine.start()
  await page.getByRole('button', { name: /brown/i }).first().click()
  await machine.opened()
  await machine.edit('smiling')
  const smiling = await machine.shown()
  await page.keyboard.press('Shift+S')
  await page.getByRole('textbox', { name: /rename snapshot 1/i }).fill('The smile')
  await page.keyboard.press('Enter')
  await machine.edit('with red hair')
  await page.keyboard.press('Control+z')
  await machine.settled()
  await machine.edit('with glasses')
  const glasses = await machine.shown()

  // A slider is being dragged when everything goes down.
  const strength = page.getByRole('slider', { name: 'Strength' })
  const track = (await strength.boundingBox())!
  await page.mouse.move(track.x + track.width / 2, track.y + track.height / 2)
  await page.mouse.down()
  await page.mouse.move(track.x + track.width * 0.9, track.y + track.height / 2, { steps: 5 })
  await machine.kill()
  await page.mouse.up()

  await machine.start()
  await machine.opened()
  await expect(page.getByText(/is back as it was when the program ended/)).toBeVisible()
  await expect(machine.canvas).toHaveAttribute('data-patch-sha', glasses!)
  await page.keyboard.press('Control+z')
  await expect(machine.canvas).toHaveAttribute('data-patch-sha', smiling!)
  await page.keyboard.press('Control+Shift+z')
  await expect(machine.canvas).toHaveAttribute('data-patch-sha', glasses!)
  await machine
    .history()
    .getByRole('button', { name: /with red hair/ })
    .click()
  await expect(machine.layers().getByText('with red hair', { exact: true }).first()).toBeVisible()
  await page.getByRole('button', { name: 'The smile', exact: true }).click()
  await expect(machine.canvas).toHaveAttribute('data-patch-sha', smiling!)
})

test('a project is saved, opened on another machine and shows the identical picture with its history', async ({ machine, page }) => {
  await machine.start()
  await page.getByRole('button', { name: /grey/i }).first().click()
  await machine.opened()
  await machine.edit('with glasses')
  const glasses = await machine.shown()
  await machine.edit('older')
  const older = await machine.shown()
  await expect(page).toHaveTitle(/^• /)

  const download = page.waitForEvent('download')
  await page.keyboard.press('Control+s')
  const file = await download
  expect(file.suggestedFilename()).toMatch(/^portrait-grey-bob\.stylebridge$/)
  const path = join(machine.folder, 'saved.stylebridge')
  await file.saveAs(path)
  await expect(page.getByText(/Saved as/)).toBeVisible()
  await expect(page).toHaveTitle(/^portrait-grey-bob · /)
  await machine.kill()

  const other = mkdtempSync(join(tmpdir(), 'stylebridge-safety-'))
  try {
    await machine.start(other)
    await page.locator('input[type=file]').first().setInputFiles(path)
    await machine.opened()
    await expect(page).toHaveTitle(/^saved · /)
    await expect(machine.canvas).toHaveAttribute('data-patch-sha', older!)
    await page.keyboard.press('Control+z')
    await expect(machine.canvas).toHaveAttribute('data-patch-sha', glasses!)
  } finally {
    await machine.kill()
    rmSync(other, { recursive: true, force: true })
  }
})

test('recent documents go on where they were left, can be taken off the list and back, and two pages never share one', async ({
  machine,
  page,
  context,
}) => {
  await machine.start()
  await page.getByRole('button', { name: /afro/i }).first().click()
  await machine.opened()
  await machine.edit('smiling')
  const smiling = await machine.shown()

  // A reload asks first, since nothing is saved; then everything is as before.
  const asked = page.waitForEvent('dialog').then(async (dialog) => {
    await dialog.accept()
    return dialog.type()
  })
  await page.reload()
  expect(await asked).toBe('beforeunload')
  await machine.opened()
  await expect(machine.canvas).toHaveAttribute('data-patch-sha', smiling!)

  const second = await context.newPage()
  await second.goto(new URL('/', page.url()).href)
  const there = second.getByRole('region', { name: 'Continue' })
  await expect(there.getByText(/open in another window/)).toBeVisible()
  await there.getByRole('button', { name: /^portrait-afro/ }).click()
  await expect(second.getByText(/This is a copy/)).toBeVisible()
  await second.close()

  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog').getByRole('combobox')
  await palette.fill('Close photo')
  await palette.press('Enter')
  const list = page.getByRole('region', { name: 'Continue' })
  const entries = list.getByRole('button', { name: /^portrait-afro.*Edited/ })
  await expect(entries.first()).toBeVisible()
  const count = await entries.count()
  await list
    .getByRole('button', { name: /^Remove portrait-afro/ })
    .last()
    .click()
  await expect(entries).toHaveCount(count - 1)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(entries).toHaveCount(count)
  await entries.first().click()
  await machine.opened()
  await expect(machine.canvas).toHaveAttribute('data-patch-sha', smiling!)
})
