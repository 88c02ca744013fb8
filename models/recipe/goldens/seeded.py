"""Weights and pictures that are pure functions of a name and a shape, the same in Python (here) and in TypeScript (seeded.ts).

Networks of any size can so be compared without committing their weights: only inputs and outputs are kept.
"""
import math

import numpy as np


def hash32(text):
    h = 0x811C9DC5
    for byte in text.encode():
        h = ((h ^ byte) * 0x01000193) & 0xFFFFFFFF
    return h


def uniform(name, count):
    """count numbers in [-1, 1), float64: murmur3's finalizer over a counter that starts at the name's FNV-1a hash."""
    h = (np.arange(count, dtype=np.uint64) * 0x9E3779B1 + hash32(name)) & 0xFFFFFFFF
    h ^= h >> np.uint64(16)
    h = (h * 0x85EBCA6B) & 0xFFFFFFFF
    h ^= h >> np.uint64(13)
    h = (h * 0xC2B2AE35) & 0xFFFFFFFF
    h ^= h >> np.uint64(16)
    return h.astype(np.float64) / 2147483648.0 - 1.0


def weight(name, shape):
    """float32; variance 2/fan-in for convolutions, 1/fan-in for matrices, gains near 1, variances in [0.5, 1.5), everything else small."""
    count = int(np.prod(shape)) if len(shape) else 1
    u = uniform(name, count)
    if name.endswith('running_var'):
        v = 1 + 0.5 * u
    elif len(shape) == 1 and name.endswith('.weight'):
        v = 1 + 0.2 * u
    elif len(shape) < 2 or 'embedding' in name:
        v = 0.2 * u
    elif name.endswith('proj'):
        v = u * math.sqrt(3 / shape[0])
    else:
        v = u * math.sqrt((6 if len(shape) == 4 else 3) / (count / shape[0]))
    return v.astype(np.float32).reshape(shape)


def picture(name, batch, size):
    """A smooth picture [batch, 3, size, size] in [-1, 1]: six plane waves a channel, at most five periods across."""
    wave = uniform(name, batch * 3 * 6 * 3).reshape(batch, 3, 6, 3)
    at = (np.arange(size, dtype=np.float64) + 0.5) / size
    y, x = at[:, None], at[None, :]
    out = np.zeros((batch, 3, size, size))
    for k in range(6):
        fx, fy, phase = (wave[:, :, k, i, None, None] for i in range(3))
        out += np.sin(2 * math.pi * (5 * fx * x + 5 * fy * y + phase)) / 6
    return out.astype(np.float32)
