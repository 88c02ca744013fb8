"""The renderer's attributes as rows of numbers: numbers as they are, choices one-hot. A row is a function of z; the renderer's own sampler computes it."""
import ctypes
import json
import os
import numpy as np
import torch

Z = 512
LIBRARY = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'renderer', 'sampler.so')
_library = ctypes.CDLL(LIBRARY)
_text = ctypes.create_string_buffer(1 << 16)
WIDTH = _library.columnNames(_text)
NAMES = _text.value.decode().split('\n')[:-1]
INDEX = {name: k for k, name in enumerate(NAMES)}
NUMBERS = [n for n in NAMES if '=' not in n]
CHOICES = {}  # choice -> its options, in order
for _name in NAMES[len(NUMBERS):]:
    CHOICES.setdefault(_name.split('=')[0], []).append(_name.split('=')[1])
SPAN = {c: slice(INDEX[f'{c}={o[0]}'], INDEX[f'{c}={o[0]}'] + len(o)) for c, o in CHOICES.items()}
SEEN = ['eyes', 'hair', 'glasses', 'earrings', 'clothes']  # parts whose visible share of the picture sentences depend on


def pointer(array):
    return array.ctypes.data_as(ctypes.c_void_p)


def rows_from_z(z):
    """z [N, 512] -> float32 [N, WIDTH]."""
    z = np.ascontiguousarray(z, np.float32)
    rows = np.empty((len(z), WIDTH), np.float32)
    _library.rowsFromZ(pointer(z), ctypes.c_long(len(z)), pointer(rows))
    return rows


def z_from_seeds(first, count):
    """The renderer's z of the seeds first ... first + count - 1: float32 [count, 512]."""
    z = np.empty((count, Z), np.float32)
    _library.zFromSeeds(ctypes.c_uint64(first), ctypes.c_long(count), pointer(z))
    return z


def rows_from_seeds(first, count):
    return rows_from_z(z_from_seeds(first, count))


def fresh(count, generator):
    """Rows of new random people; `generator` is a numpy Generator."""
    return rows_from_z(generator.standard_normal((count, Z), np.float32))


def columns(rows):
    """Rows as {attribute: array}: numbers as float32, choices as strings."""
    out = {n: rows[:, INDEX[n]] for n in NUMBERS if not n.startswith('shape.')}
    for choice, options in CHOICES.items():
        out[choice] = np.array(options)[rows[:, SPAN[choice]].argmax(1)]
    return out


def override(rows, **values):
    """A copy of rows with attributes set: a number, or the name of an option."""
    rows = rows.copy()
    for name, value in values.items():
        if name in SPAN:
            rows[:, SPAN[name]] = 0
            rows[:, INDEX[f'{name}={value}']] = 1
        else:
            rows[:, INDEX[name]] = value
    return rows


TURN = dict(yaw=22., pitch=10.)  # degrees: a small generator learns faces far faster if heads turn no further


def ahead(rows):
    """Which people's heads turn no further than TURN."""
    return np.logical_and.reduce([np.abs(rows[:, INDEX[n]]) <= most for n, most in TURN.items()])


def turned_back(rows):
    """Rows with heads that turn further turned back to that."""
    return override(rows, **{n: rows[:, INDEX[n]].clip(-most, most) for n, most in TURN.items()})


def visible(path, count):
    """From a .jsonl file of the renderer, the share of the picture that each of SEEN covers: float32 [count, 5]."""
    out = np.empty((count, len(SEEN)), np.float32)
    with open(path) as lines:
        for k in range(count):
            shares = json.loads('{' + lines.readline().split('"visible":{')[1].split('}')[0] + '}')
            out[k] = [shares[s] for s in SEEN]
    return out


class Norm:
    """Rows to standardised numbers, clamped to 5 deviations."""

    def __init__(self, mean, deviation):
        self.mean, self.deviation = np.asarray(mean, np.float32), np.asarray(deviation, np.float32)

    def __call__(self, rows):
        return torch.from_numpy(((rows - self.mean) / self.deviation).clip(-5, 5))
