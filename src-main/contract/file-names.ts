/** Names of exported files from a template: "{name}-{prompt}" becomes "holiday-smiling". */

export const DEFAULT_TEMPLATE = '{name}-edited'
export const TEMPLATE_FIELDS = ['name', 'prompt', 'date', 'pack', 'n'] as const

export interface NameValues {
  /** The photo's file name, with or without its ending. */
  readonly name: string
  readonly prompt: string
  /** ISO date, "2026-11-24". */
  readonly date: string
  readonly pack: string
  readonly n: number
}

/** Long enough for words, short enough for every file system beside a folder's path, in UTF-8 bytes. */
const LONGEST = 180

/**
 * The file's name without its ending. Fields are put in; what a file system of Windows, macOS or Linux refuses becomes "-". Never empty, never
 * hidden, never a device's name.
 */
export function fileName(template: string, values: NameValues): string {
  const fields: Record<(typeof TEMPLATE_FIELDS)[number], string> = {
    ...values,
    name: values.name.replace(/\.[^.]+$/, ''),
    n: String(values.n).padStart(3, '0'),
  }
  const filled = template.replaceAll(/\{(\w+)\}/g, (written, field: string) =>
    Object.hasOwn(fields, field) ? fields[field as 'name'] : written,
  )
  const safe = filled
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    .replaceAll(/[<>:"/\\|?*\u0000-\u001f\u007f]+/g, '-')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/-{2,}/g, '-')
    .replace(/^[-. ]+/, '')
  const cut = cutToBytes(safe, LONGEST).replace(/[-. ]+$/, '')
  return cut === '' || /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(cut) ? `${cut}edited` : cut
}

/** The part that fits, without half a character. */
function cutToBytes(text: string, limit: number): string {
  let bytes = 0
  let kept = ''
  for (const character of text) {
    bytes += new TextEncoder().encode(character).length
    if (bytes > limit) break
    kept += character
  }
  return kept
}
