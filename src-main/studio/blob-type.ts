/** The media type that the first bytes of a file tell (32 are enough), never its name: what a blob is served as cannot be chosen by who uploads it. */
export function blobType(head: Uint8Array): string {
  const text = (from: number, to: number) => String.fromCharCode(...head.subarray(from, to))
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'image/jpeg'
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png'
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'image/webp'
  if (text(0, 4) === 'II*\0' || text(0, 4) === 'MM\0*') return 'image/tiff'
  if (text(0, 4) === 'GIF8') return 'image/gif'
  if (text(4, 8) === 'ftyp') return /^avi[fs]$/.test(text(8, 12)) ? 'image/avif' : 'image/heic'
  if (text(0, 4) === 'PK\x03\x04') return 'application/zip'
  return 'application/octet-stream'
}
