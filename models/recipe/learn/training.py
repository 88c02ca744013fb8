"""What every training has in common: a budget of minutes, a learning-rate schedule, checkpoints to resume from, a running average of weights."""
import copy
import math
import os
import time
import torch
from . import files


def cosine(done, flat=0., least=.01):
    """Share of the learning rate when `done` of the run is over: 1 at first, from `flat` on down to `least` along a cosine."""
    return 1. if done < flat else least + (1 - least) * .5 * (1 + math.cos(math.pi * min(1., (done - flat) / (1 - flat))))


class Run:
    """Loops until the budget is spent and keeps `parts` (anything with state_dict) in PATH; started again it goes on there.

        run = Run(path, dict(net=net, optimiser=optimiser), minutes)
        for done in run: ...            done is the share of the budget that is over; run.step counts
    """

    def __init__(self, path, parts, minutes, every=2.):
        self.path, self.parts, self.minutes, self.every = path, parts, minutes, every
        self.step, self.spent = 0, 0.
        if os.path.exists(path):
            saved = torch.load(path)
            for name, part in parts.items():
                part.load_state_dict(saved[name])
            self.step, self.spent = saved['step'], saved['minutes']
        self.first, self.start = self.step, time.time()

    def now(self):
        return self.spent + (time.time() - self.start) / 60

    def save(self):
        files.save(self.path, dict({name: part.state_dict() for name, part in self.parts.items()}, step=self.step, minutes=self.now()))

    def __iter__(self):
        saved = self.now()
        while self.now() < self.minutes:
            yield self.now() / self.minutes
            self.step += 1
            if self.now() - saved > self.every:
                self.save()
                saved = self.now()
        self.save()

    def report(self, text, batch):
        speed = (self.step - self.first + 1) * batch / (time.time() - self.start)
        print(f'{self.now():.1f} min, step {self.step}: {text}; {speed:.0f} a second', flush=True)


def set_rate(optimiser, rate):
    for group in optimiser.param_groups:
        group['lr'] = rate * group.get('share', 1.)


class Average:
    """An exponential average of a net's parameters; its window grows with the steps up to `window`."""

    def __init__(self, net, window=300):
        self.net, self.window = copy.deepcopy(net).requires_grad_(False), window

    @torch.no_grad()
    def follow(self, net, step):
        share = 1 / min(self.window, step / 4 + 1)
        for a, b in zip(self.net.parameters(), net.parameters()):
            a.lerp_(b, share)
        for a, b in zip(self.net.buffers(), net.buffers()):
            a.copy_(b)

    def state_dict(self):
        return self.net.state_dict()

    def load_state_dict(self, state):
        self.net.load_state_dict(state)
