"""CLIP's byte-pair tokens, small: lower case, end-of-word marks, start and end tokens; tokenizer.json in Hugging Face's format."""
import json
import re
from collections import Counter
import torch
from . import files

VOCAB, CONTEXT = 2048, 32


def byte_letters():
    """A printable letter for each byte, as in GPT-2's vocabulary."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    extra = iter(range(256, 512))
    return {b: chr(b if b in plain else next(extra)) for b in range(256)}


PIECES = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[^\W\d_]+|\d|[^\s\w]+|_+"


class Tokens:
    def __init__(self, path):
        model = json.load(open(path, encoding='utf-8'))['model']
        self.ids = model['vocab']
        self.rank = {tuple(m.split(' ')): k for k, m in enumerate(model['merges'])}
        self.letters, self.known = byte_letters(), {}
        self.start, self.end = self.ids['<|startoftext|>'], self.ids['<|endoftext|>']

    def word(self, w):
        if w not in self.known:
            parts = [self.letters[b] for b in w.encode()]
            parts[-1] += '</w>'
            while len(parts) > 1:
                best = min(range(len(parts) - 1), key=lambda k: self.rank.get((parts[k], parts[k + 1]), 1e9))
                if (parts[best], parts[best + 1]) not in self.rank:
                    break
                parts[best:best + 2] = [parts[best] + parts[best + 1]]
            self.known[w] = [self.ids[p] for p in parts]
        return self.known[w]

    def __call__(self, text):
        ids = [i for w in re.findall(PIECES, text.lower()) for i in self.word(w)][:CONTEXT - 2]
        return [self.start] + ids + [self.end]

    def batch(self, texts):
        """Padded with 0 to the longest; the end token has the highest id, so its place is the argmax."""
        rows = [self(t) for t in texts]
        out = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
        for k, r in enumerate(rows):
            out[k, :len(r)] = torch.tensor(r)
        return out


def learn(texts, path):
    """Learns a byte-pair vocabulary from texts and writes it in Hugging Face's tokenizer.json format."""
    words = Counter(w for text in texts for w in re.findall(PIECES, text.lower()))
    letters = byte_letters()
    split = {w: [letters[b] for b in w.encode()] for w in words}
    for parts in split.values():
        parts[-1] += '</w>'
    vocab = list(letters.values()) + [c + '</w>' for c in letters.values()]
    merges = []
    while len(vocab) < VOCAB - 2:
        pairs = Counter()
        for w, parts in split.items():
            for a, b in zip(parts, parts[1:]):
                pairs[a, b] += words[w]
        if not pairs:
            break
        (a, b), _ = max(pairs.items(), key=lambda x: (x[1], x[0]))
        merges.append((a, b)), vocab.append(a + b)
        for parts in split.values():
            k = 0
            while k < len(parts) - 1:
                if parts[k] == a and parts[k + 1] == b:
                    parts[k:k + 2] = [a + b]
                k += 1
    special = ['<|startoftext|>', '<|endoftext|>']
    vocab += special
    start, end = len(vocab) - 2, len(vocab) - 1
    added = [dict(id=start + k, content=s, single_word=False, lstrip=False, rstrip=False, normalized=False, special=True) for k, s in enumerate(special)]
    pattern = PIECES.replace(r'[^\W\d_]+', r'[\p{L}]+').replace(r'\d', r'[\p{N}]').replace(r'[^\s\w]+|_+', r'[^\s\p{L}\p{N}]+')
    files.write_json(path, {
        'version': '1.0', 'truncation': None, 'padding': None, 'added_tokens': added,
        'normalizer': {'type': 'Sequence', 'normalizers': [{'type': 'NFC'}, {'type': 'Replace', 'pattern': {'Regex': r'\s+'}, 'content': ' '}, {'type': 'Lowercase'}]},
        'pre_tokenizer': {'type': 'Sequence', 'pretokenizers': [{'type': 'Split', 'pattern': {'Regex': pattern}, 'behavior': 'Removed', 'invert': True}, {'type': 'ByteLevel', 'add_prefix_space': False, 'trim_offsets': True}]},
        'post_processor': {'type': 'RobertaProcessing', 'sep': [special[1], end], 'cls': [special[0], start], 'trim_offsets': False, 'add_prefix_space': False},
        'decoder': {'type': 'ByteLevel', 'add_prefix_space': True, 'trim_offsets': True},
        'model': {'type': 'BPE', 'dropout': None, 'unk_token': special[1], 'continuing_subword_prefix': '', 'end_of_word_suffix': '</w>', 'fuse_unk': False,
                  'vocab': {t: k for k, t in enumerate(vocab)}, 'merges': [f'{a} {b}' for a, b in merges]},
    })
    print(len(words), 'words,', len(merges), 'merges,', len(vocab), 'tokens', flush=True)
