import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { openPhoto } from './decode.ts'
import { exportPhoto } from './export.ts'
import { addJpegSegment, imageResource, iptcForExport, photoshopBlock } from './iptc.ts'

const dataset = (record: number, number: number, text: string) => {
  const value = Buffer.from(text, 'utf8')
  return Buffer.concat([Buffer.from([0x1c, record, number, value.length >> 8, value.length & 0xff]), value])
}
const CAPTION = dataset(2, 120, 'Häuser am See')
const CITY = dataset(2, 90, 'Wien')
const COUNTRY = dataset(2, 101, 'Austria')
const IIM = Buffer.concat([dataset(1, 90, '\x1b%G'), CAPTION, CITY, COUNTRY])

/** A JPEG as a press agency sends it: captions, a place, and Photoshop's thumbnail of the picture as it was. */
async function pressPhoto(): Promise<Uint8Array> {
  const jpeg = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#a06040' } })
    .withExif({ IFD0: { Model: 'Camera' } })
    .jpeg()
    .toBuffer()
  const head = Buffer.from('Photoshop 3.0\0', 'latin1')
  const block = Buffer.concat([head, imageResource(0x040c, Buffer.from('THUMBNAIL')), imageResource(0x0404, IIM)])
  return addJpegSegment(jpeg, 0xed, block)
}

describe('IPTC', () => {
  it('keeps all datasets, or all but the place, and none of Photoshop’s other resources', () => {
    const block = Buffer.concat([imageResource(0x040c, Buffer.from('THUMB')), imageResource(0x0404, IIM)])
    expect(Buffer.from(iptcForExport(block, true)!)).toEqual(IIM)
    expect(Buffer.from(iptcForExport(block, false)!)).toEqual(Buffer.concat([dataset(1, 90, '\x1b%G'), CAPTION]))
    expect(Buffer.from(iptcForExport(photoshopBlock(IIM), true)!)).toEqual(IIM)
    expect(iptcForExport(CITY, false)).toBeUndefined()
  })

  it('leaves out what it cannot understand', () => {
    const lying = Buffer.from([0x1c, 2, 120, 0x40, 0, 65])
    expect(iptcForExport(lying, true)).toBeUndefined()
    expect(iptcForExport(Buffer.from('nothing of the kind'), true)).toBeUndefined()
    expect(iptcForExport(imageResource(0x0404, IIM).subarray(0, 30), true)).toBeUndefined()
  })

  it('goes through an export to JPEG and TIFF, without the place where so asked, and is missed elsewhere', async () => {
    const photo = await openPhoto(await pressPhoto(), 'press.jpg')
    for (const format of ['jpeg', 'tiff'] as const) {
      for (const metadata of ['all', 'all-but-location', 'none'] as const) {
        const { bytes, warnings } = await exportPhoto(photo, photo.pixels, { format, metadata, profile: 'same', aiLabel: false })
        expect(warnings).toEqual([])
        const file = Buffer.from(bytes)
        expect(file.includes('Häuser am See')).toBe(metadata !== 'none')
        expect(file.includes('Wien')).toBe(metadata === 'all')
        expect(file.includes('THUMBNAIL')).toBe(false)
        const again = await openPhoto(bytes, 'again')
        expect(again.iptc !== undefined && Buffer.from(iptcForExport(again.iptc, true)!).includes('Häuser')).toBe(metadata !== 'none')
      }
    }
    const { warnings } = await exportPhoto(photo, photo.pixels, { format: 'png', metadata: 'all', profile: 'same', aiLabel: false })
    expect(warnings).toEqual(['PNG has no place for the photo’s IPTC block; JPEG and TIFF keep it.'])
  })
})
