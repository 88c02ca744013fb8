import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ExifReader from 'exifreader'
import sharp from 'sharp'
import { expect, test } from './studio.ts'
import { exported, pixels } from './files.ts'

test('a 24-megapixel Display P3 photo with EXIF and GPS goes through an edit and back', async ({ studio }) => {
  const photo = await largePhoto()
  await studio.openFile(photo)
  await expect(studio.page.getByText(/6000 × 4000 · .*P3/)).toBeVisible()
  await studio.edit('smiling')

  const lossless = await exported(studio.page, { format: 'PNG', name: 'all', metadata: 'All' })
  const [before, after] = await Promise.all([pixels(photo), pixels(lossless.path)])
  const touched = changedBox(before, after)
  expect(touched.changed).toBeGreaterThan(1000)
  // The face is a sixth of the picture; nothing beyond its crop may differ by a single bit.
  expect(touched.right - touched.left).toBeLessThan(3000)
  expect(touched.bottom - touched.top).toBeLessThan(3000)
  expect(await profileName(lossless.path)).toContain('P3')
  const all = ExifReader.load(readFileSync(lossless.path), { expanded: true })
  expect(all.exif?.['Model']?.description).toBe('Camera of the test')
  expect(all.gps?.Latitude).toBeCloseTo(48.2, 3)

  const jpeg = await exported(studio.page, { format: 'JPEG', name: 'without-place', metadata: 'No location' })
  const kept = ExifReader.load(readFileSync(jpeg.path), { expanded: true })
  expect(kept.exif?.['Model']?.description).toBe('Camera of the test')
  expect(kept.gps).toBeUndefined()

  const bare = await exported(studio.page, { format: 'JPEG', name: 'bare', metadata: 'None' })
  const none = ExifReader.load(readFileSync(bare.path), { expanded: true })
  expect(none.exif?.['Model']).toBeUndefined()
  expect(await profileName(bare.path)).toContain('P3')
})

test('a photo without a face gets a frame to place by hand, never an error', async ({ studio }) => {
  const { page } = studio
  const path = join(mkdtempSync(join(tmpdir(), 'stylebridge-e2e-')), 'sea.png')
  await sharp({ create: { width: 900, height: 700, channels: 3, background: '#2a6f97' } })
    .png()
    .toFile(path)
  await studio.openFile(path)
  await expect(page.getByText('No face was found.', { exact: false })).toBeVisible()
  await expect(studio.canvas()).toHaveAttribute('data-tool', 'crop')
  await studio.canvas().focus()
  await page.keyboard.press('Shift+ArrowRight')
  await page.getByRole('button', { name: 'Apply' }).click()
  await studio.settled()
  await studio.edit('smiling')
})

/** The astronaut, placed in a 6000 × 4000 picture with a profile, a camera and a place. */
async function largePhoto(): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), 'stylebridge-e2e-')), 'large.jpg')
  const person = await sharp('assets/samples/astronaut.jpg').resize(2400, 2400).toBuffer()
  await sharp({ create: { width: 6000, height: 4000, channels: 3, background: '#7d8a91' } })
    .composite([{ input: person, left: 1800, top: 1200 }])
    .withIccProfile('p3')
    .withExif({
      IFD0: { Model: 'Camera of the test' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 12/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '16/1 22/1 0/1' },
    })
    .jpeg({ quality: 95 })
    .toFile(path)
  return path
}

/** The embedded profile's own words; in profiles of version 4 they are UTF-16. */
async function profileName(path: string): Promise<string> {
  const { icc } = await sharp(path).metadata()
  return icc?.toString('latin1').replaceAll('\0', '') ?? ''
}

function changedBox(before: { data: Buffer; width: number }, after: { data: Buffer }) {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity, changed: 0 }
  for (let at = 0; at < before.data.length; at++) {
    if (before.data[at] === after.data[at]) continue
    const pixel = Math.floor(at / 3)
    const x = pixel % before.width
    const y = Math.floor(pixel / before.width)
    box.left = Math.min(box.left, x)
    box.right = Math.max(box.right, x)
    box.top = Math.min(box.top, y)
    box.bottom = Math.max(box.bottom, y)
    box.changed++
  }
  return box
}
