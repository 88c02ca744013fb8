import type { Page } from '@playwright/test'
import { expect, test, type Studio } from './studio.ts'
import { exported, pixels } from './files.ts'

const SAMPLE = 'assets/samples/portrait-brown-bob.jpg'

test('a layer shows where it is painted: brush, straight line, eraser, undo, and the export agrees', async ({ studio }) => {
  const { page } = studio
  await studio.openSample(/brown/i)
  await edited(studio, 'with red hair')
  const unmasked = await studio.canvas().getAttribute('data-patch-sha')
  await studio.canvas().focus()
  await page.keyboard.press('b')
  await expect(page.getByRole('toolbar', { name: 'Mask tools' })).toBeVisible()

  // Begins and ends outside the photo.
  await painted(studio, async () => drag(page, await spots(studio, [-0.05, 0.35], [0.3, 0.4], [0.48, 0.38])))
  const painting = await studio.canvas().getAttribute('data-patch-sha')
  expect(painting).not.toBe(unmasked)
  await expect(page.getByRole('button', { name: /mask of with red hair/i }).first()).toBeVisible()

  // Shift draws on from where the last stroke ended; one stroke is one step.
  await painted(studio, async () => {
    const [end] = await spots(studio, [0.42, 0.7])
    await page.keyboard.down('Shift')
    await page.mouse.click(...end!)
    await page.keyboard.up('Shift')
  })
  await expect(steps(page, 'Paint mask')).toHaveCount(2)

  // Esc gives a stroke up.
  const [from, to] = await spots(studio, [0.6, 0.4], [0.7, 0.6])
  await page.mouse.move(...from!)
  await page.mouse.down()
  await page.mouse.move(...to!, { steps: 4 })
  await page.keyboard.press('Escape')
  await page.mouse.up()
  await studio.settled()
  await expect(steps(page, 'Paint mask')).toHaveCount(2)

  await page.keyboard.press('x')
  await expect(studio.canvas()).toHaveAttribute('data-tool', 'eraser')
  await painted(studio, async () => drag(page, await spots(studio, [0.36, 0.36], [0.4, 0.4])))
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await studio.settled()
  await expect(studio.canvas()).toHaveAttribute('data-patch-sha', painting!)

  const file = await exported(page, { format: 'PNG', name: 'painted' })
  const [before, after] = await Promise.all([pixels(SAMPLE), pixels(file.path)])
  const changed = { painted: 0, elsewhere: 0 }
  before.data.forEach((value, at) => {
    if (value === after.data[at]) return
    const [x, y] = [(Math.floor(at / 3) % before.width) / before.width, Math.floor(at / 3 / before.width) / before.height]
    changed[x < 0.56 && y > 0.28 && y < 0.5 ? 'painted' : 'elsewhere']++
  })
  expect(changed.painted).toBeGreaterThan(5000)
  expect(changed.elsewhere).toBe(0)
})

test('parts of the portrait are found, drawn around, turned and taken over by another layer', async ({ studio }) => {
  const { page } = studio
  await studio.openSample(/brown/i)
  await edited(studio, 'with red hair')
  const panel = page.getByRole('complementary', { name: 'Edit' })
  await painted(studio, () => panel.getByRole('button', { name: 'Hair', exact: true }).click())
  await expect(studio.canvas()).toHaveAttribute('data-tool', 'brush')
  const hair = await studio.canvas().getAttribute('data-patch-sha')

  await studio.canvas().focus()
  await painted(studio, () => page.keyboard.press('Control+i'))
  expect(await studio.canvas().getAttribute('data-patch-sha')).not.toBe(hair)
  await painted(studio, () => page.keyboard.press('Control+i'))
  await expect(studio.canvas()).toHaveAttribute('data-patch-sha', hair!)

  // A lasso around the left half, with Alt: taken away.
  await page.keyboard.press('l')
  await painted(studio, async () => {
    const around = await spots(studio, [0.05, 0.1], [0.5, 0.1], [0.5, 0.95], [0.05, 0.95], [0.05, 0.2])
    await page.keyboard.down('Alt')
    await drag(page, around)
    await page.keyboard.up('Alt')
  })

  await edited(studio, 'smiling')
  await painted(studio, () => panel.getByRole('button', { name: 'What changed' }).click())
  await expect(panel.getByRole('slider', { name: 'Feather' })).toHaveAttribute('aria-valuenow', /0\.00/)
  await panel.getByRole('button', { name: 'Copy mask to another layer' }).click()
  await painted(studio, () => page.getByRole('menuitem', { name: 'with red hair' }).click())
  await expect(steps(page, 'Copy mask')).toHaveCount(1)
})

/** Edits, and gives the variations up: the engine is wanted for the mask. */
async function edited(studio: Studio, text: string): Promise<void> {
  await studio.edit(text)
  await studio.canvas().focus()
  await studio.page.keyboard.press('Escape')
}

/** Places of the photo, in shares of its sides, on the page; the canvas shows it fitted. */
async function spots(studio: Studio, ...shares: [number, number][]): Promise<[number, number][]> {
  const stage = (await studio.canvas().boundingBox())!
  const side = (Number(await studio.canvas().getAttribute('data-zoom')) / 100) * 1024
  return shares.map(([x, y]) => [stage.x + stage.width / 2 + (x - 0.5) * side, stage.y + stage.height / 2 + (y - 0.5) * side])
}

async function drag(page: Page, [first, ...others]: [number, number][]): Promise<void> {
  await page.mouse.move(...first!)
  await page.mouse.down()
  for (const place of others) await page.mouse.move(...place, { steps: 6 })
  await page.mouse.up()
}

/** Does something to a mask and waits until the picture follows. */
async function painted(studio: Studio, act: () => Promise<unknown>): Promise<void> {
  const before = await studio.canvas().getAttribute('data-patch-sha')
  await act()
  await expect(studio.canvas()).not.toHaveAttribute('data-patch-sha', before ?? '', { timeout: 60_000 })
  await studio.settled()
}

const steps = (page: Page, name: string) => page.getByRole('region', { name: /history/i }).getByText(name, { exact: true })
