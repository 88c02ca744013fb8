import { expect, it } from 'vitest'
import { cleanText } from './clean-text.ts'

// Right: what ftfy 6.3.1 (fix_text) and Python's whitespace rule make of it.
it.each([
  ['ﬁne ﬂuid ﬀ ﬃ ﬄ ﬅ ﬆ', 'fine fluid ff ffi ffl ſt st'],
  ['Ĳsland ŉ Ǆ ǉ ǲ', "IJsland 'n DŽ lj Dz"],
  ['Ｆｕｌｌ　ｗｉｄｔｈ ﾊﾟ', 'Full width パ'],
  ['“curly” ‘quotes’ ʼokina', "\"curly\" 'quotes' 'okina"],
  ['a\u206eb\ufeffc\u0007d\ufffce', 'abcde'],
  ['one two\u2028three\n\tfour ', 'one two three four'],
  ['cafe\u0301', 'café'],
])('%j becomes %j', (text, clean) => {
  expect(cleanText(text)).toBe(clean)
})
