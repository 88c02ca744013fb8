"""Stage `clip-eval`: what CLIP knows about the final test's pictures, which no net was trained on: zero-shot, retrieval, and the directions of edits."""
import os
import numpy as np
import torch
import torch.nn.functional as F
from . import attributes, data, words
from .claims import World, fits
from .clip_joint import load
from .clip_text import token_path
from .describer import Painter
from .edits import EDITS, edited
from .sentences import Writer
from .tokens import Tokens
from .visibility import Guess

BINARY = [  # claim, a text that says so, one that denies it
    ('smile', 'a smiling person', 'a person not smiling'), ('broad smile', 'a person smiling broadly', 'a person with a neutral expression'), ('glasses', 'a person with glasses', 'a person without glasses'), ('sunglasses', 'a person wearing sunglasses', 'a person without sunglasses'),
    ('hat', 'a person wearing a hat', 'a person without a hat'), ('beard', 'a man with a beard', 'a clean-shaven man'), ('facial hair', 'a person with facial hair', 'a person with no facial hair'), ('bald', 'a bald person', 'a person with hair'),
    ('woman', 'a woman', 'a man'), ('old', 'an old person', 'a young person'), ('make-up', 'a woman with make-up', 'a woman without make-up'), ('lipstick', 'a woman with lipstick', 'a woman without lipstick'),
    ('hair long', 'a person with long hair', 'a person with short hair'), ('fringe', 'a person with bangs', 'a person with no bangs'), ('eyes shut', 'a person with closed eyes', 'a person with open eyes'), ('eyes blue', 'a person with blue eyes', 'a person with brown eyes'),
    ('freckles', 'a person with freckles', 'a person with clear skin'), ('earrings', 'a person with earrings', 'a person without earrings'), ('heavy', 'a chubby person', 'a thin person'), ('dark skin', 'a person with dark skin', 'a person with light skin'),
    ('sad', 'a sad person', 'a person with a neutral expression'), ('angry', 'an angry person', 'a person with a neutral expression'), ('surprised', 'a surprised person', 'a person with a neutral expression'), ('turned left', 'a person turned to the left', 'a person turned to the right'),
]
MANY = {  # claims of one kind -> words
    'hair colour': ('hair={}', 'a person with {} hair', ['black', 'dark brown', 'brown', 'light brown', 'blond', 'platinum blond', 'auburn', 'red', 'grey', 'white', 'pink', 'blue', 'green', 'purple']),
    'eye colour': ('eyes={}', 'a person with {} eyes', ['dark brown', 'brown', 'hazel', 'amber', 'green', 'blue', 'light blue', 'grey']),
    'hat colour': ('hat={}', 'a person wearing a {} hat', ['black', 'grey', 'white', 'brown', 'red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink']),
    'background': ('background={}', 'a person against a {} background', ['black', 'grey', 'white', 'brown', 'red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink']),
    'hair style': ('style={}', 'a person with {}', {'a buzz cut': 'buzz cut', 'a straight bob': 'straight bob', 'long hair': 'long', 'a ponytail': 'ponytail', 'a side braid': 'side braid', 'an afro': 'afro', 'short hair': 'short textured'}),
    'beard style': ('beard={}', 'a man with {}', {'no beard': 'none', 'stubble': 'stubble', 'a moustache': 'moustache', 'a goatee': 'goatee', 'a short beard': 'short beard', 'a full beard': 'full beard'}),
}
WRAPS = ['{}', 'a photo of {}', 'a portrait of {}', 'the face of {}', 'a picture of {}']


class Eyes:
    """The trained encoders, in float32."""

    def __init__(self, work):
        self.clip, self.token = load(work), Tokens(token_path(work))
        self.clip.kind = torch.float32

    def texts(self, texts):
        return torch.cat([self.clip.text(self.token.batch(texts[k:k + 64])) for k in range(0, len(texts), 64)])

    def said(self, text):
        return F.normalize(self.texts([w.format(text) for w in WRAPS]).mean(0), dim=0)

    def seen(self, pictures):
        return torch.cat([self.clip.picture(x) for x in pictures.split(50)])


