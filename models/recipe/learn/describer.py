"""attributes -> w: what the mapping network learns from."""
import os
import torch
import torch.nn as nn
from . import attributes, files
from .attributes import Norm
from .data import small
from .generator import Synthesis

W = 512


class Describer(nn.Module):
    """Standardised attributes [N, A] -> w [N, W]."""

    def __init__(self, inputs=attributes.WIDTH):
        super().__init__()
        self.straight = nn.Linear(inputs, W)
        self.bent = nn.Sequential(nn.Linear(inputs, 512), nn.LeakyReLU(.2), nn.Linear(512, 512), nn.LeakyReLU(.2), nn.Linear(512, W))

    def forward(self, x):
        return self.straight(x) + self.bent(x)


class Painter:
    """The generator as it stands: describe(rows) -> w, synthesis(w) -> pictures. Nothing is trained through it unless its parts are asked to."""

    def __init__(self, work, sharp=True):
        """sharp: the synthesis network of the stage `sharpen`, where there is one."""
        folder = os.path.join(work, 'generator')
        saved = torch.load(os.path.join(folder, 'pictures.pt'))
        self.norm = Norm(saved['norm']['mean'], saved['norm']['deviation'])
        self.describer, self.synthesis = Describer(), Synthesis(W)
        self.describer.load_state_dict(files.part(saved['average'], 'describer.'))
        self.synthesis.load_state_dict(files.part(saved['average'], 'synthesis.'))
        if sharp and os.path.exists(path := os.path.join(folder, 'sharp.pt')):
            self.synthesis.load_state_dict(torch.load(path)['average'])
        for net in (self.describer, self.synthesis):
            net.eval().requires_grad_(False)

    def describe(self, rows):
        """Rows -> w [N, W]; heads that turn further than the generator knows are turned back."""
        return self.describer(self.norm(attributes.turned_back(rows)))

    def paint(self, rows):
        """Rows -> pictures [N, 3, R, R] in about [-1, 1]."""
        with torch.no_grad():
            return torch.cat([self.synthesis(self.describe(rows[k:k + 8])) for k in range(0, len(rows), 8)])

    def paint_small(self, rows):
        """The same at the size that CLIP, encoder and judge look at, in [-1, 1]."""
        return torch.cat([small(self.paint(rows[k:k + 8]).clamp(-1, 1)) for k in range(0, len(rows), 8)])
