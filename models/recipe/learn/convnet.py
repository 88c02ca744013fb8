"""The plain convolutional net of the judge and of the inversion encoder. The engine builds the same net from these parameter names."""
import torch
import torch.nn as nn
import torch.nn.functional as F

CHANNELS, HIDDEN, GROUPS, SLOPE = (32, 64, 128, 256, 256), 512, 8, .2


class Stage(nn.Module):
    """Halves the size, then one residual convolution."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.down = nn.Conv2d(inputs, outputs, 3, 2, 1)
        self.norm0 = nn.GroupNorm(GROUPS, outputs)
        self.conv = nn.Conv2d(outputs, outputs, 3, 1, 1)
        self.norm1 = nn.GroupNorm(GROUPS, outputs)

    def forward(self, x):
        x = F.leaky_relu(normed(convolved(x, self.down), self.norm0), SLOPE)
        return x + F.leaky_relu(normed(convolved(x, self.conv), self.norm1), SLOPE)


class ConvNet(nn.Module):
    """Pictures [N, 3, 128, 128] in [-1, 1] -> [N, outputs]. Computes in `kind`; parameters stay float32."""

    def __init__(self, outputs, hidden=HIDDEN, kind=torch.bfloat16):
        super().__init__()
        self.kind = kind
        self.stages = nn.ModuleList(Stage(i, o) for i, o in zip((3,) + CHANNELS, CHANNELS))
        self.hidden = nn.Linear(CHANNELS[-1] * 16, hidden)
        self.output = nn.Linear(hidden, outputs)

    def forward(self, x):
        return self.output(self.middle(x))

    def middle(self, x):
        """What the last layer reads [N, hidden]."""
        x = x.to(self.kind).contiguous(memory_format=torch.channels_last)
        for stage in self.stages:
            x = stage(x)
        return F.leaky_relu(self.hidden(x.float().flatten(1)), SLOPE)


def convolved(x, layer):
    return F.conv2d(x, layer.weight.to(x.dtype).contiguous(memory_format=torch.channels_last), layer.bias.to(x.dtype), layer.stride, layer.padding)


def normed(x, norm):
    return F.group_norm(x, norm.num_groups, norm.weight.to(x.dtype), norm.bias.to(x.dtype), norm.eps)
