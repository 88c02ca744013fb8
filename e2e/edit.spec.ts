import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { expect, test } from './studio.ts'
import { exported, pixels } from './files.ts'

test('open a sample, say what should change, compare, undo, export', async ({ studio }) => {
  const { page } = studio
  await studio.openSample(/brown/i)
  await expect(page.getByText('Type an edit, and 4 variations of it appear here.')).toBeVisible()

  await studio.edit('smiling, with red hair')
  const layers = page.getByRole('region', { name: /layers/i })
  await expect(layers.getByText('smiling', { exact: true }).first()).toBeVisible()
  await expect(layers.getByText('with red hair', { exact: true }).first()).toBeVisible()
  const edited = await studio.canvas().getAttribute('data-patch-sha')

  await page.keyboard.press('Escape')
  await studio.canvas().focus()
  await page.keyboard.down('\\')
  await expect(studio.canvas()).toHaveAttribute('data-shown', 'photo')
  await page.keyboard.up('\\')
  await expect(studio.canvas()).toHaveAttribute('data-shown', 'result')
  await page.keyboard.press('y')
  await expect(studio.canvas()).toHaveAttribute('data-compare', 'vertical')
  await page.keyboard.press('y')

  await page.keyboard.press('Control+z')
  await studio.settled()
  await expect(layers.getByText('with red hair', { exact: true })).toHaveCount(0)
  await page.keyboard.press('Control+Shift+z')
  await studio.settled()
  await expect(studio.canvas()).toHaveAttribute('data-patch-sha', edited!)

  const file = await exported(page, { format: 'PNG', name: 'result' })
  expect(file.name).toBe('result.png')
  const [before, after] = await Promise.all([pixels('assets/samples/portrait-brown-bob.jpg'), pixels(file.path)])
  expect([after.width, after.height]).toEqual([before.width, before.height])
  const changed = before.data.reduce((count, value, at) => count + (value === after.data[at] ? 0 : 1), 0)
  expect(changed).toBeGreaterThan(before.data.length * 0.01)
  // The crop never reaches the outermost rows of this sample.
  const row = before.width * 3
  expect(after.data.subarray(0, row).equals(before.data.subarray(0, row))).toBe(true)

  const xmp = (await sharp(readFileSync(file.path)).metadata()).xmp!.toString('utf8')
  expect(xmp).toContain('compositeWithTrainedAlgorithmicMedia')
  expect(xmp).toContain('with red hair')
})

test('the strength is live, typed and undone as one step', async ({ studio }) => {
  const { page } = studio
  await studio.openSample(/grey/i)
  await studio.edit('with glasses')
  const atOne = await studio.canvas().getAttribute('data-patch-sha')

  const strength = page.getByRole('slider', { name: 'Strength' })
  const track = (await strength.boundingBox())!
  await strength.focus()
  await page.keyboard.press('Shift+ArrowRight')
  await studio.settled()
  const stronger = await studio.canvas().getAttribute('data-patch-sha')
  expect(stronger).not.toBe(atOne)
  expect(track.width).toBeGreaterThan(0)

  await page.keyboard.press('Control+z')
  await studio.settled()
  await expect(studio.canvas()).toHaveAttribute('data-patch-sha', atOne!)
})

test('four variations arrive, are walked with the arrow keys and kept with Enter', async ({ studio }) => {
  const { page } = studio
  await studio.openSample(/afro/i)
  await studio.edit('with a beard')
  const film = page.getByRole('listbox', { name: 'Variations' })
  await expect(film.getByRole('option', { name: /variation 4/i })).toBeVisible({ timeout: 60_000 })

  await film.getByRole('option', { name: /variation 1/i }).click()
  await page.keyboard.press('ArrowRight')
  await expect(studio.canvas()).toHaveAttribute('data-shown', 'variation')
  await page.keyboard.press('Enter')
  await studio.settled()
  await expect(page.getByText('Variation 2 kept').first()).toBeVisible()
})
