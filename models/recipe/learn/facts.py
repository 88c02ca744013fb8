"""All that can be said of one picture, each fact in one of its wordings with the claims that it makes and its salience (how likely people mention it)."""
import re
from collections import namedtuple
from . import words as W

Fact = namedtuple('Fact', 'group kind text claims')  # kind: where it stands in a sentence: subject, age, adjective, with, wearing, state, setting, negative
COLOUR_NAMES = set(W.HAIR)


def article(words):
    return ('an ' if words[0] in 'aeiou' else 'a ') + words


class Teller:
    """Collects what is true of picture i of a world."""

    def __init__(self, world, i, random):
        self.person, self.truth, self.index, self.r, self.found = world.people[i], world.truth[i], world.index, random, []

    def true(self, *claims):
        return all(self.truth[self.index[c]] == 1 for c in claims)

    def false(self, claim):
        return self.truth[self.index[claim]] == -1

    def say(self, salience, group, kind, words, *claims):
        if self.true(*claims):
            self.found.append((salience, Fact(group, kind, self.r.choice(words), claims)))

    def deny(self, salience, group, words, claim):
        if self.false(claim):
            self.found.append((salience, Fact(group, 'negative', self.r.choice(words), ('!' + claim,))))


def hair(t):
    say, r, style, colour = t.say, t.r, t.person['hair_style'], t.person['hair_colour']
    if t.true('bald'):
        say(.8, 'hair', 'with', W.BALD, 'bald')
        say(.6, 'hair', 'adjective', W.BALD_ADJECTIVES, 'bald')
        return
    colours = [x for x in [(r.choice(W.HAIR[colour]), f'hair={colour}')] * 3 + W.HAIR_KINDS if t.true(x[1])]
    shapes = [x for x in [(x, f'style={style}') for x in W.STYLES.get(style, [])] + W.LENGTHS if t.true(x[1])]
    if colours:
        word, claim = r.choice(colours)
        say(.7, 'hair', 'with', [f'{word} hair'] * 4 + [f'{word} coloured hair' if word in COLOUR_NAMES else f'{word} hair'], claim)
        if word in W.HAIRED:
            say(.08, 'hair', 'adjective', W.REDHEAD, 'hair=red')
            say(.25, 'hair', 'adjective', [word, word, f'{word}-haired'] if word in W.HAIRED_ALONE else [f'{word}-haired'], claim)
        if shapes:
            shape, about = r.choice(shapes)
            both = re.sub(r'\bhair\b', f'{word} hair', shape, 1) if 'hair' in shape else article(word + shape[shape.index(' '):]) if ' ' in shape else f'{word} {shape}'
            say(.5, 'hair', 'with', [both], claim, about)
    if shapes:
        shape, about = r.choice(shapes)
        say(.35, 'hair', 'with', [shape], about)
    say(.15, 'hair', 'state', W.TIED, 'tied back')
    say(.5, 'fringe', 'with', W.FRINGE, 'fringe')
    t.deny(.08, 'fringe', W.NO_FRINGE, 'fringe')
    say(.25, 'messy', 'with', W.MESSY, 'messy')
    t.deny(.04, 'hair', ['not bald', 'with a full head of hair'], 'bald')


def eyes(t):
    say, e = t.say, t.person['eye_colour']
    say(.35, 'eyes', 'with', [f'{e} eyes', f'{e} eyes', f'bright {e} eyes'] if e in ('blue', 'green') else [f'{e} eyes'], f'eyes={e}')
    say(.12, 'eyes', 'with', ['brown eyes', 'brown eyes', 'dark eyes'], 'eyes brown')
    say(.15, 'eyes', 'with', ['blue eyes'], 'eyes blue')
    say(.06, 'eyes', 'with', ['light eyes', 'pale eyes', 'bright eyes'], 'eyes light')
    if e in ('blue', 'green', 'brown', 'grey'):
        say(.06, 'eyes', 'adjective', [f'{e}-eyed'], f'eyes={e}')
    say(.8, 'shut', 'state', W.SHUT, 'eyes shut')
    say(.04, 'shut', 'state', ['with eyes open', 'with open eyes', 'open eyes'], 'eyes open')
    say(.3, 'shut', 'state', W.WIDE, 'eyes wide')


