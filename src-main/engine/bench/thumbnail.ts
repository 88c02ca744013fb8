import sharp from 'sharp'

/** Side of the pictures on the page, at most. */
const side = 192

/** A picture [3,R,R] in [-1,1] as a data URL, for a page that needs no other file. */
export async function dataUrl(picture: Float32Array, size: number): Promise<string> {
  const points = size * size
  const rgb = Buffer.alloc(points * 3)
  for (let i = 0; i < points; i++)
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = Math.round(Math.min(255, Math.max(0, (picture[c * points + i]! + 1) * 127.5)))
  const image = sharp(rgb, { raw: { width: size, height: size, channels: 3 } })
  const bytes = await (size > side ? image.resize(side) : image).webp({ quality: 80, effort: 1 }).toBuffer()
  return `data:image/webp;base64,${bytes.toString('base64')}`
}
