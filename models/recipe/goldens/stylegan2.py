"""Golden results of StyleGAN2, computed by NVIDIA's own code on the CPU.

    python3 stylegan2.py CHECKOUT FOLDER

CHECKOUT is a folder with NVlabs/stylegan2-ada-pytorch (commit in ORIGIN.md); nothing of it is copied. Writes one safetensors file a
case: the weights under NVIDIA's names, and under `golden.` z, w, wPlus (another mixture of w in every layer), s and the images.
Needs numpy and torch. Everything is float32 and seeded.
"""
import hashlib
import json
import os
import struct
import sys

import numpy as np
import torch

SEED = 2210

# z, w: latent widths; base, most: channels of resolution r are min(base / r, most)
CASES = {
    'g64-noise': dict(size=64, z=24, w=32, base=1024, most=24, mapping=8, clamp=None, noise=True),
    'g128-clamp': dict(size=128, z=32, w=24, base=4096, most=32, mapping=2, clamp=1.25, noise=False),
    'g256': dict(size=256, z=32, w=32, base=2048, most=16, mapping=2, clamp=None, noise=False),
}


def write_safetensors(path, tensors, metadata):
    header, offset, blobs = {'__metadata__': metadata}, 0, []
    for name in sorted(tensors):
        blob = np.ascontiguousarray(tensors[name].detach().numpy(), dtype='<f4').tobytes()
        header[name] = {'dtype': 'F32', 'shape': list(tensors[name].shape), 'data_offsets': [offset, offset + len(blob)]}
        offset += len(blob)
        blobs.append(blob)
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as f:
        f.write(struct.pack('<Q', len(text)) + text + b''.join(blobs))


def generator(networks, case):
    G = networks.Generator(
        z_dim=case['z'], c_dim=0, w_dim=case['w'], img_resolution=case['size'], img_channels=3,
        mapping_kwargs=dict(num_layers=case['mapping']),
        synthesis_kwargs=dict(channel_base=case['base'], channel_max=case['most'], conv_clamp=case['clamp'], use_noise=case['noise']),
    ).eval()
    # What starts at zero or one would hide mistakes.
    for name, tensor in list(G.named_parameters()) + list(G.named_buffers()):
        if name.endswith('.bias'):
            rate = 0.01 if name.startswith('mapping.') else 1
            tensor.data += 0.3 * torch.randn(tensor.shape) / rate
        elif name.endswith('noise_strength'):
            tensor.data.fill_(0.2 * torch.randn([]).item())
        elif name == 'mapping.w_avg':
            tensor.data += 0.1 * torch.randn(tensor.shape)
    return G


def styles_of(G, ws):
    """All affine outputs in NVIDIA's order, before ToRGB's weight gain; [N,S]."""
    styles, index = [], 0
    for res in G.synthesis.block_resolutions:
        block = getattr(G.synthesis, f'b{res}')
        for name in (['conv0'] if block.num_conv == 2 else []) + ['conv1']:
            styles.append(getattr(block, name).affine(ws[:, index]))
            index += 1
        styles.append(block.torgb.affine(ws[:, index]))
    return torch.cat(styles, dim=1)


@torch.no_grad()
def golden(networks, case):
    G = generator(networks, case)
    z = torch.randn(2, case['z'])
    w = G.mapping(z, None)[:, 0]
    share = torch.rand(2, G.synthesis.num_ws, 1)
    wPlus = share * w[:, None] + (1 - share) * w.flip(0)[:, None]
    out = {'z': z, 'w': w, 'wPlus': wPlus, 's': styles_of(G, wPlus), 'image.none': G.synthesis(wPlus, noise_mode='none')}
    if case['noise']:
        out['image.const'] = G.synthesis(wPlus, noise_mode='const')
    if case['size'] > 128:  # one picture keeps the file small
        out['image.none'] = out['image.none'][:1]
    tensors = {k: v.float() for k, v in G.state_dict().items()}
    tensors.update({f'golden.{k}': v for k, v in out.items()})
    return tensors


def main(checkout, folder):
    sys.path.insert(0, checkout)
    from training import networks
    for number, (name, case) in enumerate(CASES.items()):
        torch.manual_seed(SEED + number)
        tensors = golden(networks, case)
        path = os.path.join(folder, name + '.safetensors')
        write_safetensors(path, tensors, {'case': json.dumps(case), 'seed': str(SEED + number)})
        image = tensors['golden.image.none']
        digest = hashlib.sha256(open(path, 'rb').read()).hexdigest()
        print(f'{name}  {os.path.getsize(path)} bytes  sha256 {digest}  image std {image.std():.3f}, largest {image.abs().max():.2f}')


main(*sys.argv[1:3])
