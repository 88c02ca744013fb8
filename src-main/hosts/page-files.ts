import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'

/** Scripts and styles only from ourselves, pictures also from memory, connections only to our own contract: nothing can leave the machine. */
export const contentSecurityPolicy = (connect: string) =>
  [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    `connect-src ${connect}`,
    "font-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

/** A file of the built page by its URL path. Undefined when there is none, or when the path would leave the folder. */
export async function pageFile(
  folder: string,
  urlPath: string,
): Promise<{ type: string; bytes: Uint8Array; isHashed: boolean } | undefined> {
  const name = decode(urlPath)
  if (name === undefined || name.includes('\0')) return undefined
  const path = normalize(join(folder, name === '/' ? 'index.html' : name))
  const type = TYPES[extname(path)]
  if (type === undefined || !path.startsWith(folder + sep)) return undefined
  const bytes = await readFile(path).catch(() => undefined)
  return bytes === undefined ? undefined : { type, bytes, isHashed: urlPath.startsWith('/assets/') }
}

function decode(urlPath: string): string | undefined {
  try {
    return decodeURIComponent(urlPath)
  } catch {
    return undefined
  }
}

/** "attachment" with a name that survives any characters (RFC 6266, 8187). */
export function attachment(name: string): string {
  const plain = name.replace(/[^\w .()-]/g, '_')
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}`
}
