"""Claims: statements about a picture that are true, false or undecided, as a function of its attributes.

"A smile" is undecided at .25, brown against dark brown hair is, and so is what a crop or a hat hides. So for any sentences and pictures one knows
which pairs fit, which do not, and which to leave out of a loss.
"""
import numpy as np
from .attributes import SEEN

HAIR = ['black', 'dark brown', 'brown', 'light brown', 'blond', 'platinum blond', 'auburn', 'red', 'grey', 'white', 'pink', 'blue', 'green', 'purple']
HAIR_NEAR = [('black', 'dark brown'), ('dark brown', 'brown'), ('brown', 'light brown'), ('brown', 'auburn'), ('light brown', 'blond'), ('light brown', 'auburn'),
             ('blond', 'platinum blond'), ('platinum blond', 'white'), ('platinum blond', 'grey'), ('grey', 'white'), ('auburn', 'red'), ('auburn', 'dark brown')]
EYES = ['dark brown', 'brown', 'hazel', 'amber', 'green', 'blue', 'light blue', 'grey']
EYES_NEAR = [('dark brown', 'brown'), ('brown', 'hazel'), ('brown', 'amber'), ('hazel', 'amber'), ('hazel', 'green'), ('blue', 'light blue'), ('light blue', 'grey'), ('green', 'grey'), ('blue', 'grey')]
LIPS = ['red', 'pink', 'berry', 'nude', 'coral', 'plum']
LIPS_NEAR = [('red', 'berry'), ('red', 'coral'), ('pink', 'coral'), ('pink', 'nude'), ('nude', 'coral'), ('berry', 'plum'), ('pink', 'berry')]
COLOURS = {'black': 0x1c1c1f, 'dark grey': 0x45474b, 'grey': 0x8c8e92, 'white': 0xf0f0ee, 'cream': 0xefe4cf, 'beige': 0xcdb594, 'brown': 0x6b4a33, 'maroon': 0x6a1f2a, 'red': 0xb92b2b, 'orange': 0xd9742b,
           'mustard': 0xc9992e, 'yellow': 0xe6cf56, 'olive': 0x6a6a35, 'green': 0x3f7d4a, 'teal': 0x2b7c7e, 'light blue': 0x9cc4de, 'blue': 0x2f5fae, 'navy': 0x20294d, 'purple': 0x6b4490, 'pink': 0xde92ac}
SHORT = ['buzz cut', 'short swept', 'short textured', 'short side-parted', 'short cropped']
BOB = ['layered bob', 'straight bob']
STYLES = SHORT + BOB + ['long', 'ponytail', 'side braid', 'afro']
SKIN = [(0, 2.6), (2.6, 4.2), (4.2, 5.8), (5.8, 7.5), (7.5, 11)]


SPOKEN = ['age', 'masculinity', 'hair_style', 'hair_colour', 'eye_colour', 'glasses', 'glasses_colour', 'beard_style', 'hat', 'hat_colour', 'lipstick_colour', 'eyeshadow_colour', 'clothes', 'clothes_colour',
          'clothes_pattern', 'background_colour']  # what sentences name outright


def near_colours(limit=75):
    rgb = {n: np.array([c >> 16, c >> 8 & 255, c & 255], float) for n, c in COLOURS.items()}
    return [(a, b) for a in rgb for b in rgb if a < b and np.linalg.norm(rgb[a] - rgb[b]) < limit]


