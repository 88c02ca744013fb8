import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readPsd } from 'ag-psd'
import sharp from 'sharp'
import { exported, pixels } from './files.ts'
import { expect, test } from './studio.ts'

test('an exported picture restores its document, whose export is the identical picture', async ({ studio }) => {
  const { page } = studio
  await studio.openSample(/black/i)
  await studio.edit('smiling, with red hair')
  const first = await exported(page, { format: 'PNG', name: '{name} {prompt}' })
  expect(first.name).toBe('portrait-black-hair smiling, with red hair.png')

  await studio.openFile(first.path)
  await page.getByRole('button', { name: /restore the original/i }).click()
  await expect(page.getByRole('region', { name: /layers/i }).getByText('with red hair', { exact: true })).toBeVisible()
  await studio.settled()
  const second = await exported(page, { format: 'PNG', name: 'again' })
  const [before, after] = await Promise.all([pixels(first.path), pixels(second.path)])
  expect(after.data.equals(before.data)).toBe(true)
})

test('into a folder: scaled, as layers, and once more with one key', async ({ studio }) => {
  const { page } = studio
  const folder = join(mkdtempSync(join(tmpdir(), 'stylebridge-e2e-')), 'results')
  await studio.openSample(/grey/i)
  await studio.edit('with glasses')
  await page.keyboard.press('Control+Shift+E')
  const dialog = page.getByRole('dialog', { name: 'Export' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('{name}-{n}')
  await dialog.getByRole('spinbutton', { name: 'Longer side' }).fill('512')
  await dialog.getByRole('radio', { name: 'A folder' }).click()
  await dialog.getByRole('textbox', { name: 'Folder' }).fill(folder)
  await expect(dialog.getByText(/512 × 512 pixels, about [\d.]+ [kM]B/)).toBeVisible()
  await dialog.getByRole('button', { name: 'Export', exact: true }).click()
  await expect(dialog).toHaveCount(0)
  await page.keyboard.press('Control+Alt+Shift+E')
  await expect.poll(() => readdirSync(folder).sort()).toEqual(['portrait-grey-bob-001.jpg', 'portrait-grey-bob-002.jpg'])
  const { width, height } = await sharp(join(folder, 'portrait-grey-bob-001.jpg')).metadata()
  expect([width, height]).toEqual([512, 512])

  await page.keyboard.press('Control+Shift+E')
  await dialog.getByRole('radio', { name: 'PSD' }).click()
  await dialog.getByRole('button', { name: 'Export', exact: true }).click()
  await expect(dialog).toHaveCount(0)
  const psd = readPsd(readFileSync(join(folder, 'portrait-grey-bob-003.psd')), {
    skipLayerImageData: true,
    skipCompositeImageData: true,
    skipThumbnail: true,
  })
  expect(psd.children?.map((layer) => layer.name)).toEqual(['portrait-grey-bob.jpg', 'with glasses 1.00'])
})
