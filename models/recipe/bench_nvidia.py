"""NVIDIA's synthesis network in PyTorch, driven line by line so that a benchmark can alternate it with the engine.

    python3 bench_nvidia.py CHECKOUT WEIGHTS.safetensors THREADS

CHECKOUT is a folder with NVlabs/stylegan2-ada-pytorch; nothing of it is part of this repository. WEIGHTS holds NVIDIA's parameter names and
`bench.wPlus` [N,L,W]; its metadata names imageSize, channelBase and channelMax. Commands on standard input, one answer a line:
    run         computes the image once (float32, no noise) and answers milliseconds: by the clock on the wall, and of processor time
    image FILE  writes the latest image as raw float32 and answers its shape
"""
import json
import os
import struct
import sys
import time

checkout, weights, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
os.environ.setdefault('OMP_NUM_THREADS', str(threads))
sys.path.insert(0, checkout)

import numpy as np  # noqa: E402
import torch  # noqa: E402
from training.networks import SynthesisNetwork  # noqa: E402


def read_safetensors(path):
    with open(path, 'rb') as f:
        header = json.loads(f.read(struct.unpack('<Q', f.read(8))[0]))
        start = f.tell()
        metadata, tensors = header.pop('__metadata__'), {}
        for name, info in header.items():
            begin, end = info['data_offsets']
            f.seek(start + begin)
            tensors[name] = torch.from_numpy(np.frombuffer(f.read(end - begin), '<f4').reshape(info['shape']).copy())
    return tensors, metadata


def answer(text):
    print(text, flush=True)


tensors, metadata = read_safetensors(weights)
torch.set_num_threads(threads)
ws = tensors['bench.wPlus']
net = SynthesisNetwork(
    w_dim=ws.shape[2], img_resolution=int(metadata['imageSize']), img_channels=3,
    channel_base=int(metadata['channelBase']), channel_max=int(metadata['channelMax']), use_noise=False,
).eval()
own = {name[len('synthesis.'):]: t for name, t in tensors.items() if name.startswith('synthesis.')}
missing, unexpected = net.load_state_dict(own, strict=False)
assert not unexpected and all(name.endswith('resample_filter') for name in missing), (missing, unexpected)

answer(f'PyTorch {torch.__version__}')
with torch.no_grad():
    for line in sys.stdin:
        command = line.split(maxsplit=1)
        if command[0] == 'run':
            wall, cpu = time.perf_counter(), time.process_time()
            image = net(ws, noise_mode='none', force_fp32=True)
            answer(f'{1000 * (time.perf_counter() - wall)} {1000 * (time.process_time() - cpu)}')
        elif command[0] == 'image':
            image.numpy().astype('<f4').tofile(command[1].strip())
            answer(list(image.shape))
