"""Stage `generator`: attributes -> w -> picture, taught by the renderer's pictures."""
import math
import os
import time
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from . import attributes, data, files
from .attributes import Norm
from .describer import Describer, W
from .generator import Synthesis
from .sheets import save_sheet
from .training import cosine, set_rate
from .widen import widened

BATCH, RATE = 8, 2e-3  # small batches: for the same time twice the steps, and steps are what the details lack
GROWTH = ((.15, 32), (.35, 64), (.6, 128), (1., 256))  # until which share of the time at which resolution: pose and shape are learned three times as fast where hairs cannot be seen
GROWN = ((.02, 64), (.4, 128), (1., 256))  # the same for a net that was widened from a smaller one
FROZEN = .26  # after this share of the time the describer stays as it is, so that the mapping can be learned beside


def laplacian(x):
    return x - F.interpolate(F.avg_pool2d(x, 2), scale_factor=2, mode='bilinear', align_corners=False)


def face_weight(r):
    """[r, r], mean 1: the face (eyes near .48, mouth near .74 of the height) counts five times as much as the rim, since an edit lives there and smooth backgrounds learn themselves."""
    y, x = torch.meshgrid((torch.arange(r) + .5) / r, (torch.arange(r) + .5) / r, indexing='ij')
    weight = 1 + 4 * torch.exp(-((x - .5) / .2) ** 2 / 2 - ((y - .6) / .22) ** 2 / 2)
    return weight / weight.mean()


def picture_loss(y, x):
    """L1 of pixels and of Laplacian bands on up to five scales, weighted towards the face."""
    loss = 0
    for scale in range(max(3, y.shape[-1].bit_length() - 4)):
        weight = face_weight(y.shape[-1])
        loss = loss + ((y - x).abs() * weight).mean() + 2 * ((laplacian(y) - laplacian(x)).abs() * weight).mean()
        if y.shape[-1] > 8:
            y, x = F.avg_pool2d(y, 2), F.avg_pool2d(x, 2)
    return loss


def decibels(y, x):
    """Peak signal-to-noise ratio of pictures in [-1, 1]."""
    return 10 * math.log10(4 / (y.clamp(-1, 1) - x).square().mean().item())


def shares(rows):
    """How often each picture is drawn: what is rare and changes much (laughing and open mouths, glasses, hats, closed eyes) more often. Heads that turn too far are not."""
    known = attributes.columns(rows)
    rare = 1 + 1.5 * (known['mouth_open'] > .1) + .7 * (known['smile'] > .5) + (known['glasses'] != 'none') + .7 * (known['hat'] != 'none') + (known['eyes_closed'] > .5)
    share = rare * attributes.ahead(rows)
    return share / share.sum()


class Painting(nn.ModuleDict):
    def forward(self, x, until=None):
        return self['synthesis'](self['describer'](x), until)


def learn(work, minutes):
    """Where `generator/start.safetensors` is there, a smaller net (its describer, synthesis network and norm), training starts from it, widened; its describer stays as it is, so that the mapping that
    goes with it stays valid."""
    folder = os.path.join(work, 'generator')
    os.makedirs(folder, exist_ok=True)
    net, average = (Painting(dict(describer=Describer(), synthesis=Synthesis(W))) for _ in range(2))
    optimiser = torch.optim.Adam([dict(params=net['describer'].parameters(), share=.6), dict(params=net['synthesis'].parameters(), share=1.)], RATE, betas=(.9, .99))
    checkpoint, smaller = os.path.join(folder, 'pictures.pt'), os.path.join(folder, 'start.safetensors')
    step, spent, frozen, growth = 0, 0., os.path.exists(smaller), GROWTH
    known, watched = data.training(work), data.watched(work)
    share = shares(known.rows)
    if frozen:
        initial, growth = files.read_safetensors(smaller), GROWN
        norm = {k: initial['norm.' + k].numpy() for k in ('mean', 'deviation')}
        net['describer'].load_state_dict(files.part(initial, 'describer.'))
        net['synthesis'].load_state_dict(widened(files.part(initial, 'synthesis.')))
    else:
        rows = attributes.rows_from_seeds(data.FIRST, 5000)
        norm = dict(mean=rows.mean(0), deviation=np.maximum(rows.std(0), .05))
    average.load_state_dict(net.state_dict())
    if os.path.exists(checkpoint):
        saved = torch.load(checkpoint)
        net.load_state_dict(saved['net']), average.load_state_dict(saved['average']), optimiser.load_state_dict(saved['optimiser'])
        step, spent, frozen, norm = saved['step'], saved['minutes'], saved['frozen'], saved['norm']
    first, start, standard = step, time.time(), Norm(**norm)
    wanted, given, straight = watched[np.arange(data.CHECKED)], standard(watched.rows), torch.from_numpy(attributes.ahead(watched.rows))

    def keep():
        files.save(checkpoint, dict(net=net.state_dict(), average=average.state_dict(), optimiser=optimiser.state_dict(), step=step, minutes=now, frozen=frozen, norm=norm))

    while (now := spent + (time.time() - start) / 60) < minutes:
        if step % 300 == 0:
            known = data.training(work)  # the file may be growing
            share = shares(known.rows)
        if not frozen and now > minutes * FROZEN:
            net['describer'].load_state_dict(average['describer'].state_dict())
            frozen = True
            keep()
            print('the describer is frozen', flush=True)
        net['describer'].requires_grad_(not frozen)
        set_rate(optimiser, RATE * min(1, (step - first) / 100 + .05) * cosine(now / minutes, .35, .01))
        k = np.random.default_rng(step).choice(len(share), BATCH, p=share)
        size = next(r for share, r in growth if now / minutes < share)
        loss = picture_loss(net(standard(known.rows[k]), size), F.avg_pool2d(known[k], data.SIZE // size))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        step += 1
        with torch.no_grad():
            for a, b in zip(average.parameters(), net.parameters()):
                if b.requires_grad:
                    a.lerp_(b, .004)
            if step % 100 == 0:
                y, x = torch.cat([average(x, size) for x in given.split(16)]), F.avg_pool2d(wanted, data.SIZE // size)
                print(f'{now:.1f} min, step {step}, {len(known)} pictures, {size}: loss {loss.item():.3f}, held out: loss {picture_loss(y, x).item():.3f}, PSNR {decibels(y, x):.2f} dB, heads ahead {decibels(y[straight], x[straight]):.2f} dB; '
                      f'{(step - first) * BATCH / (time.time() - start):.1f} a second', flush=True)
                if step % 300 == 0:
                    save_sheet(torch.stack([x[:16], y[:16]], 1).flatten(0, 1), 8, os.path.join(folder, 'held-out.png'))
                    keep()
    keep()
