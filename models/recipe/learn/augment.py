"""What a photograph does to a picture: other light, colour, sharpness, noise, compression and framing. Pictures are [N, 3, H, W] in [-1, 1]."""
import math
import torch
import torch.nn.functional as F


def cosines():
    """The 8-point discrete cosine transform as a matrix."""
    k = torch.arange(8.)
    m = torch.cos(math.pi / 8 * (k[None] + .5) * k[:, None]) * .5
    m[0] *= .5 ** .5
    return m


def framed(x, amount):
    """A little turn, scale and shift."""
    n = len(x)
    angle, scale = (torch.rand(n) - .5) * .12 * amount, 1 + (torch.rand(n) - .5) * .12 * amount
    shift = (torch.rand(n, 2) - .5) * .1 * amount
    c, s = torch.cos(angle) * scale, torch.sin(angle) * scale
    grid = F.affine_grid(torch.stack([torch.stack([c, -s, shift[:, 0]], 1), torch.stack([s, c, shift[:, 1]], 1)], 1), list(x.shape), align_corners=False)
    return F.grid_sample(x, grid, padding_mode='reflection', align_corners=False)


def coloured(x, amount):
    """Gain and gamma of each channel, brightness, saturation, contrast, and light falling off to one side."""
    n = len(x)
    u = lambda *shape: (torch.rand(n, *shape) - .5) * 2 * amount
    y = ((x + 1) / 2).clamp_(1e-3, 1)
    y = y * torch.exp(.07 * u(3, 1, 1) + .22 * u(1, 1, 1))
    y = y ** torch.exp(.18 * u(1, 1, 1))
    ramp = torch.linspace(-1, 1, x.shape[-1])
    y = y * torch.exp(.18 * (u(1, 1, 1) * ramp + u(1, 1, 1) * ramp[:, None]))
    grey = y.mean(1, keepdim=True)
    y = torch.lerp(grey, y, 1 + .3 * u(1, 1, 1))
    return torch.lerp(grey.mean((2, 3), keepdim=True), y, 1 + .22 * u(1, 1, 1)).clamp(0, 1) * 2 - 1


def some(x, share, change):
    """Applies `change` to a random share of the pictures."""
    k = (torch.rand(len(x)) < share).nonzero()[:, 0]
    if len(k):
        x = x.index_copy(0, k, change(x[k]))
    return x


def softened(x):
    y = F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
    return torch.lerp(x, y, .3 + .7 * torch.rand(len(x), 1, 1, 1))


def shrunk(x):
    size = int(torch.randint(44, 104, ()))
    return F.interpolate(F.interpolate(x, size=size, mode='bilinear', align_corners=False, antialias=True), size=x.shape[-2:], mode='bilinear', align_corners=False)


def grained(x):
    fine = torch.randn_like(x)
    return x + fine * (torch.rand(len(x), 1, 1, 1) * .1)


def compressed(x):
    """Rounds the cosine coefficients of 8 x 8 blocks, as JPEG does."""
    n, _, h, w = x.shape
    m = cosines()
    step = (.02 + .1 * torch.rand(n, 1, 1, 1, 1, 1)) * (1 + .7 * (torch.arange(8.)[:, None] + torch.arange(8.)))
    f = m @ x.reshape(n, 3, h // 8, 8, w // 8, 8).transpose(3, 4) @ m.t()
    return (m.t() @ ((f / step).round() * step) @ m).transpose(3, 4).reshape(n, 3, h, w)


def photograph(x, amount=1.):
    """amount 0 changes nothing, 1 is the strongest that leaves people's attributes readable."""
    if amount:
        x = some(x, .6 * amount, lambda y: framed(y, amount))
        x = some(x, .8, lambda y: coloured(y, amount))
        x = some(x, .25 * amount, softened)
        x = some(x, .15 * amount, shrunk)
        x = some(x, .3 * amount, grained)
        x = some(x, .25 * amount, compressed)
    return x.clamp(-1, 1)
