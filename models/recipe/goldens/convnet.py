"""Runs the recipe's ConvNet (models/recipe/learn/convnet.py), in float32, on seeded weights and writes convnet.safetensors beside the tests.

    python3 convnet.py
"""
import json
import os
import sys

import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, '..'))
from learn.convnet import ConvNet  # noqa: E402
from clip import NETS, write  # noqa: E402
from seeded import picture, weight  # noqa: E402

torch.set_num_threads(1)
net = ConvNet(20, kind=torch.float32).eval()
state = {k: torch.from_numpy(weight(f'convnet.{k}', v.shape)) for k, v in net.state_dict().items()}
net.load_state_dict(state)
with torch.no_grad():
    output = net(torch.from_numpy(picture('convnet.picture', 3, 128)))
shapes = json.dumps({k: list(v.shape) for k, v in state.items()}, separators=(',', ':'))
write(os.path.join(NETS, 'testdata', 'convnet.safetensors'), {'output': output.numpy()}, {'convnet': shapes})
print(output)
