import { join } from 'node:path'
import type { Page } from '@playwright/test'
import sharp from 'sharp'

export interface Exported {
  readonly path: string
  readonly name: string
}

/** Exports through the dialog as a person does, and gives the downloaded file. */
export async function exported(
  page: Page,
  { format, name, metadata }: { format: string; name: string; metadata?: string },
): Promise<Exported> {
  await page.keyboard.press('Control+Shift+E')
  const dialog = page.getByRole('dialog', { name: 'Export' })
  await dialog.getByRole('textbox', { name: /name/i }).fill(name)
  await dialog.getByRole('radio', { name: format, exact: true }).click()
  if (metadata) await dialog.getByRole('radio', { name: metadata, exact: true }).click()
  const download = page.waitForEvent('download', { timeout: 90_000 })
  await dialog.getByRole('button', { name: 'Export', exact: true }).click()
  const file = await download
  const path = join(folder, `${Date.now()}-${file.suggestedFilename()}`)
  await file.saveAs(path)
  return { path, name: file.suggestedFilename() }
}

const folder = join(import.meta.dirname, '../test-results/exports')

/** Decoded RGB samples, 8 bit, in the file's own profile. */
export async function pixels(path: string): Promise<{ data: Buffer; width: number; height: number }> {
  const { data, info } = await sharp(path).autoOrient().removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}
