"""StyleGAN2's generator (Karras et al., arXiv 1912.04958), skip architecture, written for fast training on a CPU.

Weights mean what they mean in NVIDIA's state dict (same shapes, same orientation of kernels, same gains), so an importer of NVIDIA's
checkpoints reads them. Three things differ in how it is computed, not in what: activations are modulated instead of weights; up-sampling and its
FIR filter are folded into the kernel by one small matrix product; convolutions run in bfloat16, channels last.
"""
import math
import torch
import torch.nn as nn
import torch.nn.functional as F

LAST = torch.channels_last
FIR = torch.tensor([1., 3., 3., 1.]) / 8
CHANNELS = {4: 256, 8: 256, 16: 256, 32: 192, 64: 96, 128: 48, 256: 24}  # of each block: a channel base of 6144, at most 256
LAYERS = 2 * len(CHANNELS)  # of w+


def phase_matrix():
    """[9, 36]: takes a 3x3 kernel to the four 3x3 kernels (one for each output phase) of 'zero-stuff by 2, convolve, FIR'."""
    fir = FIR[:, None] * FIR[None] * 4
    wide = F.conv_transpose2d(torch.eye(9).reshape(9, 1, 3, 3), fir[None, None])[:, 0]  # [9, 6, 6]
    taps = ([4, 2, 0], [5, 3, 1])  # even and odd outputs
    return torch.stack([wide[:, rows][:, :, columns] for rows in taps for columns in taps], 1).reshape(9, 36)


def up_image(image):
    """[N, 3, H, W] -> [N, 3, 2H, 2W] with FIR [1, 3, 3, 1] and zeros outside; inside that is bilinear interpolation."""
    return F.interpolate(F.pad(image, [1] * 4), scale_factor=2, mode='bilinear', align_corners=False)[:, :, 2:-2, 2:-2]


class Dense(nn.Module):
    """A fully connected layer with equalised learning rate."""

    def __init__(self, inputs, outputs, bias=0., rate=1., scale=1.):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs) * scale / rate)
        self.bias = nn.Parameter(torch.full([outputs], float(bias)))
        self.gain, self.bias_gain = rate / math.sqrt(inputs), rate

    def forward(self, x):
        return F.linear(x, (self.weight * self.gain).to(x.dtype), (self.bias * self.bias_gain).to(x.dtype))


class Mapping(nn.Module):
    """z [N, Z] -> w [N, W]."""

    def __init__(self, z_dim, w_dim, layers=8, kind=torch.float32):
        super().__init__()
        self.kind = kind
        self.layers = nn.ModuleList(Dense(z_dim if k == 0 else w_dim, w_dim) for k in range(layers))

    def forward(self, z, middle=None):
        """middle: also return what comes out of that many layers."""
        x, hidden = z * (z.square().mean(1, keepdim=True) + 1e-8).rsqrt(), None
        for k, layer in enumerate(self.layers):
            x = F.leaky_relu(layer(x.to(self.kind) if k + 1 < len(self.layers) else x.float()), .2) * math.sqrt(2)
            if k + 1 == middle:
                hidden = x
        return x if middle is None else (x, hidden)


class Convolution(nn.Module):
    """A modulated 3x3 convolution, demodulated, with bias and LeakyReLU (gain sqrt 2)."""

    def __init__(self, inputs, outputs, w_dim, up):
        super().__init__()
        self.affine = Dense(w_dim, inputs, bias=1, scale=.3)  # small at first, so that the average picture is learned before its variations
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.up = up
        if up:
            self.register_buffer('phases', phase_matrix(), persistent=False)

    def forward(self, x, w):
        kind, (outputs, inputs) = x.dtype, self.weight.shape[:2]
        style = self.affine(w)
        weight = self.weight / math.sqrt(inputs * 9)
        demodulation = (style.square() @ weight.square().sum([2, 3]).t() + 1e-8).rsqrt() * math.sqrt(2)  # LeakyReLU is homogeneous: its gain goes here
        bias = self.bias * math.sqrt(2)
        x = x * style[:, :, None, None].to(kind)
        if self.up:
            weight = (weight.reshape(-1, 9) @ self.phases).reshape(outputs, inputs, 4, 3, 3).transpose(1, 2).reshape(outputs * 4, inputs, 3, 3)
            demodulation, bias = demodulation.repeat_interleave(4, 1), bias.repeat_interleave(4)
        x = F.conv2d(x, weight.to(kind).contiguous(memory_format=LAST), padding=1)
        x = F.leaky_relu(torch.addcmul(bias[:, None, None].to(kind), x, demodulation[:, :, None, None].to(kind)), .2)
        return depth_to_space(x, outputs) if self.up else x


