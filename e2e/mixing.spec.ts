import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test, type Studio } from './studio.ts'
import { exported, pixels } from './files.ts'

const samples = join(import.meta.dirname, '../assets/samples')
const layersOf = ({ page }: Studio) => page.getByRole('list', { name: 'Layers' })
const names = (studio: Studio) => layersOf(studio).locator('.row-name').allTextContents()
const patch = (studio: Studio) => studio.canvas().getAttribute('data-patch-sha')
async function changed(studio: Studio, before: string | null): Promise<string | null> {
  await expect(studio.canvas()).not.toHaveAttribute('data-patch-sha', before ?? '', { timeout: 60_000 })
  await studio.settled()
  return patch(studio)
}

test('mix with another face: paint the strip, let the method weigh, drop a photo as donor, take it all back', async ({ studio }) => {
  const { page } = studio
  await studio.openSample(/brown/i)
  await studio.canvas().focus()
  await page.keyboard.press('Control+Shift+M')
  await expect(
    layersOf(studio)
      .getByRole('button', { name: /mix · face/i })
      .first(),
  ).toBeVisible()
  const mixed = await changed(studio, null)

  const strip = page.getByRole('group', { name: 'Weights of the style layers' })
  const bars = strip.getByRole('slider')
  const count = await bars.count()
  const box = (await strip.boundingBox())!
  const top = (await bars.first().boundingBox())!
  await page.mouse.move(box.x + 3, top.y + top.height * 0.5)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width - 3, top.y + top.height * 0.5, { steps: 12 })
  await page.mouse.up()
  for (const at of [0, 1, count - 1]) expect(Number(await bars.nth(at).getAttribute('aria-valuenow'))).toBeCloseTo(50, -1)
  const painted = await changed(studio, mixed)

  await bars.last().focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('PageUp')
  await expect(bars.nth(count - 2)).toHaveAttribute('aria-valuenow', '100')
  await changed(studio, painted)
  await page.keyboard.press('Control+z')
  await expect(bars.nth(count - 2)).not.toHaveAttribute('aria-valuenow', '100')
  await studio.settled()
  await expect(studio.canvas()).toHaveAttribute('data-patch-sha', painted!)

  await page.getByRole('button', { name: 'Adaptive', exact: true }).click()
  await expect(page.getByText('Adaptive weights').first()).toBeVisible({ timeout: 60_000 })
  const texts = await Promise.all((await bars.all()).map((bar) => bar.getAttribute('aria-valuenow')))
  const values = texts.map(Number)
  expect(Math.max(...values)).toBe(100)
  expect(new Set(values).size).toBeGreaterThan(3)
  await studio.settled()

  const file = readFileSync(join(samples, 'portrait-afro.jpg')).toString('base64')
  const carried = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer()
    const bytes = Uint8Array.from(atob('${file}'), (c) => c.charCodeAt(0))
    transfer.items.add(new File([bytes], 'afro.jpg', { type: 'image/jpeg' }))
    return transfer
  })()`)
  const before = await patch(studio)
  await page.getByTestId('mix').dispatchEvent('drop', { dataTransfer: carried })
  await expect(layersOf(studio).getByRole('button', { name: 'Mix · afro.jpg' }).first()).toBeVisible({ timeout: 60_000 })
  await changed(studio, before)
  await expect(page.getByText('portrait-brown-bob.jpg').first()).toBeVisible()

  await strip.focus().catch(() => undefined)
  while ((await layersOf(studio).locator('.row-name').count()) > 0) await page.keyboard.press('Control+z')
  await studio.settled()
  expect(await patch(studio)).toBeNull()
})

test('layers: name, group, reorder, show alone, merge and split, and take them to another photo', async ({ studio }) => {
  const { page } = studio
  await studio.openSample(/grey/i)
  await studio.edit('smiling, with red hair')
  await studio.edit('with glasses')
  await expect.poll(() => names(studio)).toStrictEqual(['with glasses', 'smiling', 'with red hair'])
  const row = (name: string) => layersOf(studio).locator('.row-main', { hasText: name })

  await row('with red hair').click()
  await page.keyboard.press('Alt+ArrowUp')
  await expect.poll(() => names(studio)).toStrictEqual(['with glasses', 'with red hair', 'smiling'])
  await page.keyboard.press('F2')
  await page.keyboard.type('Copper')
  await page.keyboard.press('Enter')
  await row('Copper').dragTo(row('with glasses'), { targetPosition: { x: 60, y: 3 } })
  await expect.poll(() => names(studio)).toStrictEqual(['Copper', 'with glasses', 'smiling'])

  await row('with glasses').click()
  await row('smiling').click({ modifiers: ['Control'] })
  await page.keyboard.press('Control+g')
  await expect.poll(() => names(studio)).toStrictEqual(['Copper', 'Group 1', 'with glasses', 'smiling'])
  await studio.settled()
  const all = await patch(studio)
  await layersOf(studio)
    .getByRole('button', { name: 'Hide Copper' })
    .click({ modifiers: ['Alt'] })
  const alone = await changed(studio, all)
  await page.getByRole('button', { name: 'Solo', exact: true }).click()
  expect(await changed(studio, alone)).toBe(all)

  await page.keyboard.press('Control+Shift+C')
  await page.keyboard.press('Control+e')
  await expect.poll(() => names(studio)).toStrictEqual(['Copper', 'Group 1', 'with glasses, smiling'])
  await row('with glasses, smiling').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Split into single edits' }).click()
  await expect(row('smiling')).toBeVisible()
  await expect.poll(() => names(studio)).toStrictEqual(['Copper', 'Group 1', 'with glasses', 'smiling'])

  await page.locator('input[type=file]').first().setInputFiles(join(samples, 'portrait-afro.jpg'))
  await expect(layersOf(studio).locator('.row-name')).toHaveCount(0, { timeout: 60_000 })
  await studio.opened()
  await studio.canvas().focus()
  await page.keyboard.press('Control+Shift+V')
  await expect(layersOf(studio).locator('.row-name')).toHaveCount(3)
  const pasted = await changed(studio, null)
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+Alt+v')
  await expect(layersOf(studio).locator('.row-name')).toHaveCount(4)
  expect(await changed(studio, pasted)).not.toBe(pasted)
})

test('a picture over the photo: placed, moved by hand, blended, exported by the formula', async ({ studio }) => {
  const { page } = studio
  const colour = { r: 200, g: 120, b: 60 }
  const path = test.info().outputPath('patch.png')
  await sharp({ create: { width: 200, height: 120, channels: 3, background: colour } })
    .png()
    .toFile(path)
  await studio.openSample(/black/i)
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Add a layer' }).click()
  await page.getByRole('menuitem', { name: /place picture/i }).click()
  await (await chooser).setFiles(path)
  await expect(layersOf(studio).getByRole('button', { name: 'patch.png' }).first()).toBeVisible()
  await page.getByRole('combobox', { name: 'Blend mode' }).selectOption('multiply')

  // The canvas shows the whole photo; the picture lies in its middle.
  const stage = (await studio.canvas().boundingBox())!
  const middle = { x: stage.x + stage.width / 2, y: stage.y + stage.height / 2 }
  await page.mouse.move(middle.x, middle.y)
  await page.mouse.down()
  await page.mouse.move(middle.x + 60, middle.y + 40, { steps: 5 })
  await page.mouse.up()
  await expect(page.getByText('Move picture').first()).toBeVisible()
  const at = async (name: string) => Number(/\d+/.exec((await page.getByRole('slider', { name }).getAttribute('aria-valuetext')) ?? '')![0])
  const [x, y] = [await at('Across'), await at('Down')]

  const { path: file } = await exported(page, { format: 'PNG', name: 'laid' })
  const [before, after] = await Promise.all([pixels(join(samples, 'portrait-black-hair.jpg')), pixels(file)])
  expect(x).toBeGreaterThan(before.width / 2)
  const sample = (picture: typeof before, px: number, py: number) => [
    ...picture.data.subarray((py * picture.width + px) * 3, (py * picture.width + px) * 3 + 3),
  ]
  const under = sample(before, x, y)
  const wanted = [colour.r, colour.g, colour.b].map((value, c) => Math.round((value * under[c]!) / 255))
  sample(after, x, y).forEach((value, c) => expect(Math.abs(value - wanted[c]!)).toBeLessThanOrEqual(1))
  expect(sample(after, x - 130, y)).toStrictEqual(sample(before, x - 130, y))
})
