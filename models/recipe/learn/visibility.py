"""Stage `visibility`: how much of the picture hair, eyes, glasses, earrings and clothes will cover, guessed from the attributes, for people who are never drawn."""
import os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from . import attributes, data
from .attributes import Norm
from .training import Run, cosine, set_rate

LEAST = 1e-4


class Visibility(nn.Module):
    """Standardised attributes [N, A] -> logarithms of shares [N, 5]."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(attributes.WIDTH, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, len(attributes.SEEN)))

    def forward(self, x):
        return self.net(x)


def plain_norm():
    """The standardisation of attributes for nets that know nothing of the generator: from 5,000 seeds."""
    rows = attributes.rows_from_seeds(data.FIRST, 5000)
    return Norm(rows.mean(0), np.maximum(rows.std(0), .05))


def learn(work, minutes):
    known = data.training(work)
    x, y = plain_norm()(known.rows), torch.from_numpy(np.log(known.visible() + LEAST))
    torch.manual_seed(0)
    net = Visibility()
    optimiser = torch.optim.AdamW(net.parameters(), 3e-3, weight_decay=.01)
    run = Run(os.path.join(work, 'visibility.pt'), dict(net=net, optimiser=optimiser), minutes)
    for done in run:
        set_rate(optimiser, 3e-3 * cosine(done))
        k = torch.from_numpy(np.random.default_rng(run.step).integers(500, len(x), 128))
        loss = F.smooth_l1_loss(net(x[k]), y[k])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if run.step % 500 == 499:
            with torch.no_grad():
                error = (net(x[:500]) - y[:500]).abs().mean(0)
            run.report('mean error of the logarithms ' + ', '.join(f'{n} {e:.2f}' for n, e in zip(attributes.SEEN, error.tolist())), 128)


class Guess:
    """rows -> shares [N, 5]."""

    def __init__(self, work):
        self.norm, self.net = plain_norm(), Visibility()
        self.net.load_state_dict(torch.load(os.path.join(work, 'visibility.pt'))['net'])

    def __call__(self, rows):
        with torch.no_grad():
            return (self.net(self.norm(rows)).exp() - LEAST).clamp(0, 1).numpy()
