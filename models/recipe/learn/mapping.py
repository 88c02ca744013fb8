"""Stage `mapping`: z -> w. The mapping network learns describer(attributes(z)) on people that are drawn anew at every step; nothing is rendered."""
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from . import attributes, data
from .attributes import NUMBERS, SPAN
from .describer import Painter, W
from .generator import Mapping
from .sheets import save_sheet
from .training import Average, Run, cosine, set_rate

BATCH, RATE, MIDDLE = 256, 2e-3, 5  # attributes are read off after MIDDLE of the 8 layers; the rest does the describer's work


class Reader(nn.Module):
    """Attributes read off the mapping's middle: help in training, not exported."""

    def __init__(self):
        super().__init__()
        self.read = nn.Linear(512, attributes.WIDTH)

    def loss(self, hidden, rows, standard):
        y = F.linear(hidden, self.read.weight.to(hidden.dtype), self.read.bias.to(hidden.dtype)).float()
        loss = 2 * F.mse_loss(y[:, :len(NUMBERS)], standard[:, :len(NUMBERS)])
        for span in SPAN.values():
            loss = loss + .1 * F.cross_entropy(y[:, span], rows[:, span].argmax(1))
        return loss


class Discriminator(nn.Module):
    """Tells described w from mapped ones, so that samples keep the true spread instead of its mean."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(W, 384), nn.LeakyReLU(.2), nn.Linear(384, 384), nn.LeakyReLU(.2), nn.Linear(384, 1))

    def forward(self, x):
        return self.net(x)


def effect(painter, rows):
    """How much the picture changes with each direction of w: a matrix [W, W], so that |effect @ dw| is the change at 32 x 32, by random finite differences around many people."""
    draw = torch.Generator().manual_seed(1)
    with torch.no_grad():
        w = painter.describe(rows)
        spread = w - w.mean(0)
        basis = torch.linalg.svd(spread, full_matrices=False)[2][:96]  # directions that w varies in
        size = (spread @ basis.t()).std(0)
        base = painter.synthesis(w[:8], 32)
        change = []
        for k in range(len(basis)):
            moved = painter.synthesis(w[:8] + basis[k] * size[k] * torch.randn(8, 1, generator=draw).sign(), 32)
            change.append((moved - base).square().mean((1, 2, 3)).mean().sqrt() / size[k])
    change = torch.stack(change)
    return basis * change[:, None] / (change * size).square().mean().sqrt()


def learn(work, minutes):
    folder = os.path.join(work, 'mapping')
    os.makedirs(folder, exist_ok=True)
    painter = Painter(work)
    held = attributes.rows_from_seeds(data.JUDGE_TEST, 1000)
    held_z = torch.from_numpy(attributes.z_from_seeds(data.JUDGE_TEST, 1000))
    wanted = painter.describe(held)
    scale, middle = wanted.std(0), wanted.mean(0)
    torch.manual_seed(0)
    mapping, reader, critic = Mapping(512, W, kind=torch.bfloat16), Reader(), Discriminator()
    average = Average(mapping)
    average.net.kind = torch.float32
    optimiser = torch.optim.Adam([*mapping.parameters(), *reader.parameters()], RATE, betas=(.9, .99))
    critic_optimiser = torch.optim.Adam(critic.parameters(), 1e-3, betas=(0, .99))
    run = Run(os.path.join(folder, 'mapping.pt'), dict(mapping=mapping, average=average, reader=reader, critic=critic, optimiser=optimiser, critic_optimiser=critic_optimiser), minutes)
    matter = effect(painter, attributes.rows_from_seeds(data.FIRST, 600))
    print('directions of w weighed by what they change', flush=True)
    for done in run:
        set_rate(optimiser, RATE * min(1, run.step / 200 + .01) * cosine(done, .3))
        z = np.random.default_rng(run.step).standard_normal((BATCH, attributes.Z), np.float32)
        rows = attributes.rows_from_z(z)
        standard, chosen = painter.norm(rows), torch.from_numpy(rows)
        w = painter.describe(rows)
        guess, hidden = mapping(torch.from_numpy(z), MIDDLE)
        difference = guess - w
        loss = 8 * (difference @ matter.t()).square().mean() + .5 * (difference / scale).square().mean() + reader.loss(hidden, chosen, standard) * max(.1, 1 - done)
        if done > .5:  # regression alone would answer with means
            true, false = (w - middle) / scale, (guess - middle) / scale
            critic_loss = F.softplus(-critic(true)).mean() + F.softplus(critic(false.detach())).mean()
            true.requires_grad_(True)
            slope, = torch.autograd.grad(critic(true).sum(), true, create_graph=True)
            critic_loss = critic_loss + .05 * slope.square().sum(1).mean()
            critic_optimiser.zero_grad(set_to_none=True)
            critic_loss.backward()
            critic_optimiser.step()
            loss = loss + .3 * min(1, (done - .5) * 10) * F.softplus(-critic(false)).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        average.follow(mapping, run.step)
        if run.step % 1000 == 999:
            with torch.no_grad():
                guess = average.net(held_z)
            error, spread = ((guess - wanted) / scale).square().mean().item(), (guess.std(0) / scale).mean().item()
            seen = ((guess - wanted) @ matter.t()).square().sum().item() / ((wanted - middle) @ matter.t()).square().sum().item()
            run.report(f'loss {loss.item():.3f}; explained variance of w {1 - error:.4f}, weighted by the effect on pictures {1 - seen:.4f}; spread {spread:.3f}', BATCH)


def learn_spread(work, minutes, most=1.6):
    """Stage `mapping_spread`: regression answers with means, so samples vary too little. Along each principal direction of the true w, the mapping learns its own answer
    stretched about the center until it varies as the true one does, at most `most`-fold. A function of z that is known exactly is learned in a minute or two."""
    painter, source = Painter(work), loaded(work, 'mapping.pt')
    r = np.random.default_rng(5)
    with torch.no_grad():
        true = painter.describe(attributes.fresh(8000, r))
        own = torch.cat([source(z) for z in torch.from_numpy(r.standard_normal((8000, attributes.Z), np.float32)).split(500)])
        basis = torch.linalg.svd(true - true.mean(0), full_matrices=False)[2]
        wanted, there = ((w - w.mean(0)) @ basis.t() for w in (true, own))
        stretch = (wanted.std(0) / there.std(0)).clamp(1, most)
        matrix, center, scale = basis.t() @ (stretch[:, None] * basis), own.mean(0), true.std(0)
    print(f'stretched {stretch[:20].mean():.2f}-fold along the first 20 directions, {stretch.mean():.2f} on average', flush=True)
    net = Mapping(512, W, kind=torch.bfloat16)
    net.load_state_dict(source.state_dict())
    average = Average(net)
    average.net.kind = torch.float32
    optimiser = torch.optim.Adam(net.parameters(), 1e-3, betas=(.9, .99))
    run = Run(os.path.join(work, 'mapping', 'spread.pt'), dict(mapping=net, average=average, optimiser=optimiser), minutes)
    for done in run:
        set_rate(optimiser, 1e-3 * min(1, run.step / 50 + .02) * cosine(done))
        z = torch.from_numpy(np.random.default_rng(run.step + 1_000_000).standard_normal((BATCH, attributes.Z), np.float32))
        with torch.no_grad():
            target = center + (source(z) - center) @ matrix + true.mean(0) - center
        loss = ((net(z) - target) / scale).square().mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        average.follow(net, run.step)
        if run.step % 500 == 499:
            with torch.no_grad():
                made = average.net(torch.from_numpy(r.standard_normal((2000, attributes.Z), np.float32)))
            run.report(f'unlike the stretched answer {loss.item():.4f}; spread {(made.std(0) / scale).mean():.3f}', BATCH)


def loaded(work, name):
    mapping = Mapping(512, W)
    mapping.load_state_dict(torch.load(os.path.join(work, 'mapping', name))['average'])
    return mapping.eval().requires_grad_(False)


def load(work):
    return loaded(work, 'spread.pt' if os.path.exists(os.path.join(work, 'mapping', 'spread.pt')) else 'mapping.pt')


def average_w(net, count=100000):
    """The mean of w over `count` z."""
    draw, total = torch.Generator().manual_seed(0), torch.zeros(W, dtype=torch.float64)
    with torch.no_grad():
        for _ in range(count // 1000):
            total += net(torch.randn(1000, 512, generator=draw)).double().sum(0)
    return (total / count).float()


def sheet(work, count=64):
    """Samples (above) as they come: w = mapping(z), z normal, no truncation."""
    painter, mapping = Painter(work), load(work)
    z = torch.randn(count, 512, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        save_sheet(torch.cat([painter.synthesis(mapping(x)) for x in z.split(16)]), 16, os.path.join(work, 'mapping', 'samples.png'))
