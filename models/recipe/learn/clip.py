"""CLIP's two encoders in OpenAI's shape and under OpenAI's parameter names: a ModifiedResNet with attention pooling for pictures, a causal transformer for texts. Small."""
import math
from collections import OrderedDict
import torch
import torch.nn as nn
import torch.nn.functional as F
from .tokens import CONTEXT

D, WIDTH, LAYERS, SIZE = 256, 32, (2, 2, 2, 2), 128
TEXT_WIDTH, TEXT_LAYERS, HEAD = 192, 4, 64
MEAN, STD = (.48145466, .4578275, .40821073), (.26862954, .26130258, .27577711)


def conv(x, layer):
    return F.conv2d(x, layer.weight.to(x.dtype).contiguous(memory_format=torch.channels_last), None, layer.stride, layer.padding)


class Bottleneck(nn.Module):
    def __init__(self, inputs, planes, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, planes, 1, bias=False), nn.BatchNorm2d(planes)
        self.conv2, self.bn2 = nn.Conv2d(planes, planes, 3, padding=1, bias=False), nn.BatchNorm2d(planes)
        self.conv3, self.bn3 = nn.Conv2d(planes, planes * 4, 1, bias=False), nn.BatchNorm2d(planes * 4)
        self.stride = stride
        if stride > 1 or inputs != planes * 4:
            self.downsample = nn.Sequential(OrderedDict([('-1', nn.AvgPool2d(stride)), ('0', nn.Conv2d(inputs, planes * 4, 1, bias=False)), ('1', nn.BatchNorm2d(planes * 4))]))

    def forward(self, x):
        shrink = (lambda y: F.avg_pool2d(y, self.stride)) if self.stride > 1 else (lambda y: y)
        y = F.relu(self.bn1(conv(x, self.conv1)))
        y = shrink(F.relu(self.bn2(conv(y, self.conv2))))
        y = self.bn3(conv(y, self.conv3))
        if hasattr(self, 'downsample'):
            x = self.downsample[2](conv(shrink(x), self.downsample[1]))
        return F.relu(x + y)


