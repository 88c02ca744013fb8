import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import sharp from 'sharp'
import { expect, test } from './studio.ts'

test('variations of two prompts stay in the strip, are compared side by side, in a map and in a grid, starred and kept', async ({
  studio,
}) => {
  const { page } = studio
  const canvas = studio.canvas()
  await studio.openSample(/brown/i)
  await studio.edit('with red hair')
  const film = page.getByRole('listbox', { name: 'Variations' })
  const option = (name: RegExp) => film.getByRole('option', { name })
  await expect(option(/variation 4 of “with red hair/i)).toBeAttached({ timeout: 60_000 })
  await studio.edit('smiling')
  await expect(film.getByText('smiling', { exact: true })).toBeVisible({ timeout: 60_000 })
  await expect(option(/variation 1 of “smiling/i)).toBeVisible({ timeout: 60_000 })
  await film.evaluate('(strip) => strip.scrollTo({ left: 10_000 })')
  await expect(option(/variation 4 of “with red hair/i)).toBeVisible()
  await film.evaluate('(strip) => strip.scrollTo({ left: 0 })')

  await canvas.focus()
  for (const [key, mode, panes] of [
    ['Shift+Y', 'two-up', '2'],
    ['d', 'difference', '0'],
    ['Alt+y', 'horizontal', '0'],
  ] as const) {
    await page.keyboard.press(key)
    await expect(canvas).toHaveAttribute('data-compare', mode)
    await expect(canvas).toHaveAttribute('data-panes', panes)
    if (mode === 'difference') await expect(page.getByText(/Photo \/ Result · [1-9]\d* % at most/)).toBeVisible()
  }
  await page.keyboard.press('Escape')
  await expect(canvas).toHaveAttribute('data-compare', 'off')

  // Three marked cells make the grid; the second is taken out, the next one chosen by its number and shown alone.
  await option(/^Photo/).click({ modifiers: ['ControlOrMeta'] })
  await option(/^Result/).click({ modifiers: ['ControlOrMeta'] })
  await option(/variation 1 of “smiling/i).click({ modifiers: ['ControlOrMeta'] })
  await canvas.focus()
  await page.keyboard.press('g')
  await expect(canvas).toHaveAttribute('data-panes', '3')
  await page.keyboard.press('2')
  await page.keyboard.press('x')
  await expect(canvas).toHaveAttribute('data-panes', '2')
  await page.keyboard.press('2')
  await page.keyboard.press('Enter')
  await expect(canvas).toHaveAttribute('data-compare', 'off')
  await expect(canvas).toHaveAttribute('data-shown', 'variation')

  await page.keyboard.press('.')
  await expect(option(/variation 1 of “smiling”, stars: 1/i)).toBeVisible()
  await page.getByRole('button', { name: 'All, with stars or without' }).click()
  await expect(film.getByRole('option')).toHaveCount(4)
  await page.getByRole('searchbox', { name: /these words/i }).fill('hair')
  await expect(page.getByText('No variation has these words and stars.')).toBeVisible()
  await page.getByRole('searchbox', { name: /these words/i }).fill('smil')
  await option(/variation 1 of “smiling/i).press('Enter')
  await studio.settled()
  await expect(page.getByText('Variation 1 kept').first()).toBeVisible()
})

test('zooms at the pointer to single pixels, pans with Space, and shows a large photo sharp', async ({ studio }) => {
  const { page } = studio
  const canvas = studio.canvas()
  await studio.openFile(await fineStripes())
  const box = (await canvas.boundingBox())!
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  await page.mouse.move(middle.x, middle.y)
  for (let i = 0; i < 40 && Number(await canvas.getAttribute('data-zoom')) < 100; i++) await page.mouse.wheel(0, -60)
  await canvas.focus()
  await page.keyboard.press('Control+1')
  await expect(canvas).toHaveAttribute('data-zoom', '100')
  // Stripes of one pixel are grey in the preview, which is coarser, and black and white in the photo itself.
  await expect(canvas).toHaveAttribute('data-detail', 'fine')
  await expect.poll(() => contrast(page), { timeout: 15_000 }).toBeGreaterThan(200)

  const before = await screenshotOf(page, middle)
  await page.keyboard.down('Space')
  await page.mouse.down()
  await page.mouse.move(middle.x + 51, middle.y + 30, { steps: 4 })
  await page.mouse.up()
  await page.keyboard.up('Space')
  expect((await screenshotOf(page, middle)).equals(before)).toBe(false)
  for (let i = 0; i < 20; i++) await page.mouse.wheel(0, -240)
  await expect(canvas).toHaveAttribute('data-zoom', '2000')
  for (let i = 0; i < 40; i++) await page.mouse.wheel(0, 240)
  await expect(canvas).toHaveAttribute('data-zoom', /^(10|[1-9])$/)
})

