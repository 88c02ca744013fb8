import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './studio.ts'

test('axe finds nothing on any screen or dialog, and enough contrast in every theme', async ({ studio }) => {
  test.setTimeout(240_000)
  const { page } = studio
  await page.getByRole('button', { name: /drop a photo/i }).waitFor()
  const found: string[] = []
  const look = async (what: string, rules?: string[]) => found.push(...(await violations(page, rules)).map((each) => `${what}: ${each}`))
  const dialogs = async (keys: readonly string[], rules?: string[]) => {
    for (const each of keys) {
      await page.keyboard.press(each)
      await page.getByRole('dialog').waitFor()
      await look(each, rules)
      await page.keyboard.press('Escape')
      await expect(page.getByRole('dialog')).toHaveCount(0)
    }
  }
  await look('start')
  await studio.openSample(/black/i)
  await studio.edit('smiling')
  await page.keyboard.press('Escape')
  await look('studio')
  await dialogs(['Control+,', 'Control+Shift+E', 'Control+k', 'Shift+?'])
  for (const theme of ['Light', 'High contrast']) {
    await page.keyboard.press('Control+,')
    await page.getByRole('radio', { name: theme, exact: true }).click()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await look(`studio, ${theme}`, ['color-contrast'])
    await dialogs(['Control+Shift+E'], ['color-contrast'])
  }
  expect(found).toEqual([])
})

test('every command can be given a key, and a taken key is asked about', async ({ studio }) => {
  const { page } = studio
  await page.getByRole('button', { name: /drop a photo/i }).waitFor()
  await page.keyboard.press('Control+,')
  const settings = page.getByRole('dialog', { name: 'Settings' })
  await settings.getByRole('searchbox', { name: 'Find a command' }).fill('about this studio')
  await settings.getByRole('button', { name: /change the key of about this studio/i }).click()
  await page.keyboard.press('F9')
  await expect(settings.getByText('F9 already belongs to: Filmstrip.')).toBeVisible()
  await settings.getByRole('button', { name: 'Use it here' }).click()
  await page.keyboard.press('Escape')
  await page.keyboard.press('F9')
  const about = page.getByRole('dialog', { name: 'Stylebridge' })
  await expect(about).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(about).toHaveCount(0)
})

test('German at twice the size cuts no word, and stays after a reload', async ({ studio }) => {
  const { page } = studio
  await page.setViewportSize({ width: 1920, height: 1080 })
  await page.getByRole('button', { name: /drop a photo/i }).waitFor()
  await page.keyboard.press('Control+,')
  await page.getByRole('radio', { name: 'Deutsch' }).click()
  const size = page.getByRole('slider', { name: 'Größe der Oberfläche' })
  await size.focus()
  for (let n = 0; n < 10; n++) await page.keyboard.press('ArrowRight')
  await expect(page.locator('html')).toHaveAttribute('lang', 'de')
  expect(await cutWords(page)).toEqual([])
  await page.keyboard.press('Escape')
  await page.getByRole('menuitem', { name: 'Datei' }).click()
  expect(await cutWords(page)).toEqual([])
  await page.keyboard.press('Escape')
  await expect
    .poll(async () => {
      await page.reload()
      return page.locator('html').getAttribute('lang')
    })
    .toBe('de')
  await expect(page.getByText('Alles geschieht auf diesem Rechner', { exact: false })).toBeVisible()
})

test('the keyboard alone opens, edits, turns an edit down and undoes', async ({ studio }) => {
  const { page } = studio
  const sample = page.getByRole('button', { name: /grey/i })
  await sample.waitFor()
  const focused = page.locator('button:focus', { hasText: /grey/i })
  for (let tabs = 0; tabs < 40 && (await focused.count()) === 0; tabs++) await page.keyboard.press('Tab')
  await expect(focused).toHaveCount(1)
  await page.keyboard.press('Enter')
  await studio.opened()
  await studio.canvas().focus()
  await page.keyboard.press('/')
  await page.keyboard.type('with sunglasses')
  await page.keyboard.press('Enter')
  await expect(studio.canvas()).toHaveAttribute('data-patch-sha', /./)
  await studio.settled()
  await page.keyboard.press('Escape')
  await studio.canvas().focus()
  await page.keyboard.press('Control+z')
  await studio.settled()
  await expect(page.getByRole('region', { name: /layers/i }).getByText('with sunglasses', { exact: true })).toHaveCount(0)
})

test('nothing is asked of any address but the studio itself', async ({ studio }) => {
  await studio.openSample(/brown/i)
  await studio.edit('with a hat')
  const own = new URL(studio.page.url()).origin
  const foreign = studio.requests.filter((address) => !address.startsWith(own) && !/^(blob|data):/.test(address))
  expect(studio.requests.length).toBeGreaterThan(5)
  expect(foreign).toEqual([])
  await expect(studio.page.getByText('0 connections')).toBeVisible()
})

async function violations(page: Page, rules?: string[]): Promise<string[]> {
  const axe = new AxeBuilder({ page })
  const { violations: found } = await (rules === undefined ? axe : axe.withRules(rules)).analyze()
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)
}

/** Buttons, menu items and labels whose words do not fit and have no ellipsis that a tooltip or title would explain. */
async function cutWords(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll('button, [role=menuitem], [role=radio], h2, h3, label')]
    .filter((element) => element.offsetParent !== null && element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1)
    .filter((element) => getComputedStyle(element).textOverflow !== 'ellipsis')
    .map((element) => element.innerText || element.ariaLabel || element.className)`)
}