def depth_to_space(x, channels):
    n, _, h, v = x.shape
    return x.permute(0, 2, 3, 1).reshape(n, h, v, channels, 2, 2).permute(0, 1, 4, 2, 5, 3).reshape(n, 2 * h, 2 * v, channels).permute(0, 3, 1, 2)


class ToRGB(nn.Module):
    def __init__(self, inputs, w_dim):
        super().__init__()
        self.affine = Dense(w_dim, inputs, bias=1, scale=.3)
        self.weight = nn.Parameter(torch.randn(3, inputs, 1, 1))
        self.bias = nn.Parameter(torch.zeros(3))

    def forward(self, x, w):
        style = self.affine(w) / math.sqrt(x.shape[1])
        return F.conv2d(x * style[:, :, None, None].to(x.dtype), self.weight.to(x.dtype)).float() + self.bias[:, None, None]


class Synthesis(nn.Module):
    """w [N, W] -> picture [N, 3, R, R] in about [-1, 1]."""

    def __init__(self, w_dim=512, channels=CHANNELS, kind=torch.bfloat16):
        super().__init__()
        self.kind, self.blocks = kind, nn.ModuleDict()
        self.const = nn.Parameter(torch.randn(channels[4], 4, 4))
        for r in channels:
            block = nn.ModuleDict()
            if r > 4:
                block['conv0'] = Convolution(channels[r // 2], channels[r], w_dim, up=True)
            block['conv1'] = Convolution(channels[r], channels[r], w_dim, up=False)
            block['torgb'] = ToRGB(channels[r], w_dim)
            self.blocks[f'b{r}'] = block

    def forward(self, w, until=None):
        """w: [N, W], or w+ [N, layers, W] in NVIDIA's order (a block's ToRGB shares its w with the next block's first convolution).
        until: the resolution to stop at, where only that is wanted (a skip architecture has a whole picture at each)."""
        x = self.const[None].expand(w.shape[0], -1, -1, -1).to(self.kind).contiguous(memory_format=LAST)
        image, k = None, 0
        layer = (lambda k: w) if w.dim() == 2 else (lambda k: w[:, k])
        for name, block in self.blocks.items():
            if 'conv0' in block:
                x, k = block['conv0'](x, layer(k)), k + 1
            x, k = block['conv1'](x, layer(k)), k + 1
            y = block['torgb'](x, layer(k))
            image = y if image is None else up_image(image) + y
            if name == f'b{until}':
                break
        return image


def nvidia_names(mapping, synthesis):
    """Both networks' weights under the names of NVIDIA's state dict (noise inputs are absent: strength 0)."""
    out = {}
    for k, layer in enumerate(mapping.layers):
        out[f'mapping.fc{k}.weight'], out[f'mapping.fc{k}.bias'] = layer.weight, layer.bias  # lr_multiplier 1
    for name, block in synthesis.blocks.items():
        for part, layer in block.items():
            for key, value in (('weight', layer.weight), ('bias', layer.bias), ('affine.weight', layer.affine.weight), ('affine.bias', layer.affine.bias)):
                out[f'synthesis.{name}.{part}.{key}'] = value
    out['synthesis.b4.const'] = synthesis.const
    return {k: v.detach() for k, v in out.items()}