test('a refinement is watched, stopped and kept, undone and redone', async ({ studio }) => {
  const { page } = studio
  await studio.openSample(/grey/i)
  const meter = page.getByRole('meter', { name: 'How close' })
  const instant = Number(await meter.getAttribute('aria-valuenow'))
  const refine = page.getByRole('button', { name: /^Refine/ })
  await refine.hover()
  await expect(refine).toContainText(/about \d+ (s|min)/, { timeout: 30_000 })
  await refine.click()
  await expect(page.getByText(/^Step ([5-9]|\d\d+) of 300/)).toBeVisible({ timeout: 60_000 })
  await expect(studio.canvas()).toHaveAttribute('data-shown', 'inversion')
  await page.getByRole('button', { name: 'Stop and keep' }).click()
  await expect(page.getByText(/^Inversion refined to/).first()).toBeVisible()
  await studio.opened()
  const refined = Number(await meter.getAttribute('aria-valuenow'))
  expect(refined).toBeGreaterThanOrEqual(instant)
  await studio.canvas().focus()
  await page.keyboard.press('Control+z')
  await expect(meter).toHaveAttribute('aria-valuenow', String(instant))
  await page.keyboard.press('Control+Shift+z')
  await expect(meter).toHaveAttribute('aria-valuenow', String(refined))
})

test('an earlier prompt is found, starred, exported and taken up', async ({ studio }) => {
  const { page } = studio
  await studio.openSample(/grey/i)
  await studio.edit('with glasses')
  await studio.canvas().focus()
  await page.keyboard.press('Shift+P')
  await page.getByRole('combobox', { name: 'Words of an earlier prompt' }).fill('glas')
  await page.keyboard.press('Alt+.')
  await expect(page.getByRole('option', { name: 'with glasses, starred' })).toBeVisible()
  const file = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export prompts…' }).click()
  const written = JSON.parse(readFileSync(await (await file).path(), 'utf8')) as { prompts: unknown[] }
  expect(written.prompts[0]).toMatchObject({ text: 'with glasses', isStarred: true, on: [expect.stringContaining('grey')] })
  await page.getByRole('combobox', { name: 'Words of an earlier prompt' }).press('Enter')
  await expect(page.getByRole('textbox', { name: /what should change/i })).toHaveValue('with glasses')
})

/** 5000 × 3000 pixels: a person before stripes of one black and one white pixel. */
async function fineStripes(): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), 'stylebridge-e2e-')), 'stripes.png')
  const row = Buffer.alloc(5000 * 3)
  for (let x = 0; x < 5000; x += 2) row.fill(255, x * 3, x * 3 + 3)
  const data = Buffer.concat(Array.from({ length: 3000 }, () => row))
  const person = await sharp('assets/samples/astronaut.jpg').resize(1000, 1000).toBuffer()
  await sharp(data, { raw: { width: 5000, height: 3000, channels: 3 } })
    .composite([{ input: person, left: 0, top: 0 }])
    .png({ compressionLevel: 1 })
    .toFile(path)
  return path
}

const screenshotOf = (page: Page, { x, y }: { x: number; y: number }) =>
  page.screenshot({ clip: { x: x - 20, y: y - 20, width: 40, height: 40 } })

/** The largest difference of neighbouring pixels in the middle of the canvas. */
async function contrast(page: Page): Promise<number> {
  const box = (await page.getByTestId('canvas').boundingBox())!
  const picture = await screenshotOf(page, { x: box.x + box.width / 2, y: box.y + box.height / 2 })
  const { data, info } = await sharp(picture).removeAlpha().greyscale().raw().toBuffer({ resolveWithObject: true })
  let most = 0
  for (let x = 1; x < info.width; x++) most = Math.max(most, Math.abs(data[x]! - data[x - 1]!))
  return most
}
