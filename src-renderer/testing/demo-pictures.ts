const files = import.meta.glob<string>('./pictures/*.jpg', { eager: true, query: '?url', import: 'default' })

/** One of the rendered portraits: the same person with other attributes. */
export async function demoPicture(name: string): Promise<globalThis.Blob> {
  const file = files[`./pictures/${name}.jpg`]
  if (file === undefined) throw new Error(`there is no picture ${name}`)
  return (await fetch(file)).blob()
}

/** A photo of 1344 × 896: one large portrait before a grey wall, or three in a row. */
export async function drawPhoto(faces: number): Promise<globalThis.Blob> {
  const canvas = new OffscreenCanvas(1344, 896)
  const context = canvas.getContext('2d')!
  const wall = context.createRadialGradient(672, 400, 100, 672, 448, 800)
  wall.addColorStop(0, '#8a8c90')
  wall.addColorStop(1, '#3f4042')
  context.fillStyle = wall
  context.fillRect(0, 0, 1344, 896)
  const names = faces === 1 ? ['base'] : ['base', 'v3', 'v4']
  for (const [index, name] of names.entries()) {
    const bitmap = await createImageBitmap(await demoPicture(name))
    if (faces === 1) context.drawImage(bitmap, 224, 0, 896, 896)
    else context.drawImage(bitmap, index * 448, 224, 448, 448)
  }
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 })
}

/** The unedited portrait with a share of another over it, soft at the edge, as a composite's patch is. */
export async function blend(name: string, share: number, size: number): Promise<globalThis.Blob> {
  const canvas = new OffscreenCanvas(size, size)
  const context = canvas.getContext('2d')!
  context.drawImage(await createImageBitmap(await demoPicture('base')), 0, 0, size, size)
  context.globalAlpha = share
  context.drawImage(await createImageBitmap(await demoPicture(name)), 0, 0, size, size)
  context.globalAlpha = 1
  context.globalCompositeOperation = 'destination-in'
  context.filter = `blur(${size * 0.02}px)`
  context.fillRect(size * 0.04, size * 0.04, size * 0.92, size * 0.92)
  return canvas.convertToBlob({ type: 'image/png' })
}