def mood(t):
    say = t.say
    for salience, kind, words, claim in (
            (.9, 'state', W.BROAD_SMILE, 'broad smile'), (.5, 'adjective', W.BROAD_SMILE_ADJECTIVES, 'broad smile'), (.6, 'state', W.SLIGHT_SMILE, 'slight smile'), (.8, 'state', W.SMILE, 'smile'),
            (.6, 'adjective', W.SMILE_ADJECTIVES, 'smile'), (.9, 'state', W.SURPRISED, 'surprised'), (.5, 'adjective', W.SURPRISED_ADJECTIVES, 'surprised'), (.15, 'state', W.MOUTH_OPEN, 'mouth open'),
            (.85, 'state', W.SAD, 'sad'), (.5, 'adjective', W.SAD_ADJECTIVES, 'sad'), (.85, 'state', W.ANGRY, 'angry'), (.5, 'adjective', W.ANGRY_ADJECTIVES, 'angry'), (.85, 'state', W.PUCKER, 'pucker'),
            (.5, 'state', W.CALM, 'neutral'), (.25, 'adjective', W.CALM_ADJECTIVES, 'neutral')):
        say(salience, 'mood', kind, words, claim)
    say(.2, 'raised', 'state', W.RAISED, 'raised brows')
    t.deny(.15, 'mood', W.NO_SMILE, 'smile')


def glasses(t):
    say, g, frame = t.say, t.person['glasses'], t.person['glasses_colour']
    if t.true('glasses'):
        words = W.SUNGLASSES if g == 'sunglasses' else [g, g, g.replace('glasses', 'spectacles'), g.replace('glasses', 'eyeglasses')]
        say(.75, 'glasses', 'with', words, 'glasses', g)
        say(.4, 'glasses', 'wearing', words, 'glasses', g)
        if g != 'sunglasses':
            say(.9, 'glasses', 'with', W.GLASSES, 'glasses')
            say(.6, 'glasses', 'wearing', W.GLASSES, 'glasses')
            say(.15, 'glasses', 'with', [f'{frame} glasses', f'{frame}-framed glasses'], 'glasses', f'frame={frame}')
            say(.1, 'glasses', 'adjective', ['bespectacled'], 'glasses')
    t.deny(.1, 'glasses', W.NO_GLASSES, 'glasses')
    if t.true('glasses') or t.r.random() < .5:
        t.deny(.12, 'glasses', W.NO_SUNGLASSES, 'sunglasses')


def beard(t):
    say, b = t.say, t.person['beard_style']
    if b != 'none':
        say(.75, 'beard', 'with', W.BEARDS[b], f'beard={b}')
        say(.6, 'beard', 'with', ['a beard', 'a beard', 'beard'], 'beard')
        say(.4, 'beard', 'with', ['a long beard', 'a very long beard', 'a big beard'], 'long beard')
        say(.25, 'beard', 'adjective', ['bearded'], 'beard')
        say(.2, 'beard', 'adjective', ['unshaven', 'stubbly'], 'beard=stubble')
        say(.12, 'beard', 'with', ['facial hair', 'some facial hair'], 'facial hair')
    elif t.person['masculinity'] > .6:
        say(.2, 'beard', 'negative', W.NO_BEARD, 'clean-shaven')
        say(.12, 'beard', 'adjective', ['clean-shaven'], 'clean-shaven')


