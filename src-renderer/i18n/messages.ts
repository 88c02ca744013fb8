/** A language is a folder of JSON files, one for each part of the studio, that may hold the same key's different children. */
export interface Messages {
  readonly [key: string]: string | Messages
}

const files = import.meta.glob<Messages>('./*/*.json', { eager: true, import: 'default' })

function merge(into: Record<string, string | Messages>, from: Messages): Record<string, string | Messages> {
  for (const [key, value] of Object.entries(from)) {
    const present = into[key]
    into[key] = typeof value === 'string' ? value : merge(typeof present === 'object' ? { ...present } : {}, value)
  }
  return into
}

/** Everything that the page says, by language. */
export const messages: Readonly<Record<string, Messages>> = Object.entries(files).reduce<Record<string, Messages>>((all, [path, part]) => {
  const language = path.split('/')[1]!
  return { ...all, [language]: merge({ ...all[language] }, part) }
}, {})