def zero_shot(eyes, f, world):
    print('Two texts: balanced accuracy, area under the curve')
    for claim, yes, no in BINARY:
        t = world.truth[:, world.index[claim]].astype(int)
        if claim == 'beard':
            t = np.where(world.truth[:, world.index['man']] == 1, t, 0)
        if 'woman' in yes.split() and claim != 'woman':
            t = np.where(world.truth[:, world.index['woman']] == 1, t, 0)
        s = (f @ (eyes.said(yes) - eyes.said(no))).numpy()
        a, b = s[t == 1], s[t == -1]
        print(f'  {claim:12s} {((a > 0).mean() + (b <= 0).mean()) / 2:.2f}  {(a[:, None] > b[None]).mean():.2f}  ({len(a)} / {len(b)})')
    print('Many texts: share right, mean of classes, chance')
    for name, (claim, template, options) in MANY.items():
        claims = [claim.format(options[o] if isinstance(options, dict) else o) for o in options]
        truth = world.truth[:, [world.index[c] for c in claims]]
        ok = (truth == 1).sum(1) == 1
        if name == 'beard style':
            ok &= world.truth[:, world.index['man']] == 1
        best, real = (f[ok] @ torch.stack([eyes.said(template.format(o)) for o in options]).t()).argmax(1).numpy(), truth[ok].argmax(1)
        classes = [(best[real == k] == k).mean() for k in range(len(claims)) if (real == k).any()]
        print(f'  {name:12s} {(best == real).mean():.2f}  {np.mean(classes):.2f}  {1 / len(claims):.2f}  (n {ok.sum()})')


def retrieval(eyes, f, world, count=200):
    """A sentence of three or more claims finds its picture among 200; also sentences that hold a pair of claims that training never says together."""
    writer = Writer(5, apart=False)
    apart = lambda c: any(a in c.claims and b in c.claims for a, b in words.APART)
    for name, wanted in (('three or more claims', lambda c: len(c.claims) >= 3 and not apart(c)), ('with a pair never said together', apart)):
        ranks = []
        for start in range(0, len(f) - count + 1, count):
            captions = []
            for i in range(start, start + count):
                tries = [c for c in (writer.caption(world, i) for _ in range(4 if name[0] == 't' else 25)) if wanted(c)]
                if tries:
                    captions.append((i - start, tries[0]))
            if captions:
                order = (f[start:start + count] @ eyes.texts([c.text for _, c in captions]).t()).argsort(0, descending=True).t()
                fit = fits(world, [c for _, c in captions], np.arange(start, start + count))
                for row, (own, _), good in zip(order, captions, fit):
                    place = (row == own).nonzero().item()
                    ranks.append((place, good[row[0]] >= 0, sum(good[j] == -1 for j in row[:place].tolist())))
        place, top, wrong = (np.array(x) for x in zip(*ranks))
        print(f'Sentences {name} ({len(ranks)}) among {count} pictures: recall at 1 {(place < 1).mean():.2f}, at 5 {(place < 5).mean():.2f}; the best picture fits the sentence in {top.mean():.2f}; '
              f'own picture above all that do not fit {(wrong == 0).mean():.2f}')


def directions(eyes, work, count=240):
    """One attribute changed in generated pictures of test people: cosine of the change of f with the change of the text, from a neutral text."""
    painter, writer, r = Painter(work), Writer(9, apart=False), np.random.default_rng(11)
    rows = attributes.rows_from_seeds(data.JUDGE_TEST, count)
    doubles, names = edited(rows, r)
    change = eyes.seen(painter.paint_small(doubles)) - eyes.seen(painter.paint_small(rows))
    visible = Guess(work)(np.concatenate([rows, doubles]))
    world = World(attributes.columns(np.concatenate([rows, doubles])), visible)
    neutral = F.normalize(eyes.texts(sorted(set(words.NEUTRAL))).mean(0), dim=0)
    found, turned = {}, []
    for k, name in enumerate(names):
        text = writer.about(world, count + k, EDITS[name])
        if text is None or not text.claims or any(world.truth[k, world.index[c.lstrip('!')]] == (-1 if c[0] == '!' else 1) for c in text.claims) or change[k].norm() < 1e-3:
            continue
        turned.append((name, change[k], eyes.texts([text.text])[0] - neutral))
    right = F.cosine_similarity(torch.stack([a for _, a, _ in turned]), torch.stack([b for _, _, b in turned]), dim=1)
    for (name, _, _), c in zip(turned, right.tolist()):
        found.setdefault(name, []).append(c)
    print('Edits, cosine of the change seen with the change said:', ', '.join(f'{n} {np.mean(v):.2f}' for n, v in sorted(found.items())), f'; all {right.mean():.2f}')


def run(work):
    torch.set_grad_enabled(False)
    eyes = Eyes(work)
    test = data.final_test(work)
    f = eyes.seen(test.small(np.arange(len(test))))
    world = World(attributes.columns(test.rows), test.visible())
    neutral = eyes.texts(sorted(set(words.NEUTRAL)))
    center = F.normalize(f.mean(0), dim=0)
    print(f'{len(test)} pictures; length of the mean of f {f.mean(0).norm():.2f}; neutral texts: cosine with their mean {F.cosine_similarity(neutral, neutral.mean(0, keepdim=True)).mean():.2f}, with the mean of f {(neutral @ center).mean():.2f}')
    zero_shot(eyes, f, world)
    retrieval(eyes, f, world)
    directions(eyes, work)
