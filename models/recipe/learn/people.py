"""Batches of people, of their edited doubles, and of sentences about both."""
from collections import namedtuple
import numpy as np
import torch
from . import attributes
from .claims import World, fits
from .edits import EDITS, edited, exchanged
from .sentences import Writer

# rows [P + E, A]: P people, then the doubles of the first E; captions: one for each row, then spoilt ones; fit [captions, rows]; before, after: texts of each edit that can be said, of: which edit
Batch = namedtuple('Batch', 'rows captions fit truth before after of index')


def fresh_people(people, r):
    """Rows of new people, half of them with attributes exchanged between them."""
    rows = attributes.fresh(people, r)
    half = people // 2
    return np.concatenate([exchanged(rows[:half], r), rows[half:]])


def told(rows, visible, edits, names, wrong, writer):
    """Sentences for rows whose last len(names) are doubles of the first; visible: shares [N, 5]."""
    world = World(attributes.columns(rows), visible)
    people = len(rows) - edits
    captions = [writer.caption(world, i) if i < people and (i >= edits or writer.r.random() < .5) else writer.caption(world, i, EDITS[names[i % people]]) for i in range(len(rows))]
    spoilt = []
    for i in writer.r.sample(range(len(rows)), len(rows)):
        if len(spoilt) == wrong:
            break
        if c := writer.spoil(captions[i], world, i):
            spoilt.append(c)
    captions += spoilt
    before, after, of = [], [], []
    for k, name in enumerate(names):
        if (world.truth[k] == world.truth[people + k]).all():
            continue
        new = writer.about(world, people + k, EDITS[name])
        if new is None or not new.claims or all(world.truth[k, world.index[c.lstrip('!')]] == (-1 if c[0] == '!' else 1) for c in new.claims):
            continue  # was so before
        old = writer.about(world, k, EDITS[name]) if writer.r.random() < .4 else None
        before.append((old or writer.neutral()).text), after.append(new.text), of.append(k)
    return Batch(rows, captions, torch.from_numpy(fits(world, captions, np.arange(len(rows)))), torch.from_numpy(world.truth).float(), before, after, torch.tensor(of, dtype=torch.long), world.index)


def fresh_batch(people, edits, wrong, guess, writer, r):
    rows = fresh_people(people, r)
    doubles, names = edited(rows[:edits], r)
    rows = np.concatenate([rows, doubles])
    return told(rows, guess(rows), edits, names, wrong, writer)


def vocabulary_texts(work_guess, count, seed=0):
    """Sentences of the grammar, held-out pairs included, to learn the tokenizer from."""
    r, writer = np.random.default_rng(seed), Writer(seed, apart=False)
    out = []
    for _ in range(count // 600):
        rows = fresh_people(200, r)
        doubles, _ = edited(rows, r)
        rows = np.concatenate([rows, doubles])
        world = World(attributes.columns(rows), work_guess(rows))
        out += [writer.caption(world, i).text for i in range(len(rows))] + [writer.neutral().text for _ in range(200)]
    return out