class AttentionPool(nn.Module):
    """The mean of all places asks all places and itself."""

    def __init__(self, places, width, heads, outputs):
        super().__init__()
        self.positional_embedding = nn.Parameter(torch.randn(places + 1, width) / width ** .5)
        self.q_proj, self.k_proj, self.v_proj = (nn.Linear(width, width) for _ in range(3))
        self.c_proj = nn.Linear(width, outputs)
        self.heads = heads
        self.look_apart(places, width // heads)

    @torch.no_grad()
    def look_apart(self, places, size):
        """At first head p looks at place p: faces are aligned, so what is where matters from the first step. With equal attention everywhere, glasses and smiles were still at chance after 25,000 pictures."""
        for p in range(min(places, self.heads)):
            self.positional_embedding[1 + p, -1 - p] += 4.
            self.k_proj.weight[p * size, -1 - p] += 3.
            self.q_proj.bias[p * size] += 4.

    def forward(self, x):
        """[N, C, h, w] -> what the heads gather [N, C], before the last projection."""
        n, c = x.shape[:2]
        x = x.flatten(2).transpose(1, 2)
        x = torch.cat([x.mean(1, keepdim=True), x], 1) + self.positional_embedding.to(x.dtype)
        apart = lambda y: y.reshape(n, -1, self.heads, c // self.heads).transpose(1, 2)
        q, k, v = apart(linear(x[:, :1], self.q_proj)), apart(linear(x, self.k_proj)), apart(linear(x, self.v_proj))
        a = (q * (c // self.heads) ** -.5 @ k.transpose(2, 3)).softmax(-1)
        return (a @ v).transpose(1, 2).reshape(n, c).float()


class ModifiedResNet(nn.Module):
    def __init__(self):
        super().__init__()
        half = WIDTH // 2
        self.conv1, self.bn1 = nn.Conv2d(3, half, 3, 2, 1, bias=False), nn.BatchNorm2d(half)
        self.conv2, self.bn2 = nn.Conv2d(half, half, 3, padding=1, bias=False), nn.BatchNorm2d(half)
        self.conv3, self.bn3 = nn.Conv2d(half, WIDTH, 3, padding=1, bias=False), nn.BatchNorm2d(WIDTH)
        inputs = WIDTH
        for k, blocks in enumerate(LAYERS):
            planes = WIDTH << k
            self.add_module(f'layer{k + 1}', nn.Sequential(*(Bottleneck(inputs if b == 0 else planes * 4, planes, 2 if k and b == 0 else 1) for b in range(blocks))))
            inputs = planes * 4
        self.attnpool = AttentionPool((SIZE // 32) ** 2, inputs, WIDTH * 32 // 64, D)

    def features(self, x):
        """Normalised pictures [N, 3, 128, 128] -> [N, 1024, 4, 4]."""
        for k in '123':
            x = F.relu(getattr(self, 'bn' + k)(conv(x, getattr(self, 'conv' + k))))
        x = F.avg_pool2d(x, 2)
        return self.layer4(self.layer3(self.layer2(self.layer1(x))))


def linear(x, layer):
    return F.linear(x, layer.weight.to(x.dtype), layer.bias.to(x.dtype))


class QuickGELU(torch.autograd.Function):
    """x * sigmoid(1.702 x)."""

    @staticmethod
    def forward(ctx, x):
        s = torch.sigmoid(1.702 * x)
        ctx.save_for_backward(x, s)
        return x * s

    @staticmethod
    def backward(ctx, g):
        x, s = ctx.saved_tensors
        return g * s * (1 + 1.702 * x * (1 - s))


class Attention(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.in_proj_weight = nn.Parameter(torch.randn(3 * width, width) * width ** -.5)
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * width))
        self.out_proj = nn.Linear(width, width)

    def forward(self, x, mask):
        n, t, c = x.shape
        q, k, v = F.linear(x, self.in_proj_weight.to(x.dtype), self.in_proj_bias.to(x.dtype)).view(n, t, 3, c // HEAD, HEAD).permute(2, 0, 3, 1, 4).reshape(3, -1, t, HEAD)
        a = (torch.bmm(q, k.transpose(1, 2)) * HEAD ** -.5 + mask).softmax(-1)
        return linear(torch.bmm(a, v).view(n, -1, t, HEAD).transpose(1, 2).reshape(n, t, c), self.out_proj)


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.attn, self.ln_1, self.ln_2 = Attention(width), nn.LayerNorm(width), nn.LayerNorm(width)
        self.mlp = nn.Sequential(OrderedDict([('c_fc', nn.Linear(width, width * 4)), ('c_proj', nn.Linear(width * 4, width))]))
        for part in (self.attn.out_proj, self.mlp.c_proj):
            nn.init.normal_(part.weight, 0, width ** -.5 * (2 * TEXT_LAYERS) ** -.5 * (.5 if part is self.mlp.c_proj else 1))
            nn.init.zeros_(part.bias)
        nn.init.normal_(self.mlp.c_fc.weight, 0, (2 * width) ** -.5)

    def forward(self, x, mask):
        x = x + self.attn(normed(x, self.ln_1), mask)
        return x + linear(QuickGELU.apply(linear(normed(x, self.ln_2), self.mlp.c_fc)), self.mlp.c_proj)


def normed(x, norm):
    """LayerNorm in float32: in bfloat16 this version of PyTorch is ten times slower at it."""
    return norm(x.float()).to(x.dtype)


class CLIP(nn.Module):
    """image(pictures in [-1, 1]) and text(token ids) give unit vectors [N, D]. Computes in `kind`; parameters stay float32."""

    def __init__(self, vocabulary, kind=torch.bfloat16):
        super().__init__()
        self.kind = kind
        self.visual = ModifiedResNet()
        self.token_embedding = nn.Embedding(vocabulary, TEXT_WIDTH)
        self.positional_embedding = nn.Parameter(torch.randn(CONTEXT, TEXT_WIDTH) * .01)
        self.transformer = nn.Module()
        self.transformer.resblocks = nn.ModuleList(Block(TEXT_WIDTH) for _ in range(TEXT_LAYERS))
        self.ln_final = nn.LayerNorm(TEXT_WIDTH)
        self.text_projection = nn.Parameter(torch.randn(TEXT_WIDTH, D) * TEXT_WIDTH ** -.5)
        self.logit_scale = nn.Parameter(torch.tensor(math.log(10.)))
        nn.init.normal_(self.token_embedding.weight, 0, .02)

    def picture(self, x, features=False):
        """Pictures [N, 3, 128, 128] in [-1, 1] -> unit f [N, D], and on request what f is projected from [N, 1024]."""
        x = ((x + 1) / 2 - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(STD).view(3, 1, 1)
        x = self.visual.attnpool(self.visual.features(x.to(self.kind).contiguous(memory_format=torch.channels_last)))
        f = F.normalize(self.visual.attnpool.c_proj(x), dim=1)
        return (f, x) if features else f

    def text(self, ids, features=False):
        """Token ids [N, T] -> unit f [N, D], and on request what it is projected from [N, TEXT_WIDTH]."""
        t = ids.shape[1]
        x = (self.token_embedding(ids) + self.positional_embedding[:t]).to(self.kind)
        mask = torch.full((t, t), -1e4, dtype=x.dtype).triu(1)
        for block in self.transformer.resblocks:
            x = block(x, mask)
        x = self.ln_final(x[torch.arange(len(x)), ids.argmax(1)].float())
        f = F.normalize(x @ self.text_projection, dim=1)
        return (f, x) if features else f
