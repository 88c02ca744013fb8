"""Stage `check`: are the exported files whole, and do plain implementations of the published architectures, written apart from the training code, give the same results?"""
import json
import math
import os
import torch
import torch.nn.functional as F
from . import clip as C
from . import data, files, mapping
from .clip_joint import load as load_clip
from .clip_text import token_path
from .describer import Painter
from .tokens import Tokens


def expected(architectures):
    """{file: {parameter: shape}} of everything that is to be there."""
    g, c = architectures['generator'], architectures['clip']
    channels, w = {int(r): n for r, n in g['channels'].items()}, g['wDim']
    generator = {'mapping.w_avg': (w,), 'synthesis.b4.const': (channels[4], 4, 4)}
    for k in range(g['mappingLayers']):
        generator.update({f'mapping.fc{k}.weight': (w, w), f'mapping.fc{k}.bias': (w,)})
    for r in channels:
        parts = dict(conv1=(channels[r], channels[r], 3), torgb=(3, channels[r], 1))
        if r > 4:
            parts['conv0'] = (channels[r], channels[r // 2], 3)
        for name, (o, i, k) in parts.items():
            at = f'synthesis.b{r}.{name}.'
            generator.update({at + 'weight': (o, i, k, k), at + 'bias': (o,), at + 'affine.weight': (i, w), at + 'affine.bias': (i,)})
    nets = {}
    for name in ('encoder', 'judge'):
        a = architectures[name]
        net = {'hidden.weight': (a['hidden'], a['channels'][-1] * 16), 'hidden.bias': (a['hidden'],), 'output.weight': (a['outputs'], a['hidden']), 'output.bias': (a['outputs'],)}
        for k, (i, o) in enumerate(zip([3] + a['channels'], a['channels'])):
            s = f'stages.{k}.'
            net.update({s + 'down.weight': (o, i, 3, 3), s + 'down.bias': (o,), s + 'conv.weight': (o, o, 3, 3), s + 'conv.bias': (o,)})
            net.update({s + f'norm{n}.{p}': (o,) for n in '01' for p in ('weight', 'bias')})
        nets[name] = net
    t, d, n = c['text'], c['embedDim'], c['vision']['width'] * 32
    clip = {'token_embedding.weight': (t['vocabulary'], t['width']), 'positional_embedding': (t['context'], t['width']), 'text_projection': (t['width'], d), 'logit_scale': (), 'ln_final.weight': (t['width'],), 'ln_final.bias': (t['width'],),
            'visual.attnpool.positional_embedding': ((c['imageSize'] // 32) ** 2 + 1, n), 'visual.attnpool.c_proj.weight': (d, n), 'visual.attnpool.c_proj.bias': (d,)}
    for p in 'qkv':
        clip.update({f'visual.attnpool.{p}_proj.weight': (n, n), f'visual.attnpool.{p}_proj.bias': (n,)})
    return dict(generator=generator, clip=clip, **nets)


# ---- StyleGAN2 as NVIDIA wrote it: modulated weights, zero-stuffing, FIR filters; no code of the training's generator

def fir(gain):
    k = torch.tensor([1., 3., 3., 1.])
    k = k[:, None] * k[None]
    return k / k.sum() * gain


def upfirdn(x, kernel, up, pad):
    n, c, h, w = x.shape
    if up > 1:
        y = x.new_zeros(n, c, h, up, w, up)
        y[:, :, :, 0, :, 0] = x
        x = y.reshape(n, c, h * up, w * up)
    x = F.pad(x, pad)
    return F.conv2d(x.reshape(-1, 1, *x.shape[2:]), kernel.flip(0, 1)[None, None]).reshape(n, c, *([s - 3 for s in x.shape[2:]]))


def modulated(x, weight, style, demodulate, up=1):
    n, (o, i, k, _) = len(x), weight.shape
    w = weight[None] * style[:, None, :, None, None]
    if demodulate:
        w = w * (w.square().sum((2, 3, 4), keepdim=True) + 1e-8).rsqrt()
    out = []
    for a, b in zip(x, w):
        if up == 2:
            y = F.conv_transpose2d(a[None], b.transpose(0, 1), stride=2)
            out.append(upfirdn(y, fir(4.), 1, [1, 1, 1, 1]))
        else:
            out.append(F.conv2d(a[None], b, padding=k // 2))
    return torch.cat(out)


def plain_generator(p, z, resolutions):
    """z -> (w, picture), in float32, from NVIDIA's names."""
    x = z * (z.square().mean(1, keepdim=True) + 1e-8).rsqrt()
    for k in range(8):
        weight = p[f'mapping.fc{k}.weight'] * (.01 / math.sqrt(512))
        x = F.leaky_relu(F.linear(x, weight, p[f'mapping.fc{k}.bias'] * .01), .2) * math.sqrt(2)
    w = x

    def style(name):
        a = p[name + '.affine.weight']
        return F.linear(w, a / math.sqrt(a.shape[1]), p[name + '.affine.bias'])

    x, image = p['synthesis.b4.const'][None].repeat(len(w), 1, 1, 1), None
    for r in resolutions:
        b = f'synthesis.b{r}.'
        for part, up in (('conv0', 2), ('conv1', 1)):
            if b + part + '.weight' in p:
                x = modulated(x, p[b + part + '.weight'], style(b + part), True, up)
                x = F.leaky_relu(x + p[b + part + '.bias'].view(1, -1, 1, 1), .2) * math.sqrt(2)
        weight = p[b + 'torgb.weight']
        y = modulated(x, weight, style(b + 'torgb') / math.sqrt(weight.shape[1]), False) + p[b + 'torgb.bias'].view(1, -1, 1, 1)
        image = y if image is None else upfirdn(image, fir(4.), 2, [2, 1, 2, 1]) + y
    return w, image


# ---- CLIP with PyTorch's own attention, normalisation and so on

def plain_text(p, ids):
    t = ids.shape[1]
    x = p['token_embedding.weight'][ids] + p['positional_embedding'][:t]
    width = x.shape[2]
    mask = torch.full((t, t), -math.inf).triu(1)
    k = 0
    while f'transformer.resblocks.{k}.ln_1.weight' in p:
        b = files.part(p, f'transformer.resblocks.{k}.')
        y = F.layer_norm(x, (width,), b['ln_1.weight'], b['ln_1.bias']).transpose(0, 1)
        y, _ = F.multi_head_attention_forward(y, y, y, width, width // 64, b['attn.in_proj_weight'], b['attn.in_proj_bias'], None, None, False, 0., b['attn.out_proj.weight'], b['attn.out_proj.bias'], training=False, need_weights=False, attn_mask=mask)
        x = x + y.transpose(0, 1)
        y = F.linear(F.layer_norm(x, (width,), b['ln_2.weight'], b['ln_2.bias']), b['mlp.c_fc.weight'], b['mlp.c_fc.bias'])
        x = x + F.linear(y * torch.sigmoid(1.702 * y), b['mlp.c_proj.weight'], b['mlp.c_proj.bias'])
        k += 1
    x = F.layer_norm(x[torch.arange(len(x)), ids.argmax(1)], (width,), p['ln_final.weight'], p['ln_final.bias'])
    return F.normalize(x @ p['text_projection'], dim=1)


def plain_picture(p, x):
    p = files.part(p, 'visual.')
    bn = lambda y, name: F.batch_norm(y, p[name + '.running_mean'], p[name + '.running_var'], p[name + '.weight'], p[name + '.bias'])
    x = ((x + 1) / 2 - torch.tensor(C.MEAN).view(3, 1, 1)) / torch.tensor(C.STD).view(3, 1, 1)
    for k in '123':
        x = F.relu(bn(F.conv2d(x, p[f'conv{k}.weight'], stride=2 if k == '1' else 1, padding=1), 'bn' + k))
    x = F.avg_pool2d(x, 2)
    for layer in '1234':
        b = 0
        while f'layer{layer}.{b}.conv1.weight' in p:
            at = f'layer{layer}.{b}.'
            stride = 2 if layer != '1' and b == 0 else 1
            y = F.relu(bn(F.conv2d(x, p[at + 'conv1.weight']), at + 'bn1'))
            y = F.avg_pool2d(F.relu(bn(F.conv2d(y, p[at + 'conv2.weight'], padding=1), at + 'bn2')), stride)
            y = bn(F.conv2d(y, p[at + 'conv3.weight']), at + 'bn3')
            if at + 'downsample.0.weight' in p:
                x = bn(F.conv2d(F.avg_pool2d(x, stride), p[at + 'downsample.0.weight']), at + 'downsample.1')
            x, b = F.relu(x + y), b + 1
    a = files.part(p, 'attnpool.')
    x = x.flatten(2).permute(2, 0, 1)
    x = torch.cat([x.mean(0, keepdim=True), x]) + a['positional_embedding'][:, None]
    y, _ = F.multi_head_attention_forward(x[:1], x, x, x.shape[2], x.shape[2] // 64, None, torch.cat([a['q_proj.bias'], a['k_proj.bias'], a['v_proj.bias']]), None, None, False, 0., a['c_proj.weight'], a['c_proj.bias'], training=False,
                                          need_weights=False, use_separate_proj_weight=True, q_proj_weight=a['q_proj.weight'], k_proj_weight=a['k_proj.weight'], v_proj_weight=a['v_proj.weight'])
    return F.normalize(y[0], dim=1)


def run(work):
    folder = os.path.join(work, 'export')
    with open(os.path.join(folder, 'architectures.json'), encoding='utf-8') as file:
        architectures = json.load(file)
    stored = {}
    for name, shapes in expected(architectures).items():
        p = stored[name] = files.read_safetensors(os.path.join(folder, name + '.safetensors'))
        wrong = [k for k, s in shapes.items() if k not in p or tuple(p[k].shape) != tuple(s)]
        surplus = [k for k in p if k not in shapes] if name != 'clip' else []
        broken = [k for k, v in p.items() if not torch.isfinite(v).all()]
        assert not wrong and not surplus and not broken, f'{name}: wrong {wrong}, surplus {surplus}, not finite {broken}'
        print(f'{name}: {len(p)} tensors, {sum(v.numel() for v in p.values()) / 1e6:.2f} M numbers, all finite')
    judged = files.read_json(os.path.join(folder, 'judge.json'))['outputs']
    assert len(judged) == architectures['judge']['outputs'], 'judge.json does not name every output'
    z = torch.randn(4, 512, generator=torch.Generator().manual_seed(3))
    torch.set_grad_enabled(False)
    w, image = plain_generator(stored['generator'], z, map(int, architectures['generator']['channels']))
    painter, mapper = Painter(work), mapping.load(work)
    painter.synthesis.kind = torch.float32
    own_w = mapper(z)
    own = painter.synthesis(own_w)
    report = {'w': ((w - own_w).abs().max() / own_w.std()).item(), 'picture': (image - own).abs().mean().item()}
    net, token = load_clip(work), Tokens(token_path(work))
    net.kind = torch.float32
    ids = token.batch(['a face', 'Smiling, with red hair.', 'an old man wearing square glasses and a blue beanie'])
    x = data.judging(work, data.JUDGE, data.JUDGE + 4).small([0, 1, 2, 3])
    report['text'] = (plain_text(stored['clip'], ids) - net.text(ids)).abs().max().item()
    report['seen'] = (plain_picture(stored['clip'], x) - net.picture(x)).abs().max().item()
    print('differences of the stored nets in plain implementations from the trained ones:', {k: f'{v:.2e}' for k, v in report.items()})
    limits = dict(w=.01, picture=.003, text=.003, seen=.005)
    assert all(v < limits[k] for k, v in report.items()), 'more than float16 rounds'
