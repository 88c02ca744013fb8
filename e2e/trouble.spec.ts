import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { childrenOf } from './processes.ts'
import { expect, test } from './studio.ts'

test('a text file named .jpg gets one clear sentence, and the open photo stays', async ({ studio }) => {
  const { page } = studio
  await studio.openSample(/grey/i)
  await studio.edit('older')
  const shown = await studio.canvas().getAttribute('data-patch-sha')

  const path = join(mkdtempSync(join(tmpdir(), 'stylebridge-e2e-')), 'letter.jpg')
  writeFileSync(path, 'Dear sir or madam,\nthis is no picture.\n')
  await page.locator('input[type=file]').first().setInputFiles(path)
  await expect(page.getByText(/letter\.jpg: .*\./)).toBeVisible()
  await expect(studio.canvas()).toHaveAttribute('data-patch-sha', shown!)
})

test('killed in the middle of a job, the engine comes back with one notice and nothing else is lost', async ({ studio }) => {
  const { page } = studio
  await studio.openSample(/brown/i)
  await studio.edit('smiling')

  const box = page.getByRole('textbox', { name: /what should change/i })
  await box.fill('with blond hair')
  await box.press('Enter')
  for (const pid of childrenOf(studio.host.pid!)) process.kill(pid, 'SIGKILL')

  const layers = page.getByRole('region', { name: /layers/i })
  await expect(page.getByText(/engine stopped and was started again/i).first()).toBeVisible({ timeout: 60_000 })
  await studio.settled()
  await expect(layers.getByText('smiling', { exact: true }).first()).toBeVisible()
  await expect(layers.getByText('with blond hair', { exact: true }).first()).toBeVisible()
  await studio.edit('older')
})
