"""Runs OpenAI's CLIP on seeded weights and writes goldens.safetensors beside the tests.

    python3 clip.py CLIP_CHECKOUT            the small goldens of the tests
    python3 clip.py CLIP_CHECKOUT full FILE  ViT-B/32 and RN50 at full size, to be compared once
"""
import hashlib
import importlib.util
import json
import os
import struct
import sys

import numpy as np
import torch
from PIL import Image

from seeded import picture, uniform, weight

NETS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', '..', 'src-main', 'engine', 'nets')

MEAN, STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)

# embed, image size, layers, width, patch, context, vocabulary, text width, text heads, text layers: the arguments of OpenAI's CLIP
SMALL = {
    'vit16': (64, 64, 2, 128, 16, 16, 512, 128, 2, 2),
    'vit32': (48, 96, 3, 64, 32, 12, 300, 64, 1, 1),
    'rn1': (40, 64, (1, 1, 1, 1), 16, None, 16, 256, 64, 1, 2),
    'rn2': (96, 128, (2, 2, 2, 2), 32, None, 20, 256, 128, 2, 1),
}
FULL = {
    'ViT-B-32': (512, 224, 12, 768, 32, 77, 49408, 512, 8, 12),
    'RN50': (1024, 224, (3, 4, 6, 3), 64, None, 77, 49408, 512, 8, 12),
}


def load_module(checkout):
    spec = importlib.util.spec_from_file_location('clip_model', os.path.join(checkout, 'clip', 'model.py'))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tokens(name, batch, context, vocabulary):
    """Rows of start, words, end, zeros; of different lengths, the first one full."""
    out = np.zeros((batch, context), np.int64)
    for n in range(batch):
        words = context - 2 - n * (context // 4)
        ids = ((uniform(f'{name}.tokens.{n}', words) + 1) / 2 * (vocabulary - 2)).astype(np.int64)
        out[n, :words + 2] = [vocabulary - 2, *ids, vocabulary - 1]
    return out


def unit(x):
    return (x / x.norm(dim=1, keepdim=True)).numpy()


def run(module, name, shape):
    model = module.CLIP(*shape).eval().float()
    state = {k: torch.from_numpy(weight(f'{name}.{k}', v.shape)) if v.dtype.is_floating_point else v for k, v in model.state_dict().items()}
    model.load_state_dict(state)
    x = picture(f'{name}.picture', 2, shape[1])
    normalised = ((torch.from_numpy(x) + 1) / 2 - torch.tensor(MEAN)[:, None, None]) / torch.tensor(STD)[:, None, None]
    ids = tokens(name, 3, shape[5], shape[6])
    with torch.no_grad():
        f_image, f_text = unit(model.encode_image(normalised)), unit(model.encode_text(torch.from_numpy(ids)))
    shapes = {k: list(v.shape) for k, v in state.items() if v.dtype.is_floating_point}
    return {f'{name}.tokens': ids, f'{name}.fImage': f_image, f'{name}.fText': f_text}, shapes


def resized():
    """Pillow's bicubic filter, as OpenAI's preprocessing uses it, in float (mode F), so that no 8-bit rounding hides a difference."""
    out = {}
    for source, target in ((256, 64), (96, 64), (64, 96), (128, 224)):
        x = picture(f'resize.{source}', 1, source)[0, 0]
        out[f'resize.{source}.{target}'] = np.asarray(Image.fromarray(x, 'F').resize((target, target), Image.BICUBIC))
    return out


def write(path, tensors, metadata):
    head, blobs, at = {'__metadata__': metadata}, [], 0
    for name in sorted(tensors):
        t = np.ascontiguousarray(tensors[name])
        blob = t.tobytes()
        head[name] = {'dtype': {'float32': 'F32', 'int64': 'I64'}[str(t.dtype)], 'shape': list(t.shape), 'data_offsets': [at, at + len(blob)]}
        blobs.append(blob)
        at += len(blob)
    text = json.dumps(head, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as f:
        f.write(struct.pack('<Q', len(text)) + text + b''.join(blobs))
    print(path, os.path.getsize(path), hashlib.sha256(open(path, 'rb').read()).hexdigest())


def main(checkout, which='small', path=None):
    torch.set_num_threads(1)
    module = load_module(checkout)
    tensors, metadata = {}, {}
    for name, shape in (SMALL if which == 'small' else FULL).items():
        made, shapes = run(module, name, shape)
        tensors.update(made)
        metadata[name] = json.dumps(shapes, separators=(',', ':'))
    if which == 'small':
        tensors.update(resized())
    write(path or os.path.join(NETS, 'clip', 'testdata', 'goldens.safetensors'), tensors, metadata)


if __name__ == '__main__':
    main(*sys.argv[1:])
