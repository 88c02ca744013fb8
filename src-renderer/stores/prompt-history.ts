import { z } from 'zod'

/** What was typed, and what is known of it. */
export const promptEntrySchema = z.object({
  text: z.string().min(1).max(400),
  neutral: z.string().max(400).catch(''),
  isStarred: z.boolean().catch(false),
  /** How often it was run, and when last (ISO 8601). */
  count: z.number().int().min(1).catch(1),
  used: z.string().max(40).catch(''),
  /** Photos that it was used on, the latest first. */
  on: z.array(z.string().max(260)).max(5).catch([]),
  /** A small picture of its latest result: base64 of a WebP or JPEG file. */
  picture: z.string().max(20_000).optional().catch(undefined),
})
export type PromptEntry = z.infer<typeof promptEntrySchema>

/** A file of prompts: what export writes, import reads, and the host keeps. Entries that do not fit are passed over. */
const fileSchema = z.object({ format: z.literal('stylebridge-prompts-1'), prompts: z.array(z.unknown()) })

const MOST_ON = 5
/** The newest entries keep their pictures; words are kept for good, as far as the host's store reaches. */
const MOST_PICTURES = 400
const MOST_CHARACTERS = 1_800_000

export function readPrompts(value: unknown): PromptEntry[] | undefined {
  const file = fileSchema.safeParse(value)
  if (!file.success) return undefined
  return file.data.prompts.flatMap((each) => {
    const entry = promptEntrySchema.safeParse(each)
    return entry.success ? [entry.data] : []
  })
}

/** As it is written: without the oldest pictures, and without the oldest unstarred entries where even the words are too many. */
export function promptFile(entries: readonly PromptEntry[]): z.input<typeof fileSchema> & { prompts: PromptEntry[] } {
  let size = 0
  const prompts = entries.flatMap((entry, index) => {
    const kept = index < MOST_PICTURES || entry.isStarred ? entry : without(entry)
    const fits = size + JSON.stringify(kept).length < MOST_CHARACTERS
    const smaller = fits ? kept : without(kept)
    const length = JSON.stringify(smaller).length
    if (!fits && !entry.isStarred && size + length > MOST_CHARACTERS) return []
    size += length
    return [smaller]
  })
  return { format: 'stylebridge-prompts-1', prompts }
}
const without = ({ picture: _picture, ...rest }: PromptEntry): PromptEntry => rest

/** The entry to the front, one more time used; an older star and picture stay. */
export function remembered(
  entries: readonly PromptEntry[],
  { text, neutral, on, used }: { text: string; neutral: string; on: string | undefined; used: string },
): PromptEntry[] {
  const before = entries.find((entry) => entry.text === text)
  const names = on === undefined ? (before?.on ?? []) : [on, ...(before?.on ?? []).filter((name) => name !== on)].slice(0, MOST_ON)
  const entry: PromptEntry = { isStarred: false, ...before, text, neutral, count: (before?.count ?? 0) + 1, used, on: names }
  return [entry, ...entries.filter((other) => other !== before)]
}

/** Both histories in one: of an entry that both have, the later use, either star, the larger count. */
export function merged(own: readonly PromptEntry[], others: readonly PromptEntry[]): PromptEntry[] {
  const byText = new Map(own.map((entry) => [entry.text, entry]))
  for (const entry of others) {
    const known = byText.get(entry.text)
    const later = known === undefined || entry.used > known.used ? entry : known
    byText.set(entry.text, {
      ...later,
      isStarred: entry.isStarred || known?.isStarred === true,
      count: Math.max(entry.count, known?.count ?? 0),
      picture: later.picture ?? known?.picture ?? entry.picture,
    })
  }
  return [...byText.values()].sort((a, b) => (a.used < b.used ? 1 : a.used > b.used ? -1 : 0))
}