def hat(t):
    say, r, h, colour = t.say, t.r, t.person['hat'], t.person['hat_colour']
    if h != 'none':
        kinds = W.FEDORA if h == 'fedora' else W.BEANIE
        say(.7, 'hat', r.choice(['with', 'wearing']), [article(f'{colour} {r.choice(kinds)}')], 'hat', h, f'hat={colour}')
        say(.6, 'hat', r.choice(['with', 'wearing']), [article(r.choice(kinds))], 'hat', h)
        say(.7, 'hat', r.choice(['with', 'wearing']), ['a hat', 'a hat', 'a cap' if h == 'beanie' else 'a hat'], 'hat')
        say(.3, 'hat', r.choice(['with', 'wearing']), [article(f'{colour} hat')], 'hat', f'hat={colour}')
    t.deny(.08, 'hat', W.NO_HAT, 'hat')


def make_up(t):
    say, lips, shadow = t.say, t.person['lipstick_colour'], t.person['eyeshadow_colour']
    if t.true('earrings'):
        say(.45, 'earrings', 'with', W.HOOPS, 'earrings', 'hoop')
        say(.4, 'earrings', 'with', W.STUDS, 'earrings', 'stud')
        say(.4, 'earrings', t.r.choice(['with', 'wearing']), W.EARRINGS, 'earrings')
    t.deny(.07, 'earrings', W.NO_EARRINGS, 'earrings')
    say(.5, 'lipstick', t.r.choice(['with', 'with', 'wearing']), [f'{lips} lipstick', f'{lips} lips', f'{lips} lipstick'], 'lipstick', f'lips={lips}')
    say(.4, 'lipstick', t.r.choice(['with', 'with', 'wearing']), W.LIPSTICK, 'lipstick')
    say(.15, 'lipstick', 'with', W.STRONG_LIPSTICK, 'strong lipstick')
    t.deny(.07, 'lipstick', W.NO_LIPSTICK, 'lipstick')
    say(.35, 'eyeshadow', 'with', [f'{shadow} eyeshadow', f'{shadow} eye shadow'], 'eyeshadow', f'shadow={shadow}')
    say(.2, 'eyeshadow', 'with', W.EYESHADOW, 'eyeshadow')
    say(.12, 'eyeshadow', 'with', W.LINER, 'eyeliner')
    say(.15, 'make-up', 'with', W.BLUSH, 'blush')
    say(.4, 'make-up', t.r.choice(['with', 'wearing']), W.HEAVY_MAKEUP, 'heavy make-up')
    say(.4, 'make-up', t.r.choice(['with', 'wearing']), W.MAKEUP, 'make-up')
    if t.person['masculinity'] < .4:
        t.deny(.12, 'make-up', W.NO_MAKEUP, 'make-up')


def skin(t):
    say = t.say
    say(.7, 'freckles', 'with', W.FRECKLES, 'freckles')
    say(.3, 'freckles', 'with', W.MANY_FRECKLES, 'many freckles')
    say(.2, 'freckles', 'adjective', ['freckled'], 'freckles')
    t.deny(.07, 'freckles', W.NO_FRECKLES, 'freckles')
    say(.35, 'wrinkles', 'with', W.WRINKLES, 'wrinkles')
    t.deny(.04, 'wrinkles', ['without wrinkles', 'with smooth skin', 'no wrinkles'], 'wrinkles')
    say(.12, 'brows', 'with', W.THICK_BROWS, 'thick brows')
    say(.12, 'brows', 'with', W.THIN_BROWS, 'thin brows')
    say(.4, 'weight', 'adjective', W.HEAVY, 'heavy')
    say(.2, 'weight', 'with', W.HEAVY_WITH, 'heavy')
    say(.4, 'weight', 'adjective', W.THIN, 'thin')
    say(.2, 'weight', 'with', W.THIN_WITH, 'thin')
    for k, words in enumerate(W.SKIN):
        say(.3, 'skin', 'with', words, f'skin={k}')
    say(.12, 'skin', 'adjective', ['dark-skinned'], 'dark skin')
    say(.12, 'skin', 'adjective', ['light-skinned', 'fair-skinned', 'pale', 'pale-skinned'], 'light skin')
    say(.15, 'skin', 'with', ['dark skin', 'darker skin'], 'dark skin')
    say(.15, 'skin', 'with', ['light skin', 'lighter skin'], 'light skin')


