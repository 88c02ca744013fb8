import sharp from 'sharp'
import { expect, it } from 'vitest'
import { openPhoto } from './decode.ts'
import { estimateExport } from './export-estimate.ts'
import { exportPhoto, type ExportOptions } from './export.ts'

/** A photograph, enlarged, beside a plain sky: the estimate must see both. */
const photo = await openPhoto(
  await sharp({ create: { width: 2400, height: 1500, channels: 3, background: '#88a4c0' } })
    .composite([{ input: await sharp('assets/samples/astronaut.jpg').resize(1500, 1500).toBuffer(), left: 0, top: 0 }])
    .withExif({ IFD0: { Model: 'Camera' } })
    .jpeg({ quality: 95 })
    .toBuffer(),
  'wide.jpg',
)
const plain = { metadata: 'all', profile: 'same', aiLabel: true, recipe: { text: 'smiling' } } as const

it.each<[string, Pick<ExportOptions, 'format' | 'quality' | 'maxSide'>]>([
  ['a JPEG', { format: 'jpeg', quality: 92 }],
  ['a coarse JPEG', { format: 'jpeg', quality: 40 }],
  ['a smaller JPEG', { format: 'jpeg', quality: 85, maxSide: 1600 }],
  ['a WebP', { format: 'webp', quality: 80 }],
])('comes within a fifth of %s', async (_, options) => {
  const estimate = await estimateExport(photo, photo.pixels, { ...plain, ...options })
  const made = await exportPhoto(photo, photo.pixels, { ...plain, ...options })
  expect([estimate.width, estimate.height]).toEqual([made.width, made.height])
  expect(Math.abs(estimate.bytes / made.bytes.length - 1)).toBeLessThan(0.2)
})

it('is exact for a small picture but for the metadata’s frame', async () => {
  const options = { ...plain, format: 'jpeg', quality: 90, maxSide: 600 } as const
  const estimate = await estimateExport(photo, photo.pixels, options)
  const made = await exportPhoto(photo, photo.pixels, options)
  expect(Math.abs(estimate.bytes - made.bytes.length)).toBeLessThan(400)
})
