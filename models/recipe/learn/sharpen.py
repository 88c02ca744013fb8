"""Stage `sharpen`: the synthesis network goes on against critics of patches (Isola et al., arXiv 1611.07004), with the pixel loss kept: that loss alone answers with the mean of all hairs that might be there.

StyleGAN2's non-saturating loss and R1. What a critic asks of a picture is scaled to a fixed share of what the pixels ask of it, so that no weight has to be found anew as either loss falls.
"""
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from . import data
from .convnet import convolved
from .describer import Painter, W
from .generator import Synthesis
from .pictures import decibels, laplacian, picture_loss, shares
from .sheets import save_sheet
from .training import Average, Run, cosine, set_rate

BATCH, RATE, CROP = 8, 1e-3, 128
SHARE = .5  # of the pixels' pull on a picture is what each critic pulls
R1, EVERY = .02, 8  # the penalty's weight (for one patch) and how seldom it is computed
GROWTH = ((.4, 128), (1., 256))  # until which share of the time at which size


class Critic(nn.Module):
    """Crops [N, 3, H, W] -> one judgement for each patch of about 37 x 37 [N, 1, H / 8, W / 8]. Fine structure is handed to it enlarged, since that is what to look at."""

    def __init__(self, kind=torch.bfloat16):
        super().__init__()
        self.kind = kind
        self.layers = nn.ModuleList([nn.Conv2d(6, 32, 3, 1, 1), nn.Conv2d(32, 64, 4, 2, 1), nn.Conv2d(64, 96, 4, 2, 1), nn.Conv2d(96, 128, 4, 2, 1), nn.Conv2d(128, 1, 3, 1, 1)])
        for layer in self.layers:  # PyTorch's own start lets five layers fade to a hundredth, and the critic would learn nothing for hundreds of steps
            nn.init.kaiming_normal_(layer.weight, .2)
            nn.init.zeros_(layer.bias)

    def forward(self, x, kind=None):
        x = torch.cat([x, 4 * laplacian(x)], 1).to(kind or self.kind).contiguous(memory_format=torch.channels_last)
        for layer in self.layers[:-1]:
            x = F.leaky_relu(convolved(x, layer), .2)
        return convolved(x, self.layers[-1]).float()


def crops(x, at, size=CROP):
    return torch.stack([p[:, a:a + size, b:b + size] for p, (a, b) in zip(x, at)])


def steepness(critic, x):
    """R1: the squared gradient of the critic's judgement on true pictures."""
    x = x.detach().requires_grad_(True)
    slope, = torch.autograd.grad(critic(x, torch.float32).mean((1, 2, 3)).sum() * (x.shape[-1] / 8), x, create_graph=True)
    return slope.square().sum((1, 2, 3)).mean()


class Critics(nn.ModuleDict):
    """A critic of each size of picture; two look at a picture: one at its own size, one at half of it. Of the largest pictures a critic sees crops."""

    def __init__(self):
        super().__init__({str(size): Critic() for size in (64, 128, 256)})

    def views(self, x, at):
        """[(critic, what it sees of x)]; at: the crops' corners."""
        size = x.shape[-1]
        return [(self[str(size)], x if size <= CROP else crops(x, at)), (self[str(size // 2)], F.avg_pool2d(x, 2))]


def learn(work, minutes):
    painter, known, watched = Painter(work, sharp=False), data.training(work), data.watched(work)
    share = shares(known.rows)
    torch.manual_seed(0)
    net, critics = Synthesis(W), Critics()
    net.load_state_dict(painter.synthesis.state_dict())
    average = Average(net, 200)
    optimiser, critic_optimiser = torch.optim.Adam(net.parameters(), RATE, betas=(.5, .99)), torch.optim.Adam(critics.parameters(), 4e-4, betas=(.5, .99))
    folder = os.path.join(work, 'generator')
    run = Run(os.path.join(folder, 'sharp.pt'), dict(net=net, average=average, critics=critics, optimiser=optimiser, critic_optimiser=critic_optimiser), minutes)
    wanted, given = watched[np.arange(data.CHECKED)], painter.describe(watched.rows)
    sums = []
    for done in run:
        if run.step % 300 == 0:
            known = data.training(work)  # the file may be growing
            share = shares(known.rows)
        known_well = min(1, max(0, run.step - 60) / 120)  # a critic that knows nothing yet would only pull at random
        set_rate(optimiser, RATE * min(1, (run.step - run.first) / 100 + .01) * cosine(done, .6, .05))
        r = np.random.default_rng(run.step + 500_000)
        k, size = r.choice(len(share), BATCH, p=share), next(s for part, s in GROWTH if done <= part)
        x, y = F.avg_pool2d(known[k], data.SIZE // size), net(painter.describe(known.rows[k]), size)
        at = r.integers(0, max(1, size - CROP + 1), (BATCH, 2))
        pixels = picture_loss(y, x)
        push, = torch.autograd.grad(pixels, y, retain_graph=True)
        made, pull = y.detach().requires_grad_(True), push.clone()
        for critic, view in critics.views(made, at):
            g, = torch.autograd.grad(F.softplus(-critic(view)).mean(), made)
            pull += g * (SHARE * known_well * push.norm() / (g.norm() + 1e-12))
        optimiser.zero_grad(set_to_none=True)
        y.backward(pull)
        optimiser.step()
        average.follow(net, run.step)
        doubt, says = 0, []
        for (critic, true), (_, false) in zip(critics.views(x, at), critics.views(y.detach(), at)):
            honest, fooled = critic(true), critic(false)
            doubt = doubt + F.softplus(fooled).mean() + F.softplus(-honest).mean()
            if run.step % EVERY == 0:
                doubt = doubt + R1 / 2 * EVERY * steepness(critic, true[:3])
            says += [honest.mean().item(), fooled.mean().item()]
        critic_optimiser.zero_grad(set_to_none=True)
        doubt.backward()
        critic_optimiser.step()
        sums.append([pixels.item(), *says])
        if run.step % 50 == 49:
            with torch.no_grad():
                seen, true = torch.cat([average.net(w, size) for w in given.split(8)]), F.avg_pool2d(wanted, data.SIZE // size)
            m = np.mean(sums, 0)
            sums = []
            run.report(f'{size}, {len(known)} pictures: pixels {m[0]:.3f}; critics of true and made {m[1]:.2f} {m[2]:.2f}, at half the size {m[3]:.2f} {m[4]:.2f}; held out: PSNR {decibels(seen, true):.2f} dB', BATCH)
            save_sheet(torch.stack([true[:16], seen[:16]], 1).flatten(0, 1), 8, os.path.join(folder, 'sharp.png'))
