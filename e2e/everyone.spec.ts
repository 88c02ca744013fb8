import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './studio.ts'

test('axe finds nothing on the start screen, while editing and in the export dialog', async ({ studio }) => {
  const { page } = studio
  await page.getByRole('button', { name: /drop a photo/i }).waitFor()
  expect(await violations(page)).toEqual([])
  await studio.openSample(/black/i)
  await studio.edit('smiling')
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('Control+Shift+E')
  await page.getByRole('dialog', { name: 'Export' }).waitFor()
  expect(await violations(page)).toEqual([])
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

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze()
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)
}
