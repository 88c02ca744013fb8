import { exportPhoto, type ExportOptions } from './export.ts'
import { metadataFor } from './export-metadata.ts'
import { exportSize } from './export-size.ts'
import type { Photo, PhotoPixels } from './photo.ts'

/** Tiles are of whole coding blocks, so that their seams cost little, and so many that a picture's plain and busy parts are both among them. */
const TILE = 64
const TILES_A_SIDE = { fast: 14, slow: 8 }
const BLOCK = 16
/** From here on a part stands for the whole. */
const WHOLE_UP_TO = 900_000

export interface ExportEstimate {
  readonly bytes: number
  readonly width: number
  readonly height: number
}

/**
 * About how many bytes exportPhoto will give: tiles from all over the picture are encoded as it will be, and the result is scaled to the whole.
 * The photo stands for its edit, which is as busy. Errors: those of exportPhoto.
 */
export async function estimateExport(photo: Photo, pixels: PhotoPixels, options: ExportOptions): Promise<ExportEstimate> {
  const { width, height } = exportSize(pixels.width, pixels.height, options.maxSide)
  const bare = { ...options, metadata: 'none' as const, recipe: undefined, aiLabel: false, maxSide: undefined }
  const { exif, xmp, iptc } = metadataFor(photo, options, { format: options.format, width, height, isSrgb: false })
  const extra = (exif?.length ?? 0) + (iptc?.length ?? 0) + (xmp === undefined ? 0 : Buffer.byteLength(xmp))
  if (width * height <= WHOLE_UP_TO) {
    const { bytes } = await exportPhoto(photo, pixels, { ...bare, maxSide: options.maxSide })
    return { bytes: bytes.length + extra, width, height }
  }
  const scale = width / pixels.width
  const sample = mosaic(pixels, scale, options.format === 'avif' ? TILES_A_SIDE.slow : TILES_A_SIDE.fast)
  const side = Math.max(sample.width, sample.height)
  const small = await exportPhoto(photo, sample, { ...bare, maxSide: scale < 1 ? Math.max(16, Math.round(side * scale)) : undefined })
  return { bytes: Math.round((small.bytes.length * width * height) / (small.width * small.height) + extra), width, height }
}

/** Square tiles from an even grid over the picture, side by side. A tile has TILE points after scaling. */
function mosaic(pixels: PhotoPixels, scale: number, most: number): PhotoPixels {
  const { width, height, channels, depth, data } = pixels
  const tile = Math.min(Math.round(TILE / Math.min(1, scale)), width, height)
  const across = Math.min(most, Math.floor(width / tile))
  const down = Math.min(most, Math.floor(height / tile))
  const out = depth === 8 ? new Uint8Array(across * down * tile * tile * channels) : new Uint16Array(across * down * tile * tile * channels)
  const stride = across * tile * channels
  // On the blocks that the photo itself was coded in, if it was: between them it would look busier than it is.
  const place = (n: number, of: number, size: number) =>
    Math.floor((of === 1 ? (size - tile) / 2 : (n * (size - tile)) / (of - 1)) / BLOCK) * BLOCK
  for (let j = 0; j < down; j++)
    for (let i = 0; i < across; i++)
      for (let y = 0; y < tile; y++) {
        const from = ((place(j, down, height) + y) * width + place(i, across, width)) * channels
        out.set(data.subarray(from, from + tile * channels), (j * tile + y) * stride + i * tile * channels)
      }
  return { width: across * tile, height: down * tile, channels, depth, data: out }
}
