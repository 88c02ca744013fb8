import { initializeCanvas, readPsd } from 'ag-psd'
import { describe, expect, it } from 'vitest'
import { adobeIcc, noise, photoOf } from './fixtures.ts'
import { changedBox, layerPixels } from './psd-layers.ts'
import { writePsd, type PsdLayer } from './psd.ts'
import type { PhotoPixels } from './photo.ts'

// The reader makes its pictures through this; there is no canvas here.
initializeCanvas(
  () => {
    throw new Error('no canvas')
  },
  ((width: number, height: number) => ({ width, height, data: new Uint8ClampedArray(width * height * 4), colorSpace: 'srgb' })) as never,
)

const photo = photoOf(noise(40, 30, 3, 8), { icc: adobeIcc() })
const to = photo.profile

/** The photo with a square of it inverted. */
function changed(x: number, y: number, size: number): PhotoPixels {
  const data = photo.pixels.data.slice()
  for (let row = y; row < y + size; row++)
    for (let column = x; column < x + size; column++)
      for (let c = 0; c < 3; c++) data[(row * 40 + column) * 3 + c] = 255 - data[(row * 40 + column) * 3 + c]!
  return { ...photo.pixels, data }
}

describe('changedBox', () => {
  it('is the smallest box around what differs', () => {
    expect(changedBox(photo.pixels, changed(7, 3, 5))).toEqual({ x: 7, y: 3, width: 5, height: 5 })
    expect(changedBox(photo.pixels, photo.pixels).width).toBe(0)
  })
})

describe('writePsd', () => {
  it('gives back layers, names, eyes, masks, groups and blocks to an independent reader', () => {
    const above = changed(7, 3, 5)
    const box = changedBox(photo.pixels, above)
    const whole = { x: 0, y: 0, width: 40, height: 30 }
    const grey = new Uint8Array(40 * 30).fill(200)
    const group = { id: 'g', name: 'Hair', isHidden: true }
    const rgba = layerPixels(above, box, { from: to, to, over: photo.pixels })
    const layers: PsdLayer[] = [
      { name: 'holiday.jpg', box: whole, rgba: layerPixels(photo.pixels, whole, { from: to, to }) },
      { name: 'lächelnd 1.00', box, rgba, mask: { box: whole, grey } },
      { name: 'rot', box, rgba, isHidden: true, opacity: 0.5, blend: 'multiply', group },
    ]
    const merged = layerPixels(above, whole, { from: to, to })
    const icc = photo.profile.bytes
    const bytes = writePsd({ width: 40, height: 30, merged, layers, icc, xmp: '<x:xmpmeta>ö</x:xmpmeta>', exif: Buffer.from('II*\0exif') })

    const read = readPsd(bytes, { useImageData: true })
    expect(read.imageResources?.xmpMetadata).toContain('ö')
    expect(Buffer.from(bytes).includes(Buffer.from(icc!))).toBe(true)
    expect(Buffer.from(bytes).includes('II*\0exif')).toBe(true)
    expect(rgbOf(read.imageData!.data)).toEqual([...above.data])
    const [base, smile, folder] = read.children!
    expect([base!.name, smile!.name, folder!.name, folder!.hidden]).toEqual(['holiday.jpg', 'lächelnd 1.00', 'Hair', true])
    expect([smile!.left, smile!.top, smile!.imageData!.width]).toEqual([7, 3, 5])
    expect(smile!.mask!.imageData!.data[0]).toBe(200)
    expect(folder!.children).toMatchObject([{ name: 'rot', hidden: true, blendMode: 'multiply' }])
    expect(folder!.children![0]!.opacity).toBeCloseTo(0.5, 2)
  })

  it('leaves pixels that a layer does not change transparent, so that it lies over any photo', () => {
    const box = { x: 5, y: 1, width: 9, height: 9 }
    const rgba = layerPixels(changed(7, 3, 5), box, { from: to, to, over: photo.pixels })
    const opaque = [...rgba].filter((x, i) => i % 4 === 3 && x === 255)
    expect(opaque).toHaveLength(25)
  })
})

const rgbOf = (rgba: ArrayLike<number>) => Array.from(rgba).filter((_, i) => i % 4 !== 3)
