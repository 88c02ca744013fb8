"""Runs OpenAI's SimpleTokenizer (which needs ftfy and regex) on sentences and writes tokens.json.gz: texts, token ids, and a tokenizer.json that
holds only the merges and tokens that these sentences use.

    python3 clip_tokens.py CLIP_CHECKOUT            tokens.json.gz beside the tests
    python3 clip_tokens.py CLIP_CHECKOUT full FILE  the same with the whole vocabulary
"""
import gzip
import importlib.util
import itertools
import json
import os
import sys

SUBJECTS = ['a face', 'a man', 'an old woman', 'a young girl', 'a portrait of a person', "a photographer's self-portrait", 'grandma', 'Barack Obama']
CHANGES = ['smiling', 'with red hair', 'wearing sunglasses', 'with a handlebar moustache', 'who looks surprised', 'without make-up', 'in a 1920s hat',
           "that doesn't smile", 'with BLOND curly hair', 'with blue-green eyes', 'as a marble statue', 'after 3 sleepless nights', 'angry!!', 'tanned & freckled']
FRAMES = ['{} {}', 'a photo of {} {}.', '{}, {}', 'This is {} {}; 50% off']
OTHERS = ['', ' ', 'a', 'hello', 'Hello,   World!', 'tabs\tand\nnew\r\nlines ', "I'm, you're, we've, he'd, she'll, it's, can't", "'s 'S 'll", "rock'n'roll", '1234567890', '3.14159', 'a1b2c3',
          'under_score __init__', 'e-mail: someone@example.org', 'https://example.org/a?b=c#d', '#hashtag @name', '$5.00 €7 £8 ¥9', '100%', '½ ¼ ²', 'a/b\\c|d', '(brackets) [square] {curly} <angle>',
          'naïve café déjà vu', 'Ångström', 'Łódź', 'ÄÖÜ äöü ß', 'İstanbul', 'ÇA VA', 'Straße', 'smörgåsbord', 'cafe\u0301', '“curly” ‘quotes’ – and — dashes…', 'ﬁne ﬂuid', 'Ｆｕｌｌｗｉｄｔｈ １２３',
          'улыбающееся лицо', 'Девушка с рыжими волосами', 'χαμογελαστό πρόσωπο', 'ΟΔΥΣΣΕΎΣ', 'משקפי שמש', 'امرأة تبتسم', 'मुस्कुराता हुआ चेहरा', 'ยิ้ม', '笑顔の女性', '赤い髪', '微笑的脸', '戴眼镜的老人', '웃는 얼굴',
          'một khuôn mặt tươi cười', 'gülümseyen yüz', 'õhtu', 'ʼokina', '😀', 'smile 😀😃 please', '👩‍🦰 red hair', '🇫🇷', '❤️', 'zero\u200bwidth', 'non\u00a0breaking', '\u3000wide', 'x' * 60, 'ha' * 30,
          'supercalifragilisticexpialidocious', 'pneumonoultramicroscopicsilicovolcanoconiosis', 'the quick brown fox jumps over the lazy dog ' * 8, '<|endoftext|>', 'a <|startoftext|> b', '٣ ٤ ৫', 'Ⅻ', '①']


def load(checkout):
    spec = importlib.util.spec_from_file_location('simple_tokenizer', os.path.join(checkout, 'clip', 'simple_tokenizer.py'))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.SimpleTokenizer(os.path.join(checkout, 'clip', 'bpe_simple_vocab_16e6.txt.gz'))


def tokenizer_json(vocabulary, merges):
    special = ['<|startoftext|>', '<|endoftext|>']
    added = [dict(id=vocabulary[s], content=s, single_word=False, lstrip=False, rstrip=False, normalized=False, special=True) for s in special]
    pattern = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
    return {
        'version': '1.0', 'truncation': None, 'padding': None, 'added_tokens': added,
        'normalizer': {'type': 'Sequence', 'normalizers': [{'type': 'NFC'}, {'type': 'Replace', 'pattern': {'Regex': r'\s+'}, 'content': ' '}, {'type': 'Lowercase'}]},
        'pre_tokenizer': {'type': 'Sequence', 'pretokenizers': [{'type': 'Split', 'pattern': {'Regex': pattern}, 'behavior': 'Removed', 'invert': True},
                                                                {'type': 'ByteLevel', 'add_prefix_space': False, 'trim_offsets': True}]},
        'post_processor': {'type': 'RobertaProcessing', 'sep': [special[1], vocabulary[special[1]]], 'cls': [special[0], vocabulary[special[0]]], 'trim_offsets': False, 'add_prefix_space': False},
        'decoder': {'type': 'ByteLevel', 'add_prefix_space': True, 'trim_offsets': True},
        'model': {'type': 'BPE', 'dropout': None, 'unk_token': special[1], 'continuing_subword_prefix': '', 'end_of_word_suffix': '</w>', 'fuse_unk': False,
                  'vocab': vocabulary, 'merges': [f'{a} {b}' for a, b in merges]},
    }


class Watched(dict):
    """Ranks that remember which merges were chosen: the only ones that the same words need again."""

    def __init__(self, ranks):
        super().__init__(ranks)
        self.used = set()

    def __contains__(self, pair):
        found = super().__contains__(pair)
        if found:
            self.used.add(pair)
        return found


def main(checkout, which='part', path=None):
    tokenizer = load(checkout)
    texts = [f.format(s, c) for f, s, c in itertools.product(FRAMES, SUBJECTS, CHANGES)][::2] + OTHERS
    tokenizer.bpe_ranks = ranks = Watched(tokenizer.bpe_ranks)
    cases = [[t, tokenizer.encode(t)] for t in texts]
    vocabulary, merges = tokenizer.encoder, list(ranks)
    if which == 'part':
        merges = sorted(ranks.used, key=ranks.get)
        needed = {a + b for a, b in merges} | {x for pair in merges for x in pair} | {tokenizer.decoder[i] for _, ids in cases for i in ids}
        vocabulary = {t: i for t, i in vocabulary.items() if i < 512 or t in needed or t.startswith('<|')}
    out = path or os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', '..', 'src-main', 'engine', 'nets', 'clip', 'testdata', 'tokens.json.gz')
    text = json.dumps({'tokenizer': tokenizer_json(vocabulary, merges), 'cases': cases}, separators=(',', ':'))
    with open(out, 'wb') as f:
        f.write(gzip.compress(text.encode(), mtime=0))  # without a time of day the same input gives the same file
    print(out, len(cases), 'sentences', len(merges), 'merges', len(vocabulary), 'tokens')


if __name__ == '__main__':
    main(*sys.argv[1:])
