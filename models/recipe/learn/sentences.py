"""Sentences about pictures, drawn from a grammar: which facts, in which order, in which form."""
import random
from collections import namedtuple
from . import words as W
from .claims import fits  # noqa: F401  (part of this module's vocabulary)
from .facts import Fact, article, facts

Caption = namedtuple('Caption', 'text claims facts')
NOBODY = Fact('subject', 'subject', 'person', ())


class Writer:
    """Draws captions for the pictures of a world. Facts are chosen by salience (key = u ** (1 / salience)), at most one of a group."""

    def __init__(self, seed, apart=True):
        self.r, self.apart = random.Random(seed), apart
        self.bank = {}  # group -> facts met so far, to spoil captions with

    def remember(self, fact):
        self.bank.setdefault(fact.group, {})[fact.kind + fact.text] = fact

    def neutral(self):
        return Caption(self.finish(self.r.choice(W.NEUTRAL)), (), ())

    def caption(self, world, i, must=()):
        """A sentence about picture i. must: groups of facts, one of which has to be in it where anything can be said of it."""
        r = self.r
        if not must and r.random() < .06:
            return self.neutral()
        want = 1 + int(r.random() ** 1.7 * 5)
        found = facts(world, i, r)
        absent = r.random() < .12  # looks for something that is absent
        weighed = sorted((((r.random() ** (1 / (s * (8 if absent and f.kind == 'negative' else 1)))) + (2 if f.group in must else 0), f) for s, f in found), key=lambda x: -x[0])
        chosen, subject, age, groups = [], None, None, set()
        for _, f in weighed:
            if f.kind == 'subject':
                subject = subject or f
            elif f.kind == 'age':
                age = age or f
            elif len(chosen) < want and f.group not in groups:
                groups.add(f.group), chosen.append(f)
        if subject is None or r.random() < (.75 if want < 3 else .25):
            subject = Fact('subject', 'subject', r.choice(W.SUBJECTS['']), ())
        if age and ('age' in must or r.random() < .3):
            chosen.append(age)
        if self.apart:
            chosen = self.parted([subject] + chosen)[1:]
        for f in chosen:
            if r.random() < .05:
                self.remember(f)
        return self.join([subject] + chosen)

    def parted(self, chosen):
        """Without one of two facts that are kept apart in training."""
        claims = {c for f in chosen for c in f.claims}
        for a, b in W.APART:
            if a in claims and b in claims:
                chosen = chosen[:1] + [f for f in chosen[1:] if a not in f.claims and b not in f.claims]
        return chosen

    def about(self, world, i, groups):
        """A short sentence about picture i that says one fact of `groups` and nothing else, or None where there is none."""
        found = [(s, f) for s, f in facts(world, i, self.r) if f.group in groups]
        if not found:
            return None
        fact = max(found, key=lambda x: self.r.random() ** (1 / x[0]))[1]
        if fact.kind == 'subject':
            return self.join([fact])
        return self.join([Fact('subject', 'subject', self.r.choice(W.SUBJECTS['']), ()), fact])

    def join(self, chosen):
        """One of many sentences from these facts; the first is the subject."""
        r = self.r
        of = lambda kind: [f.text for f in chosen if f.kind == kind]
        subject, adjectives = of('subject')[0], of('age') + of('adjective')
        r.shuffle(adjectives)
        who = ' '.join([subject] + adjectives if subject in ('someone', 'somebody') else adjectives + [subject])
        a_who = who if subject in ('someone', 'somebody') else article(who)
        withs, states, wearing, tail = of('with'), of('state'), of('wearing'), of('negative') + of('setting')
        r.shuffle(withs)
        listed = ' and '.join([', '.join(withs[:-1]), withs[-1]]) if len(withs) > 1 else withs[0] if withs else ''
        worn = ('wearing ' if r.random() < .85 else 'in ') + ' and '.join(wearing) if wearing else ''
        parts = [x for x in (worn, *states, *tail) if x]
        r.shuffle(parts)
        form = r.random()
        if form < .3 and (withs or wearing or states or tail or adjectives):
            return self.bare(chosen, who, adjectives, withs, wearing, states, tail)
        head = r.choice(W.FRAMES).format(a_who if r.random() < .88 else who)
        sep = lambda: r.choice([', ', ' ', ' '])
        if form < .38 and listed:
            text = f'{a_who} has {listed}' if r.random() < .7 else f'the {who} has {listed}'
            text += ''.join(', ' + x for x in parts)
        elif form < .43 and worn and len(parts) > 1:
            text = f'{a_who} is {worn}' + (f' and has {listed}' if listed else '') + ''.join(', ' + x for x in parts if x != worn)
        elif form < .6 and parts:
            text = head + sep() + parts[0] + (f'{sep()}with {listed}' if listed else '') + ''.join(sep() + x for x in parts[1:])
        elif form < .65 and listed:
            text = f'with {listed}, {a_who}' + ''.join(', ' + x for x in parts)
        else:
            text = head + (f' with {listed}' if listed else '') + ''.join(sep() + x for x in parts)
        return Caption(self.finish(tidy(text)), tuple(sorted({c for f in chosen for c in f.claims})), tuple(chosen))

    def bare(self, chosen, who, adjectives, withs, wearing, states, tail):
        """Key words as people type them: "smiling, with red hair"; often nobody is in them."""
        r = self.r
        pieces = [('with ' if r.random() < .35 else '') + x for x in withs] + [('wearing ' if r.random() < .4 else '') + x for x in wearing] + states + tail
        texts = withs + wearing + states + tail
        if adjectives and (not pieces or r.random() < .5):
            pieces, texts = pieces + adjectives, texts + adjectives
        if r.random() < .25 or not pieces:
            pieces, texts = pieces + [who], texts + adjectives + [chosen[0].text]
        r.shuffle(pieces)
        used = tuple(f for f in chosen if f.text in texts)
        if not any(f.kind == 'subject' for f in used):
            used = (NOBODY,) + used
        order = self.order(used) if r.random() < .3 else None
        text = order or (' and ' if len(pieces) == 2 and r.random() < .3 else ', ' if r.random() < .75 else r.choice([' ', ' ', ' + ', '; ', ' & '])).join(pieces)
        return Caption(self.finish(tidy(text)), tuple(sorted({c for f in used for c in f.claims})), used)

    def order(self, used):
        """One fact as people tell an editor to do it ("add glasses", "make them older", "remove the beard"), or None where it is more than one."""
        told = [f for f in used if f.claims]
        if len(told) != 1 or told[0].kind in ('subject', 'setting'):
            return None
        kind, text = told[0].kind, told[0].text
        for first in ('without ', 'no '):
            if kind == 'negative' and text.startswith(first):
                return self.r.choice(W.REMOVE).format(text[len(first):])
        if kind == 'negative' or kind == 'state' and text.split()[0] in ('with', 'who', 'in', 'of', 'whose', 'not', 'without'):
            return None
        return self.r.choice(W.GIVE if kind in ('with', 'wearing') else W.MAKE).format(text)

    def finish(self, text):
        if self.r.random() < .06:
            text = mistyped(text, self.r)
        return text[0].upper() + text[1:] + '.' if self.r.random() < .12 else text

    def spoil(self, caption, world, i, tries=12):
        """The same with exactly one fact changed, so that it is false on picture i; None if none is found."""
        told = [f for f in caption.facts if f.claims]
        if not told:
            return None
        for _ in range(tries):
            old = self.r.choice(told)
            options = self.bank.get(old.group)
            if not options:
                continue
            new = self.r.choice(list(options.values()))
            if any(world.truth[i, world.index[x.lstrip('!')]] == (1 if x[0] == '!' else -1) for x in new.claims):
                out = self.join([new if f is old else f for f in caption.facts])
                if set(new.claims) <= set(out.claims):  # a key-word caption may have left it out
                    return out
        return None


def mistyped(text, r):
    """One letter of one longer word is left out, doubled, or changes place with the next."""
    words = text.split(' ')
    long = [k for k, w in enumerate(words) if len(w) > 4 and w.isalpha()]
    if long:
        w = words[k := r.choice(long)]
        at = r.randrange(1, len(w) - 1)
        words[k] = r.choice([w[:at] + w[at + 1:], w[:at] + w[at] + w[at:], w[:at] + w[at + 1] + w[at] + w[at + 2:]])
    return ' '.join(words)


def tidy(text):
    return text.replace('with with', 'with').replace(' has with ', ' has ').replace('wearing wearing', 'wearing')
