import { crc32, deflateSync } from 'node:zlib'
import type { PhotoPixels } from './photo.ts'

/**
 * A PNG (ISO/IEC 15948) of stored, uncompressed rows that carries samples, ICC profile and EXIF into the encoders untouched:
 * raw input can carry none of these. `exif` starts at its TIFF header.
 */
export function pngContainer(pixels: PhotoPixels, icc?: Uint8Array, exif?: Uint8Array): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(pixels.width, 0)
  header.writeUInt32BE(pixels.height, 4)
  header[8] = pixels.depth
  header[9] = pixels.channels === 4 ? 6 : 2
  const chunks = [Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header)]
  if (icc) chunks.push(chunk('iCCP', Buffer.concat([Buffer.from('icc\0\0', 'latin1'), deflateSync(icc)])))
  if (exif) chunks.push(chunk('eXIf', exif))
  chunks.push(chunk('IDAT', deflateSync(rows(pixels), { level: 0 })), chunk('IEND', new Uint8Array(0)))
  return Buffer.concat(chunks)
}

/** Rows from the top, each behind filter type 0; 16-bit samples big-endian. */
function rows({ width, height, channels, depth, data }: PhotoPixels): Buffer {
  const samples = width * channels
  const stride = 1 + samples * (depth / 8)
  const out = Buffer.alloc(stride * height)
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  for (let y = 0; y < height; y++) bytes.copy(out, y * stride + 1, (y * samples * depth) / 8, ((y + 1) * samples * depth) / 8)
  if (depth === 16) for (let y = 0; y < height; y++) out.subarray(y * stride + 1, (y + 1) * stride).swap16()
  return out
}

function chunk(type: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(12 + data.length)
  out.writeUInt32BE(data.length, 0)
  out.write(type, 4, 'latin1')
  out.set(data, 8)
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length)
  return out
}
