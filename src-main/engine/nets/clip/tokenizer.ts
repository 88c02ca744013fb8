import { Tokenizer as Untyped } from '@huggingface/tokenizers'
import { z } from 'zod'
import { StudioError } from '../../../contract/errors.ts'
import { cleanText } from './clean-text.ts'

/** What we use of the library. Its own declarations import without file endings, which Node's module resolution does not follow. */
interface HuggingFace {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] }
}
const HuggingFace = Untyped as unknown as new (json: object, config: object) => HuggingFace

const START = '<|startoftext|>'
const END = '<|endoftext|>'

/** What of Hugging Face's tokenizer.json makes a CLIP tokenizer; the library reads the rest. */
const clipTokenizerSchema = z.looseObject({
  model: z.looseObject({
    type: z.literal('BPE'),
    end_of_word_suffix: z.literal('</w>'),
    vocab: z.record(
      z.string(),
      z
        .int()
        .min(0)
        .max(2 ** 24),
    ),
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
  }),
})

/** Texts to CLIP's token ids: byte-pair encoding within lower-case words. */
export interface Tokenizer {
  /** [start, ids…, end, 0…], `context` long. What is too long is cut, its last place is the end token. */
  encode(text: string, context: number): BigInt64Array
  /** Words (lower case, each once) that the vocabulary does not hold whole: it was made without seeing them, or saw them too rarely. */
  unknownWords(text: string): string[]
}

/**
 * A tokenizer from the contents of a tokenizer.json (Hugging Face's format).
 * @throws StudioError `tokenizer.unsupported` unless it is byte-pair encoding with CLIP's word ends and its start and end tokens
 */
export function loadTokenizer(json: unknown): Tokenizer {
  const found = clipTokenizerSchema.safeParse(json)
  if (!found.success) throw unsupported(found.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; '))
  const [start, end] = [START, END].map((token) => found.data.model.vocab[token])
  if (start === undefined || end === undefined) throw unsupported(`its vocabulary lacks ${START} or ${END}`)
  const library = build(found.data)
  const idsOf = (text: string) => library.encode(text, { add_special_tokens: false }).ids
  return {
    encode(text, context) {
      const ids = [start, ...idsOf(cleanText(text)).slice(0, context - 2), end]
      return BigInt64Array.from({ length: context }, (_, i) => BigInt(ids[i] ?? 0))
    },
    unknownWords(text) {
      const words = new Set(
        cleanText(text)
          .toLowerCase()
          .match(/\p{L}+(?:'\p{L}+)*/gu),
      )
      return [...words].filter((word) => word.split("'").some((part) => idsOf(part).length > 1))
    },
  }
}

function build(json: object): HuggingFace {
  try {
    return new HuggingFace(json, {})
  } catch (cause) {
    throw unsupported(cause instanceof Error ? cause.message : String(cause), cause)
  }
}

function unsupported(what: string, cause?: unknown): StudioError {
  return new StudioError(
    'tokenizer.unsupported',
    { where: 'tokenizer.json', what, todo: 'Use the tokenizer.json that belongs to the CLIP model.' },
    { cause },
  )
}
