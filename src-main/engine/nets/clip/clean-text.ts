/**
 * The part of ftfy's clean-up, which OpenAI's tokenizer runs first, that typed prompts need: ligatures apart, full-width letters narrow, curly quotes
 * straight, control characters out, accents composed (NFC), spaces single. Repairs of mis-decoded text and HTML entities are left out: nobody types them.
 */
export function cleanText(text: string): string {
  return text
    .replaceAll('\ufb05', '\u017ft')
    .replace(/[\u0132\u0133\u0149\u01c4-\u01cc\u01f1-\u01f3\ufb00-\ufb06]/g, (c) => c.normalize('NFKC'))
    .replace(/[\uff01-\uffef\u3000]/g, (c) => c.normalize('NFKC'))
    .replace(/[\u02bc\u2018-\u201b]/g, "'")
    .replace(/[\u201c-\u201f]/g, '"')
    .replace(/(?![\t\n\f\r\u0080-\u009f])\p{Cc}|[\u206a-\u206f\ufeff\ufff9-\ufffc]/gu, '')
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim()
}
