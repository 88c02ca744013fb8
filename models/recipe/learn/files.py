"""Files: safetensors without a library, written atomically."""
import json
import os
import struct
import numpy as np
import torch

KINDS = {'F16': np.float16, 'F32': np.float32, 'I64': np.int64}
NAMES = {torch.float16: 'F16', torch.float32: 'F32', torch.int64: 'I64'}


def read_safetensors(path):
    """{name: tensor}; float16 comes back as float32."""
    with open(path, 'rb') as file:
        data = file.read()
    size, = struct.unpack('<Q', data[:8])
    out = {}
    for name, entry in json.loads(data[8:8 + size]).items():
        if name != '__metadata__':
            first, last = entry['data_offsets']
            array = np.frombuffer(data, KINDS[entry['dtype']], offset=8 + size + first, count=(last - first) // np.dtype(KINDS[entry['dtype']]).itemsize)
            value = torch.from_numpy(array.reshape(entry['shape']).copy())
            out[name] = value.float() if value.dtype == torch.float16 else value
    return out


def write_safetensors(path, tensors, what, kind=torch.float16):
    """Writes {name: tensor} in the order of names; floats become `kind` (an overflow is an error); the file appears whole or not at all."""
    header, blobs, at = {'__metadata__': {'format': 'pt', 'what': what}}, [], 0
    for name, value in sorted(tensors.items()):
        value = value.detach().cpu()
        value = (value.to(kind) if value.is_floating_point() else value).contiguous()
        if value.is_floating_point() and not torch.isfinite(value).all():
            raise ValueError(f'{name} is not finite as {kind}')
        blob = value.numpy().tobytes()
        header[name] = dict(dtype=NAMES[value.dtype], shape=list(value.shape), data_offsets=[at, at + len(blob)])
        at += len(blob)
        blobs.append(blob)
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    with whole(path) as file:
        file.write(struct.pack('<Q', len(text)) + text)
        file.writelines(blobs)


class whole:
    """Opens a temporary file beside `path` and renames it when the block ends well."""

    def __init__(self, path, mode='wb'):
        self.path, self.mode = path, mode

    def __enter__(self):
        os.makedirs(os.path.dirname(self.path) or '.', exist_ok=True)
        self.file = open(f'{self.path}.{os.getpid()}', self.mode)
        return self.file

    def __exit__(self, kind, *_):
        self.file.close()
        os.replace(self.file.name, self.path) if kind is None else os.unlink(self.file.name)


def write_json(path, value):
    with whole(path) as file:
        file.write(json.dumps(value, indent=1, ensure_ascii=False).encode() + b'\n')


def read_json(path):
    with open(path, encoding='utf-8') as file:
        return json.load(file)


def save(path, value):
    with whole(path) as file:
        torch.save(value, file)


def part(tensors, prefix):
    """The entries under `prefix`, without it."""
    return {k[len(prefix):]: v for k, v in tensors.items() if k.startswith(prefix)}
