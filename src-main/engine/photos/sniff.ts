import type { PhotoFormat } from './photo.ts'

/** What a file is by its content, never by its extension. */
export type FileKind =
  | { readonly kind: 'photo'; readonly format: PhotoFormat }
  /** A picture that we know and cannot read; `what` completes "it is …". */
  | { readonly kind: 'unreadable'; readonly what: string; readonly todo: string }
  | { readonly kind: 'other'; readonly what: string }

const EXPORT_FIRST = 'Export it as JPEG or 16-bit TIFF in the program that opened it, then open that file.'
const RAW_EXTENSIONS = new Set([
  'dng',
  'nef',
  'nrw',
  'arw',
  'srf',
  'sr2',
  'pef',
  'srw',
  'cr2',
  '3fr',
  'iiq',
  'rwl',
  'kdc',
  'dcr',
  'erf',
  'mef',
  'mos',
])

/** Recognises a file by its first bytes; `name` serves only to tell a raw file from a TIFF, whose container it borrows. */
export function sniff(bytes: Uint8Array, name: string): FileKind {
  const ascii = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to))
  if (bytes.length === 0) return { kind: 'other', what: 'it is empty (0 bytes)' }
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return { kind: 'photo', format: 'jpeg' }
  if (ascii(0, 8) === '\x89PNG\r\n\x1a\n') return { kind: 'photo', format: 'png' }
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return { kind: 'photo', format: 'webp' }
  if (ascii(0, 6) === 'GIF87a' || ascii(0, 6) === 'GIF89a') return { kind: 'photo', format: 'gif' }
  if (ascii(4, 8) === 'ftyp') return boxed(ascii(8, 12), ascii(8, Math.min(bytes.length, 64)))
  if (isRaw(ascii, name)) return { kind: 'unreadable', what: 'it is a camera raw file', todo: EXPORT_FIRST }
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(ascii(0, 4))) return { kind: 'photo', format: 'tiff' }
  if (bytes[0] === 0xff && bytes[1] === 0x0a) return { kind: 'unreadable', what: 'it is a JPEG XL picture', todo: EXPORT_FIRST }
  if (ascii(0, 4) === '8BPS') return { kind: 'unreadable', what: 'it is a Photoshop document', todo: EXPORT_FIRST }
  if (ascii(0, 2) === 'BM') return { kind: 'unreadable', what: 'it is a Windows bitmap', todo: 'Save it as PNG, then open that file.' }
  return { kind: 'other', what: otherFile(bytes, ascii(0, 5)) }
}

/** ISO media files: AVIF is read, HEIC (its codec is under patents) and films are not. */
function boxed(brand: string, brands: string): FileKind {
  if (brands.includes('avif') || brands.includes('avis')) return { kind: 'photo', format: 'avif' }
  if (brand === 'crx ') return { kind: 'unreadable', what: 'it is a camera raw file', todo: EXPORT_FIRST }
  if (/^(heic|heix|heim|heis|hevc|hevx|mif1|msf1)/.test(brand))
    return { kind: 'unreadable', what: 'it is a HEIC picture', todo: 'Export it as JPEG (phones: "Most compatible"), then open that file.' }
  return { kind: 'other', what: 'it is a film, not a picture' }
}

function isRaw(ascii: (from: number, to: number) => string, name: string): boolean {
  const head = ascii(0, 16)
  if (head.startsWith('FUJIFILMCCD-RAW') || ['IIRO', 'IIRS', 'MMOR', 'IIU\0'].includes(head.slice(0, 4))) return true
  if (!head.startsWith('II*\0') && !head.startsWith('MM\0*')) return false
  return head.slice(8, 10) === 'CR' || RAW_EXTENSIONS.has(name.toLowerCase().split('.').pop() ?? '')
}

function otherFile(bytes: Uint8Array, head: string): string {
  if (head === '%PDF-') return 'it is a PDF document'
  if (head.startsWith('PK')) return 'it is a zip archive'
  if (bytes.subarray(0, 512).every((x) => x >= 32 || x === 9 || x === 10 || x === 13)) return 'it is a text file'
  return 'it is not a picture of a kind that can be read'
}
