"""One attribute changed and all else kept: the pairs that give directions their meaning."""
import numpy as np
from . import attributes
from .attributes import CHOICES, INDEX, SPAN

CALM = dict(smile=.05, mouth_open=0, frown=0, brow_raise=0, brow_furrow=0, eyes_wide=0, squint=0, pucker=0)
BEARD = dict(none=(0, 0, .1), stubble=(0, .7, .75), moustache=(.3, .8, .7), goatee=(.3, .8, .7), **{'short beard': (.3, .8, .7), 'full beard': (.75, .8, .7)})  # length, density, stubble
BARE = dict(lipstick=0, blush=0, eyeshadow=0, eyeliner=0, lash_length=.45)


def change(row, name, r):
    """The attributes that edit `name` sets on a row, or None where it makes no sense; r is a numpy Generator."""
    woman = row[INDEX['masculinity']] < .5
    if name == 'smile':
        return dict(CALM, smile=.9, mouth_open=r.uniform(.2, .35)) if r.random() < .5 else dict(CALM, smile=r.uniform(.5, .75))
    if name == 'mood':
        return [CALM, dict(CALM, frown=.8), dict(CALM, brow_furrow=.8, squint=.3), dict(CALM, mouth_open=.7, brow_raise=.8, eyes_wide=.6), dict(CALM, pucker=.7)][r.integers(5)]
    if name == 'shut':
        return dict(eyes_closed=1, eyes_wide=0)
    if name == 'glasses':
        kind = ['none', 'round glasses', 'square glasses', 'sunglasses', 'sunglasses'][r.integers(5)]
        return dict(glasses=kind, glasses_tint=.9 if kind == 'sunglasses' else .05 if kind != 'none' else 0)
    if name == 'hat':
        kind = CHOICES['hat'][r.integers(3)]
        if kind != 'none' and row[SPAN['hair_style']].argmax() in (4, 6, 7, 10, 11):
            return dict(hat=kind, hat_colour=str(r.choice(CHOICES['hat_colour'])), hair_style='long' if woman else 'short cropped')
        return dict(hat=kind, hat_colour=str(r.choice(CHOICES['hat_colour'])))
    if name == 'hair':
        colour = str(r.choice(CHOICES['hair_colour']))
        return dict(hair_colour=colour, hair_grey={'grey': .7, 'white': .95}.get(colour, 0))
    if name == 'style':
        style = str(r.choice(CHOICES['hair_style']))
        return dict(hair_style=style, hat='none')
    if name == 'fringe':
        return dict(fringe=.95 if row[INDEX['fringe']] < .5 else .05)
    if name == 'beard':
        style = list(BEARD)[r.integers(6)]
        return None if woman else dict(zip(('beard_length', 'beard_density', 'stubble'), BEARD[style]), beard_style=style)
    if name == 'eyes':
        return dict(eye_colour=str(r.choice(CHOICES['eye_colour'])), eyes_closed=0)
    if name == 'make-up':
        return dict(BARE) if r.random() < .4 else dict(lipstick=.9, blush=.7, eyeshadow=.8, eyeliner=.8, lash_length=.9, lipstick_colour=str(r.choice(CHOICES['lipstick_colour'])), eyeshadow_colour=str(r.choice(CHOICES['eyeshadow_colour'])))
    if name == 'lipstick':
        return dict(lipstick=.95 if row[INDEX['lipstick']] < .3 or r.random() < .5 else 0, lipstick_colour=str(r.choice(CHOICES['lipstick_colour'])))
    if name == 'freckles':
        return dict(freckles=.9 if row[INDEX['freckles']] < .3 else 0)
    if name == 'age':
        age = r.uniform(62, 78) if row[INDEX['age']] < 50 else r.uniform(19, 28)
        return dict(age=age, wrinkles=np.clip((age - 28) / 45, 0, 1))
    if name == 'weight':
        return dict(weight=r.uniform(.6, 1) if row[INDEX['weight']] < 0 else r.uniform(-1, -.6))
    if name == 'skin':
        tone = r.uniform(7, 10) if row[INDEX['skin_tone']] < 5 else r.uniform(1, 3)
        return dict(skin_tone=tone)
    if name == 'sex':
        return dict(masculinity=r.uniform(.9, 1), brow_thickness=.55, brow_height=-.1, **BARE) if woman else dict(masculinity=r.uniform(0, .1), beard_style='none', beard_length=0, beard_density=0, stubble=0, brow_thickness=.25, brow_height=.25)
    if name == 'pose':
        yaw = float(r.choice([-22, -18, 0, 18, 22]))
        return dict(yaw=yaw, gaze_x=-yaw / 2)
    if name == 'background':
        return dict(background='plain', background_colour=str(r.choice(CHOICES['background_colour'])))
    if name == 'earrings':
        return dict(earrings=str(r.choice(CHOICES['earrings'])))
    raise ValueError(name)


# edit -> the groups of facts that speak of it
EDITS = {'smile': ['mood'], 'mood': ['mood'], 'shut': ['shut'], 'glasses': ['glasses'], 'hat': ['hat'], 'hair': ['hair'], 'style': ['hair'], 'fringe': ['fringe'], 'beard': ['beard'], 'eyes': ['eyes'], 'make-up': ['make-up', 'lipstick', 'eyeshadow'],
         'lipstick': ['lipstick'], 'freckles': ['freckles'], 'age': ['age', 'aged'], 'weight': ['weight'], 'skin': ['skin'], 'sex': ['subject', 'sex'], 'pose': ['pose'], 'background': ['background'], 'earrings': ['earrings']}


def edited(rows, r):
    """A changed copy of each row, and the name of each edit."""
    out, names, kinds = rows.copy(), [], list(EDITS)
    for k in range(len(rows)):
        while (values := change(rows[k], name := kinds[r.integers(len(kinds))], r)) is None:
            pass
        out[k] = attributes.override(rows[k:k + 1], **values)[0]
        names.append(name)
    return out, names


# Attributes that the sampler draws together, in groups that may be exchanged between people, and how often.
EXCHANGED = [(.5, ['hair_colour', 'hair_lightness', 'hair_grey']), (.25, ['hair_style', 'hair_volume', 'hair_messiness', 'fringe', 'fringe_side']), (.5, ['eye_colour']),
             (.4, ['african', 'asian', 'european', 'skin_tone', 'skin_redness', 'skin_shine']), (.5, ['freckles']), (.4, ['age', 'wrinkles']),
             (.15, ['lipstick', 'blush', 'eyeshadow', 'eyeliner', 'lash_length', 'lipstick_colour', 'eyeshadow_colour']), (.3, ['earrings'])]


def exchanged(rows, r):
    """Rows with such groups exchanged at random: what goes together among the sampler's people need not go together in words. People with hats keep their hair."""
    out = rows.copy()
    for share, names in EXCHANGED:
        k = (r.random(len(rows)) < share).nonzero()[0]
        if 'hair_style' in names:
            k = k[rows[k, INDEX['hat=none']] > 0]
        columns = np.concatenate([np.arange(WIDTH_OF[n].start, WIDTH_OF[n].stop) for n in names])
        out[k[:, None], columns] = rows[r.permutation(k)[:, None], columns]
    return out


WIDTH_OF = dict(SPAN, **{n: slice(INDEX[n], INDEX[n] + 1) for n in attributes.NUMBERS})
