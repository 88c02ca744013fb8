const [START, END] = ['<|startoftext|>', '<|endoftext|>']

/** CLIP's tokenizer in Hugging Face's format, around a vocabulary and its merges: the same rules as OpenAI's simple_tokenizer.py. */
export function clipTokenizer(vocab: Readonly<Record<string, number>>, merges: readonly (readonly [string, string])[]): object {
  // OpenAI's pattern takes upper and lower case for the same, so that there the long s is an s and the iota under a vowel nothing.
  const pattern = String.raw`<\|startoftext\|>|<\|endoftext\|>|'[s\u017f]|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}\u0345]+`
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [START, END].map((content) => ({
      ...{ id: vocab[content], content, single_word: false, lstrip: false },
      ...{ rstrip: false, normalized: false, special: true },
    })),
    normalizer: {
      type: 'Sequence',
      normalizers: [{ type: 'NFC' }, { type: 'Replace', pattern: { Regex: String.raw`\s+` }, content: ' ' }, { type: 'Lowercase' }],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: pattern }, behavior: 'Removed', invert: true },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: {
      ...{ type: 'RobertaProcessing', sep: [END, vocab[END]], cls: [START, vocab[START]] },
      ...{ trim_offsets: false, add_prefix_space: false },
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true },
    model: {
      ...{ type: 'BPE', dropout: null, unk_token: END, continuing_subword_prefix: '', end_of_word_suffix: '</w>', fuse_unk: false },
      ...{ vocab, merges: merges.map((pair) => pair.join(' ')) },
    },
  }
}