def clothes(t):
    say, r, c, colour, pattern = t.say, t.r, t.person['clothes'], t.person['clothes_colour'], t.person['clothes_pattern']
    name = {'collared shirt': ['collared shirt', 'shirt', 'shirt with a collar'], 'suit': ['suit', 'jacket', 'suit jacket'], 'turtleneck': ['turtleneck', 'roll-neck', 'turtleneck sweater']}.get(c, [c])
    name = r.choice(name)
    say(.2, 'clothes', 'wearing', [article(f'{colour} {name}')], f'clothes={c}', f'cloth={colour}')
    say(.15, 'clothes', 'wearing', [article(name)], f'clothes={c}')
    say(.15, 'clothes', 'wearing', [f'{colour} clothes', article(f'{colour} top'), f'{colour}'], f'cloth={colour}')
    if pattern != 'plain':
        say(.15, 'clothes', 'wearing', [article(f'{pattern} {name}'), f'{pattern} clothes'], f'pattern={pattern}')


def scene(t):
    say, b = t.say, t.person['background_colour']
    say(.35, 'pose', 'state', W.RIGHT, 'turned right')
    say(.35, 'pose', 'state', W.LEFT, 'turned left')
    say(.25, 'pose', 'state', W.ASIDE, 'turned')
    say(.2, 'pose', 'state', W.FRONT, 'front')
    say(.08, 'pose', 'state', ['looking up', 'with the head tilted back'], 'looking up')
    say(.08, 'pose', 'state', ['looking down', 'with the head lowered'], 'looking down')
    say(.3, 'background', 'setting', [f'against {article(b)} background', f'in front of {article(b)} wall', f'on {b}', f'{b} background', f'with {article(b)} background'], f'background={b}')
    say(.2, 'background', 'setting', ['with blurred lights behind', 'in front of bokeh lights', 'with lights in the background'], 'bokeh')
    say(.12, 'background', 'setting', ['with a blurred background', 'blurred background', 'outdoors'], 'blurred')
    say(.08, 'background', 'setting', ['with a plain background', 'plain background', 'in a studio'], 'plain background')
    say(.2, 'light', 'setting', ['in warm light', 'at sunset', 'warm light'], 'warm light')
    say(.2, 'light', 'setting', ['in cold light', 'in cool light', 'cold light'], 'cold light')
    say(.15, 'light', 'setting', ['lit from the right', 'light from the right'], 'light right')
    say(.15, 'light', 'setting', ['lit from the left', 'light from the left'], 'light left')
    say(.1, 'light', 'setting', ['in dramatic side light', 'half the face in shadow'], 'side light')


def who(t):
    """Who it is goes last in the list but first in the sentence."""
    say, sex, age = t.say, 'man' if t.true('man') else 'woman' if t.true('woman') else '', t.person['age']
    if sex:
        say(1, 'subject', 'subject', W.SUBJECTS[sex], sex)
        if age < 26 and t.r.random() < .3:
            say(1.5, 'subject', 'subject', W.SUBJECTS['young ' + sex], sex, 'young')
        if t.true('old') and t.r.random() < .2:
            say(1.5, 'subject', 'subject', W.SUBJECTS['old ' + sex], sex, 'old')
        say(.25, 'sex', 'adjective', ['male', 'masculine'] if sex == 'man' else ['female', 'feminine'], sex)
    for a, words in W.AGES.items():
        say(.4, 'age', 'age', words, a)
    say(.08, 'aged', 'state', W.OLD, 'old')
    say(.08, 'aged', 'state', W.YOUNG, 'young')
    near = min(75, max(20, round(age / 5) * 5))
    say(.08, 'age', 'age', [f'{near}-year-old'], f'age={near}')


def facts(world, i, random):
    """[(salience, Fact)] of picture i."""
    teller = Teller(world, i, random)
    for about in (hair, eyes, mood, glasses, beard, hat, make_up, skin, clothes, scene, who):
        about(teller)
    return teller.found
