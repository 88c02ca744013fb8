"""A trained generator made wider and taller without changing what it draws (Chen, Goodfellow, Shlens: Net2Net, arXiv 1511.05641).

A channel that is doubled goes into each kernel of the next layer through one of its doubles only, drawn at random: so sums stay what they were, the demodulation too (halved kernels would
change the length that it divides by), and the doubles learn different things from the first step on. Blocks that the small net lacks start with a ToRGB of nought.
"""
import math
import torch
from .generator import CHANNELS, Synthesis


def doubles(old, new, draw):
    """[new]: which old channel each new one is: all old ones first, then some of them again."""
    again = torch.cat([torch.randperm(old, generator=draw) for _ in range(math.ceil(max(1, new - old) / old))])[:new - old]
    return torch.cat([torch.arange(old), again])


def spread(weight, source, draw):
    """Kernels [O, I, ...] -> [O, len(source), ...]: each goes to one of the doubles of its input channel."""
    ticket = torch.rand(len(weight), len(source), generator=draw)
    best = torch.zeros(len(weight), weight.shape[1]).scatter_reduce(1, source.expand(len(weight), -1), ticket, 'amax')
    chosen = ticket == best[:, source]
    return weight[:, source] * chosen.view(*chosen.shape, *[1] * (weight.dim() - 2))


def widened(state, channels=CHANNELS, seed=0):
    """The state dict of Synthesis(channels=channels) that draws what `state`, of a smaller one, draws; its last blocks add nothing yet."""
    draw = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    out, source = Synthesis(channels=channels).state_dict(), None
    for r, count in channels.items():
        name = f'blocks.b{r}.'
        if name + 'conv1.weight' not in state:
            out[name + 'torgb.weight'].zero_()
            continue
        own = doubles(len(state[name + 'conv1.bias']), count, draw)
        if r == 4:
            out['const'], source = state['const'][own], own
        for part, inputs in (('conv0', source), ('conv1', own), ('torgb', own)):
            at = name + part + '.'
            if at + 'weight' not in state:
                continue
            weight, bias = state[at + 'weight'], state[at + 'bias']
            if part == 'torgb':
                weight = weight * math.sqrt(len(inputs) / weight.shape[1])  # it is not demodulated: its 1 / sqrt(inputs) shows
            else:
                weight, bias = weight[own], bias[own]
            out[at + 'weight'], out[at + 'bias'] = spread(weight, inputs, draw), bias
            for key in ('affine.weight', 'affine.bias'):
                out[at + key] = state[at + key][inputs]
        source = own
    return out
