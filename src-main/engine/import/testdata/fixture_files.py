"""Writing of fixtures: safetensors without its package, and a list of what there is."""
import hashlib
import json
import os
import struct

import numpy as np
import torch

NAMES = {'float32': 'F32', 'float16': 'F16', 'int64': 'I64', 'bfloat16': 'BF16'}


def write_safetensors(path, tensors, metadata=None):
    header, offset, blobs = ({'__metadata__': metadata} if metadata else {}), 0, []
    for name in sorted(tensors):
        tensor = tensors[name].detach().contiguous()
        kind = NAMES[str(tensor.dtype).split('.')[1]]
        value = np.ascontiguousarray((tensor.view(torch.int16) if kind == 'BF16' else tensor).numpy())
        header[name] = {'dtype': kind, 'shape': list(value.shape), 'data_offsets': [offset, offset + value.nbytes]}
        offset += value.nbytes
        blobs.append(value.tobytes())
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as f:
        f.write(struct.pack('<Q', len(text)) + text + b''.join(blobs))


def picked(folder):
    for root, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            path = os.path.join(root, name)
            if not name.endswith(('.py', '.md', '.pyc')):
                print(f'{os.path.relpath(path, folder):50} {os.path.getsize(path):8}  {hashlib.sha256(open(path, "rb").read()).hexdigest()}')
