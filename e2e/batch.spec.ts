import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from './studio.ts'

test('the layers go onto a folder, are reported one by one, and the originals stay as they are', async ({ studio }) => {
  const { page } = studio
  const root = mkdtempSync(join(tmpdir(), 'stylebridge-e2e-'))
  mkdirSync(join(root, 'photos/family'), { recursive: true })
  copyFileSync('assets/samples/portrait-grey-bob.jpg', join(root, 'photos/grey.jpg'))
  copyFileSync('assets/samples/portrait-brown-bob.jpg', join(root, 'photos/family/brown.jpg'))
  writeFileSync(join(root, 'photos/letter.jpg'), 'Dear diary')
  const original = readFileSync(join(root, 'photos/grey.jpg'))

  await studio.openSample(/black/i)
  await studio.edit('smiling')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused()
  await page.keyboard.type('apply to a folder')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Apply to a folder' })
  await dialog.getByRole('textbox', { name: 'Photos' }).fill(join(root, 'photos'))
  await dialog.getByRole('textbox', { name: 'Results' }).fill(join(root, 'out'))
  await dialog.getByRole('textbox', { name: 'Name' }).focus()
  await dialog.getByRole('button', { name: 'Start' }).click()
  await expect(dialog.getByText('2 photos edited, 0 left out, 1 failed.')).toBeVisible({ timeout: 90_000 })
  await expect(dialog.getByText(/letter\.jpg: .*not|letter\.jpg: it is/i)).toBeVisible()
  expect(readdirSync(join(root, 'out')).sort()).toEqual(['family', 'grey-edited.jpg', 'stylebridge-batch.jsonl'])
  expect(existsSync(join(root, 'out/family/brown-edited.jpg'))).toBe(true)
  expect(readFileSync(join(root, 'photos/grey.jpg')).equals(original)).toBe(true)

  await dialog.getByRole('button', { name: 'Count' }).click()
  await dialog.getByRole('button', { name: 'Start' }).click()
  await expect(dialog.getByText('Done before')).toHaveCount(2, { timeout: 60_000 })
})
