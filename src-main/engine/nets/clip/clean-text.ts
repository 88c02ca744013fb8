/**
 * The part of ftfy's clean-up, which OpenAI's tokenizer runs first, that typed prompts need: curly quotes straight, ligatures apart, full-width
 * letters narrow, accents composed (NFC), spaces single. Repairs of mis-decoded text and HTML entities are left out: nobody types them.
 */
export function cleanText(text: string): string {
  return text
    .replace(/[\u02bc\u2018-\u201b]/g, "'")
    .replace(/[\u201c-\u201f]/g, '"')
    .replace(/[\ufb00-\ufb06\uff01-\uffef\u3000\u0132\u0133]/g, (c) => c.normalize('NFKC'))
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim()
}
