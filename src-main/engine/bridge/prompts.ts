/**
 * The requests in one text, each a direction of its own: "smiling, with red hair and glasses" → "smiling", "with red hair", "with
 * glasses". Commas and semicolons part requests; "and" does too where it joins two phrases, but not two colours of one thing
 * ("black and white hair").
 */
export function partsOf(text: string): string[] {
  const parts: string[] = []
  for (const clause of text.split(/[,;]+/)) {
    const pieces = clause.trim().split(/\s+(?:and|&|but)\s+/i)
    let lead = ''
    pieces.forEach((piece, i) => {
      const trimmed = piece.trim().replace(/^(?:and|but)\s+/i, '')
      if (!trimmed) return
      // "black and white hair": a lone word before the noun that both share.
      if (i < pieces.length - 1 && isLoneColour(trimmed) && !isLoneColour(pieces[i + 1]!)) lead += `${trimmed} and `
      else {
        parts.push(withPreposition(lead + trimmed, parts.at(-1), i > 0))
        lead = ''
      }
    })
  }
  return parts
}

/** "with red hair and glasses": the second part is "with glasses". */
function withPreposition(part: string, before: string | undefined, joined: boolean): string {
  const preposition = joined ? /^(with|without|wearing)\s/i.exec(before ?? '')?.[1] : undefined
  const isNoun = !/^(with|without|wearing|no|not|smiling|frowning|laughing|looking|\w+ing)\b/i.test(part)
  return preposition && isNoun ? `${preposition} ${part}` : part
}

const colours = /^(?:dark |light )?(?:black|white|red|blond|blonde|brown|grey|gray|blue|green|pink|purple)$/i
const isLoneColour = (text: string): boolean => colours.test(text.trim())

/**
 * One request in several wordings, whose mean embedding says what they have in common: as it is, and about the pack's noun.
 * "smiling" → "smiling", "a face, smiling"; "a smiling face" stays alone.
 */
export function phrasings(part: string, noun: string): string[] {
  const mentions = new RegExp(`\\b(${noun}|face|person|man|woman|portrait|photo)\\b`, 'i')
  if (mentions.test(part)) return [part]
  const article = /^[aeiou]/i.test(noun) ? 'an' : 'a'
  return [part, `${article} ${noun} ${/^(with|without|wearing)\b/i.test(part) ? '' : 'with '}${part}`]
}
