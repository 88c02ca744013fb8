"""Stage `sharpen`: the synthesis network goes on against a critic of patches (Isola et al., arXiv 1611.07004), with the pixel loss kept: that loss alone answers with the mean of all hairs that might be there.

StyleGAN2's non-saturating loss and R1, on crops. What the critic asks of a picture is scaled to a fixed share of what the pixels ask of it, so that no weight has to be found anew as either loss falls.
"""
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from . import attributes, data
from .convnet import convolved
from .describer import Painter, W
from .generator import Synthesis
from .pictures import decibels, picture_loss, shares
from .sheets import save_sheet
from .training import Average, Run, cosine, set_rate

BATCH, RATE, CROP = 8, 8e-4, 128
SHARE = .6  # of the pixels' pull on a picture is what the critic pulls
R1, EVERY = 4., 8  # the penalty's weight and how seldom it is computed


class Critic(nn.Module):
    """Crops [N, 3, H, W] -> one judgement for each patch of about 37 x 37 [N, 1, H / 8, W / 8]."""

    def __init__(self, kind=torch.bfloat16):
        super().__init__()
        self.kind = kind
        self.layers = nn.ModuleList([nn.Conv2d(3, 32, 3, 1, 1), nn.Conv2d(32, 64, 4, 2, 1), nn.Conv2d(64, 96, 4, 2, 1), nn.Conv2d(96, 128, 4, 2, 1), nn.Conv2d(128, 1, 3, 1, 1)])

    def forward(self, x, kind=None):
        x = x.to(kind or self.kind).contiguous(memory_format=torch.channels_last)
        for layer in self.layers[:-1]:
            x = F.leaky_relu(convolved(x, layer), .2)
        return convolved(x, self.layers[-1]).float()


def crops(x, at, size=CROP):
    return torch.stack([p[:, a:a + size, b:b + size] for p, (a, b) in zip(x, at)])


def steepness(critic, x):
    """R1: the squared gradient of the critic's judgement on true pictures."""
    x = x.requires_grad_(True)
    slope, = torch.autograd.grad(critic(x, torch.float32).mean((1, 2, 3)).sum() * (x.shape[-1] / 8), x, create_graph=True)
    return slope.square().sum((1, 2, 3)).mean()


def learn(work, minutes):
    painter, known, watched = Painter(work, sharp=False), data.training(work), data.watched(work)
    share = shares(known.rows)
    torch.manual_seed(0)
    net, critic = Synthesis(W), Critic()
    net.load_state_dict(painter.synthesis.state_dict())
    average = Average(net)
    optimiser, critic_optimiser = torch.optim.Adam(net.parameters(), RATE, betas=(.5, .99)), torch.optim.Adam(critic.parameters(), 4e-4, betas=(.5, .99))
    folder = os.path.join(work, 'generator')
    run = Run(os.path.join(folder, 'sharp.pt'), dict(net=net, average=average, critic=critic, optimiser=optimiser, critic_optimiser=critic_optimiser), minutes)
    wanted, given = watched[np.arange(data.CHECKED)], painter.describe(watched.rows)
    sums = []
    for done in run:
        warm = min(1, run.step / 100 + .01)
        set_rate(optimiser, RATE * warm * cosine(done, .5, .05))
        r = np.random.default_rng(run.step + 500_000)
        k = r.choice(len(share), BATCH, p=share)
        x, y = known[k], net(painter.describe(known.rows[k]))
        at = r.integers(0, data.SIZE - CROP + 1, (BATCH, 2))
        true, made = crops(x, at), crops(y.detach(), at).requires_grad_(True)
        says = critic(made)
        pull, = torch.autograd.grad(F.softplus(-says).mean(), made)
        whole = torch.zeros_like(y)
        for p, g, (a, b) in zip(whole, pull, at):
            p[:, a:a + CROP, b:b + CROP] = g
        pixels = picture_loss(y, x)
        push, = torch.autograd.grad(pixels, y, retain_graph=True)
        optimiser.zero_grad(set_to_none=True)
        y.backward(push + whole * (SHARE * warm * push.norm() / (whole.norm() + 1e-12)))
        optimiser.step()
        average.follow(net, run.step)
        fooled, honest = critic(made.detach()), critic(true)
        doubt = F.softplus(fooled).mean() + F.softplus(-honest).mean()
        if run.step % EVERY == 0:
            doubt = doubt + R1 / 2 * EVERY * steepness(critic, true[:3])
        critic_optimiser.zero_grad(set_to_none=True)
        doubt.backward()
        critic_optimiser.step()
        sums.append([pixels.item(), fooled.mean().item(), honest.mean().item()])
        if run.step % 100 == 99:
            with torch.no_grad():
                seen = torch.cat([average.net(w) for w in given.split(8)])
            m = np.mean(sums, 0)
            sums = []
            run.report(f'pixels {m[0]:.3f}; critic of made {m[1]:.2f}, of true {m[2]:.2f}; held out: PSNR {decibels(seen, wanted):.2f} dB', BATCH)
            save_sheet(torch.stack([wanted[:16], seen[:16]], 1).flatten(0, 1), 8, os.path.join(folder, 'sharp.png'))
