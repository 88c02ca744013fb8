import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Studio } from './studio.ts'

/** Opens a photo of 24 megapixels, makes an edit of it and takes the mask brush; what comes back draws long curves with it for about three seconds. */
export async function brushInHand(studio: Studio): Promise<() => Promise<void>> {
  const { page } = studio
  await studio.openFile(await twentyFourMegapixels())
  await studio.edit('smiling')
  await studio.canvas().focus()
  await page.keyboard.press('Escape')
  await page.keyboard.press('b')
  const box = (await studio.canvas().boundingBox())!
  const at = (t: number): [number, number] => [
    box.x + box.width * (0.5 + 0.3 * Math.cos(t)),
    box.y + box.height * (0.5 + 0.3 * Math.sin(2 * t)),
  ]
  return async () => {
    await page.mouse.move(...at(0))
    await page.mouse.down()
    const start = performance.now()
    while (performance.now() - start < 3000) {
      await page.mouse.move(...at((performance.now() - start) / 500))
      await page.waitForTimeout(6)
    }
    await page.mouse.up()
  }
}

async function twentyFourMegapixels(): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), 'stylebridge-bench-')), 'twenty-four.jpg')
  const person = await sharp('assets/samples/astronaut.jpg').resize(3600, 3600).toBuffer()
  await sharp({ create: { width: 6000, height: 4000, channels: 3, background: '#7d8a91' } })
    .composite([{ input: person, left: 1200, top: 300 }])
    .jpeg({ quality: 92 })
    .toFile(path)
  return path
}