class World:
    """Claims of many pictures: .truth int8 [picture, claim] in {1 true, -1 false, 0 undecided}; .index: claim -> column; .people: attributes by name.

    columns: {attribute: array}, of attributes.columns; visible: float32 [N, 5], shares of the picture covered by attributes.SEEN.
    """

    def __init__(self, columns, visible):
        columns = dict(columns, **{'see_' + n: visible[:, k] for k, n in enumerate(SEEN)})
        self.people = [dict(zip(SPOKEN, values)) for values in zip(*(columns[n].tolist() for n in SPOKEN))]
        self.names, found = [], []
        col = columns.__getitem__

        def claim(name, yes, no):
            self.names.append(name)
            found.append(np.where(yes, 1, np.where(no, -1, 0)).astype(np.int8))

        def above(name, values, lo, hi):  # true above hi, false below lo
            claim(name, values > hi, values < lo)

        def choice(prefix, values, options, near, ok, denied=False):
            """One claim an option: false where a clearly different option holds, or `denied`."""
            place = {o: k for k, o in enumerate(options)}
            code = np.array([place.get(v, len(options)) for v in values.tolist()])
            apart = 1 - np.eye(len(options) + 1)
            apart[-1] = 0  # a value outside the options decides nothing
            for a, b in near:
                apart[place[a], place[b]] = apart[place[b], place[a]] = 0
            for o, k in place.items():
                claim(f'{prefix}={o}', (code == k) & ok, ((apart[code, k] > 0) & ok) | denied)

        age, sex = col('age'), col('masculinity')
        claim('man', sex > .6, sex < .4), claim('woman', sex < .4, sex > .6)
        claim('young', age < 33, age > 44), claim('middle-aged', (age > 41) & (age < 58), (age < 34) | (age > 66)), above('old', age, 48, 57)
        for a in range(20, 80, 5):
            claim(f'age={a}', abs(age - a) < 4, abs(age - a) > 11)

        style, hat, hair = col('hair_style'), col('hat'), col('see_hair')
        bare = hat == 'none'
        bald = (style == 'bald')
        claim('bald', bald & bare, ~bald & (hair > .03))
        has = ~bald & (hair > .02) | (style == 'buzz cut') & bare  # a buzz cut is painted on the skin, so the label map has no hair there
        hc, greying = col('hair_colour'), col('hair_grey')
        hc = np.where((greying > .25) & ~np.isin(hc, ['grey', 'white']) & (np.vectorize(HAIR.index)(hc) < 10), 'greying', hc)
        choice('hair', hc, HAIR, HAIR_NEAR, has, bald & bare)
        claim('hair dark', has & np.isin(hc, ['black', 'dark brown']), has & ~np.isin(hc, ['black', 'dark brown', 'brown', 'auburn', 'greying', 'purple', 'blue']))
        claim('hair light', has & np.isin(hc, ['blond', 'platinum blond']), has & ~np.isin(hc, ['blond', 'platinum blond', 'light brown', 'greying', 'white', 'grey']))
        claim('hair blond', has & np.isin(hc, ['blond', 'platinum blond']), (has & ~np.isin(hc, ['blond', 'platinum blond', 'light brown', 'greying'])) | (bald & bare))
        claim('hair brown', has & np.isin(hc, ['dark brown', 'brown', 'light brown']), (has & ~np.isin(hc, ['dark brown', 'brown', 'light brown', 'black', 'auburn', 'greying'])) | (bald & bare))
        claim('hair grey', has & (np.isin(hc, ['grey', 'white']) | (col('hair_grey') > .6) & (np.vectorize(HAIR.index)(col('hair_colour')) < 10)), (has & ~np.isin(hc, ['grey', 'white', 'greying', 'platinum blond'])) | (bald & bare))
        claim('hair dyed', has & np.isin(hc, HAIR[10:]), has & np.isin(hc, HAIR[:10]))
        sure = has & bare
        choice('style', style, STYLES, [(a, b) for a in SHORT for b in SHORT if a < b] + [tuple(BOB), ('ponytail', 'short swept'), ('ponytail', 'short cropped'), ('ponytail', 'side braid'), ('straight bob', 'long')], sure, bald & bare)
        claim('hair short', sure & np.isin(style, SHORT), (hair > .06) & np.isin(style, BOB + ['long', 'side braid']))
        claim('hair medium', sure & np.isin(style, BOB), (sure & np.isin(style, SHORT)) | (bald & bare))
        claim('hair long', has & np.isin(style, ['long', 'side braid']), (sure & np.isin(style, SHORT)) | (bald & bare))
        claim('tied back', sure & (style == 'ponytail'), sure & np.isin(style, BOB + ['long', 'afro']))
        fringed = np.isin(style, BOB + ['short side-parted', 'short textured'])
        claim('fringe', sure & fringed & (col('fringe') > .75), (sure & (col('fringe') < .3)) | (bald & bare))
        above('messy', np.where(sure, col('hair_messiness'), .5), .3, .6)

        shut = col('eyes_closed') > .5
        seen = ~shut & (col('glasses') != 'sunglasses') & (col('see_eyes') > .002)
        choice('eyes', col('eye_colour'), EYES, EYES_NEAR, seen)
        ec = col('eye_colour')
        claim('eyes brown', seen & np.isin(ec, ['dark brown', 'brown']), seen & ~np.isin(ec, ['dark brown', 'brown', 'hazel', 'amber']))
        claim('eyes blue', seen & np.isin(ec, ['blue', 'light blue']), seen & ~np.isin(ec, ['blue', 'light blue', 'grey']))
        claim('eyes light', seen & np.isin(ec, ['green', 'blue', 'light blue', 'grey']), seen & np.isin(ec, ['dark brown', 'brown']))
        claim('eyes shut', shut & (col('glasses') != 'sunglasses'), ~shut & (col('glasses') != 'sunglasses'))
        claim('eyes open', seen, shut)
        above('eyes wide', np.where(shut, 0, col('eyes_wide')), .1, .35)

        smile, mouth, furrow = col('smile'), col('mouth_open'), col('brow_furrow')
        claim('smile', smile > .3, smile < .21)
        claim('slight smile', (smile > .28) & (smile < .55) & (mouth < .1), (smile < .15) | (smile > .75))
        claim('broad smile', (smile > .6) & (mouth > .1), smile < .45)
        claim('teeth', (smile > .55) & (mouth > .12), (mouth < .05))
        surprise = (mouth > .3) & (col('eyes_wide') > .15)
        claim('surprised', surprise, (mouth < .2))
        above('mouth open', mouth, .05, .2)
        claim('sad', col('frown') > .3, col('frown') < .1)
        claim('angry', (furrow > .4) & (smile < .2), furrow < .15)
        above('pucker', col('pucker'), .15, .35)
        claim('neutral', (smile < .2) & (col('frown') < .1) & (furrow < .15) & (col('pucker') < .1) & (mouth < .1), (smile > .35) | (col('frown') > .4) | (furrow > .5) | surprise | (col('pucker') > .4))
        above('raised brows', col('brow_raise'), .15, .4)

        glasses, g_seen = col('glasses'), col('see_glasses') > .004
        claim('glasses', g_seen, glasses == 'none')
        for g in ('round glasses', 'square glasses', 'sunglasses'):
            claim(g, (glasses == g) & g_seen, glasses != g)
        choice('frame', col('glasses_colour'), list(COLOURS), near_colours(120), g_seen)

        beard, stubble = col('beard_style'), col('stubble')
        claim('facial hair', beard != 'none', (beard == 'none') & (stubble < .2))
        claim('beard', np.isin(beard, ['short beard', 'full beard']), np.isin(beard, ['none', 'stubble', 'moustache']))
        near_beard = [('short beard', 'full beard'), ('goatee', 'short beard'), ('stubble', 'short beard'), ('goatee', 'full beard'), ('stubble', 'goatee')]
        choice('beard', beard, ['none', 'stubble', 'moustache', 'goatee', 'short beard', 'full beard'], near_beard, True)
        claim('long beard', (beard == 'full beard') & (col('beard_length') > .7), np.isin(beard, ['none', 'stubble', 'moustache']) | (col('beard_length') < .3))
        claim('clean-shaven', (beard == 'none') & (stubble < .2), ~np.isin(beard, ['none', 'stubble']))

        claim('hat', ~bare, bare), claim('fedora', hat == 'fedora', hat != 'fedora'), claim('beanie', hat == 'beanie', hat != 'beanie')
        choice('hat', col('hat_colour'), list(COLOURS), near_colours(), ~bare, bare)
        ring, r_seen = col('earrings'), col('see_earrings') > .0004
        claim('earrings', r_seen, ring == 'none'), claim('hoop', r_seen & (ring == 'hoop'), ring != 'hoop'), claim('stud', r_seen & (ring == 'stud'), ring == 'none')

        above('lipstick', col('lipstick'), .2, .45), above('strong lipstick', col('lipstick'), .5, .75)
        choice('lips', col('lipstick_colour'), LIPS, LIPS_NEAR, col('lipstick') > .45, col('lipstick') < .2)
        shadow = np.where(seen, col('eyeshadow'), .35)
        above('eyeshadow', shadow, .2, .45)
        choice('shadow', col('eyeshadow_colour'), list(COLOURS), near_colours(100), shadow > .45, shadow < .1)
        above('eyeliner', np.where(seen, col('eyeliner'), .35), .2, .5)
        above('blush', col('blush'), .15, .5)
        above('make-up', col('lipstick') + col('blush') + col('eyeshadow') + .5 * col('eyeliner'), .35, .8)
        above('heavy make-up', col('lipstick') + col('blush') + col('eyeshadow'), .8, 1.3)
        above('freckles', col('freckles'), .25, .45), above('many freckles', col('freckles'), .5, .75)
        above('wrinkles', col('wrinkles'), .35, .6)
        above('thick brows', col('brow_thickness'), .5, .7)
        claim('thin brows', col('brow_thickness') < .2, col('brow_thickness') > .4)
        above('heavy', col('weight'), .1, .4)
        claim('thin', col('weight') < -.5, col('weight') > -.2)
        tone = col('skin_tone')
        for k, (a, b) in enumerate(SKIN):
            claim(f'skin={k}', (tone >= a) & (tone < b), (tone < a - .9) | (tone > b + .9))
        above('dark skin', tone, 5, 6.5)
        claim('light skin', tone < 4, tone > 5.5)

        worn = col('see_clothes') > .015
        choice('clothes', col('clothes'), ['t-shirt', 'v-neck', 'turtleneck', 'collared shirt', 'suit', 'tank top'], [('t-shirt', 'v-neck'), ('t-shirt', 'tank top'), ('v-neck', 'tank top'), ('collared shirt', 'suit')], worn)
        choice('cloth', col('clothes_colour'), list(COLOURS), near_colours(), worn)
        choice('pattern', col('clothes_pattern'), ['plain', 'striped', 'checked', 'dotted'], [], worn)
        yaw, side = col('yaw'), col('light_azimuth')
        above('turned right', yaw, 8, 17), above('turned left', -yaw, 8, 17), above('turned', abs(yaw), 9, 17)
        claim('front', abs(yaw) < 6, abs(yaw) > 14)
        above('looking up', col('pitch'), 3, 8), above('looking down', -col('pitch'), 3, 8)
        scene = col('background')
        flat = np.isin(scene, ['plain', 'gradient', 'studio'])
        choice('background', col('background_colour'), list(COLOURS), near_colours(), flat)
        claim('bokeh', scene == 'bokeh', flat), claim('blurred', np.isin(scene, ['blurred scene', 'bokeh']), flat), claim('plain background', flat, ~flat)
        above('warm light', col('light_warmth'), .2, .5), above('cold light', -col('light_warmth'), .2, .5)
        above('light right', side, 10, 45), above('light left', -side, 10, 45), above('side light', abs(side), 35, 60)
        self.truth = np.stack(found, 1)
        self.index = {n: k for k, n in enumerate(self.names)}


def fits(world, captions, ids):
    """int8 [caption, picture]: 1 fits, -1 does not, 0 undecided. ids: which pictures of the world."""
    names, n = world.index, len(world.names)
    yes, no = np.zeros((len(captions), n), np.float32), np.zeros((len(captions), n), np.float32)
    for k, c in enumerate(captions):
        for x in c.claims:
            (no if x[0] == '!' else yes)[k, names[x.lstrip('!')]] = 1
    t = world.truth[ids]
    good, bad = (t == 1).astype(np.float32), (t == -1).astype(np.float32)
    wrong = yes @ bad.T + no @ good.T
    right = yes @ good.T + no @ bad.T
    return np.where(wrong > 0, -1, np.where(right >= (yes.sum(1) + no.sum(1))[:, None], 1, 0)).astype(np.int8)
