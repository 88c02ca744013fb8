"""Small generators as their authors' own code writes them, and what that code makes of them.

    python3 make_generators.py ADA STYLEGAN3 ROSINALITY FOLDER

The first three are checkouts (commits in ORIGIN.md); nothing of them is copied: NVIDIA's classes are pickled with an empty text in place of their
source. Needs numpy and torch; runs on the CPU in float32, seeded.
"""
import argparse
import os
import pickle
import sys
import types
import unittest.mock

import numpy as np
import torch

from fixture_files import picked, write_safetensors

SEED = 616


def fill(G):
    """What starts at zero or one would hide mistakes."""
    for name, tensor in list(G.named_parameters()) + list(G.named_buffers()):
        if name.endswith('.bias'):
            tensor.data += 0.3 * torch.randn(tensor.shape) / (0.01 if name.startswith(('mapping.fc', 'style.')) else 1)
        elif name.endswith(('noise_strength', 'noise.weight')):
            tensor.data.fill_(0.2)
        elif name.endswith('w_avg'):
            tensor.data += 0.1 * torch.randn(tensor.shape)
    return G.eval().requires_grad_(False)


def without_source(persistence):
    persistence._module_to_src = lambda module: ''


def forget(*names):
    for key in list(sys.modules):
        if key.split('.')[0] in names:
            del sys.modules[key]


def nvidia_ada(checkout, folder, goldens):
    """Conditional, 16-bit blocks with channels-last weights, three mapping layers, clamped; G, D and G_ema as training writes them."""
    sys.path.insert(0, checkout)
    from torch_utils import persistence
    without_source(persistence)
    import dnnlib
    from training import networks
    sizes = dict(channel_base=512, channel_max=16, num_fp16_res=2, conv_clamp=256)
    G = fill(networks.Generator(z_dim=16, c_dim=3, w_dim=24, img_resolution=64, img_channels=3, mapping_kwargs=dnnlib.EasyDict(num_layers=3),
                                synthesis_kwargs=dnnlib.EasyDict(fp16_channels_last=True, **sizes)))
    D = networks.Discriminator(c_dim=3, img_resolution=64, img_channels=3, channel_base=128, channel_max=4).requires_grad_(False)
    data = dict(G=G, D=D, G_ema=G, augment_pipe=None, training_set_kwargs=dnnlib.EasyDict(class_name='training.dataset.ImageFolderDataset', use_labels=True))
    with open(os.path.join(folder, 'nvidia-ada.pkl'), 'wb') as f:
        pickle.dump(data, f)
    z = torch.randn(2, 16)
    for label in (0, 2):
        w = G.mapping(z, torch.eye(3)[[label, label]])
        goldens[f'nvidia-ada.{label}.w'] = w[:, 0]
        goldens[f'nvidia-ada.{label}.image'] = G.synthesis(w[:1], noise_mode='none', force_fp32=True)
    goldens['nvidia-ada.z'] = z


def tensorflow(folder, goldens):
    """(G, D, Gs) as TensorFlow's stylegan2 pickled them, from a generator whose picture NVIDIA's converter then gives back."""
    sys.modules['click'] = unittest.mock.MagicMock()  # its command line is not needed
    import legacy
    from training import networks
    G = fill(networks.Generator(z_dim=20, c_dim=0, w_dim=20, img_resolution=32, img_channels=3, mapping_kwargs=dict(num_layers=2),
                                synthesis_kwargs=dict(channel_base=512, channel_max=12)))
    p = {k: v.numpy() for k, v in G.state_dict().items()}
    mapping, synthesis = [], []
    for i in range(2):
        mapping += [(f'Dense{i}/weight', p[f'mapping.fc{i}.weight'].T), (f'Dense{i}/bias', p[f'mapping.fc{i}.bias'])]

    def layer(ours, theirs, up=False):
        weight = p[f'{ours}.weight'].transpose(2, 3, 1, 0)
        synthesis.extend([(f'{theirs}/weight', weight[::-1, ::-1] if up else weight), (f'{theirs}/mod_weight', p[f'{ours}.affine.weight'].T),
                          (f'{theirs}/mod_bias', p[f'{ours}.affine.bias'] - 1), (f'{theirs}/bias', p[f'{ours}.bias'])])
        if f'{ours}.noise_strength' in p:
            synthesis.append((f'{theirs}/noise_strength', p[f'{ours}.noise_strength']))

    synthesis.append(('4x4/Const/const', p['synthesis.b4.const'][None]))
    noises = []
    for r in (4, 8, 16, 32):
        block = f'synthesis.b{r}'
        if r > 4:
            layer(f'{block}.conv0', f'{r}x{r}/Conv0_up', up=True)
            noises.append(p[f'{block}.conv0.noise_const'])
        layer(f'{block}.conv1', f'{r}x{r}/Conv' if r == 4 else f'{r}x{r}/Conv1')
        noises.append(p[f'{block}.conv1.noise_const'])
        layer(f'{block}.torgb', f'{r}x{r}/ToRGB')
    synthesis += [(f'noise{i}', n[None, None]) for i, n in enumerate(noises)]

    module = types.ModuleType('dnnlib.tflib.network')
    network = type('Network', (), {'__module__': 'dnnlib.tflib.network'})
    module.Network = network
    sys.modules['dnnlib.tflib'] = types.ModuleType('dnnlib.tflib')
    sys.modules['dnnlib.tflib.network'] = module
    import dnnlib

    def make(name, kwargs, variables, components):
        net = network()
        net.__dict__.update(version=4, name=name, static_kwargs=dnnlib.EasyDict(kwargs), components=dnnlib.EasyDict(components),
                            build_module_src='', build_func_name=name, variables=[(k, np.array(v)) for k, v in variables])
        return net
    kwargs = dict(num_channels=3, resolution=32, label_size=0, latent_size=20, dlatent_size=20, fmap_base=256, fmap_max=12, mapping_layers=2)
    Gs = make('Gs', kwargs, [('dlatent_avg', p['mapping.w_avg']), ('lod', np.float32(0))],
              dict(mapping=make('G_mapping', {}, mapping, {}), synthesis=make('G_synthesis', {}, synthesis, {})))
    D = make('D', dict(num_channels=3, resolution=32), [('4x4/Conv/weight', np.zeros([3, 3, 5, 4], np.float32))], {})
    path = os.path.join(folder, 'tensorflow.pkl')
    with open(path, 'wb') as f:
        pickle.dump((Gs, D, Gs), f, protocol=4)
    legacy.convert_tf_discriminator = lambda net: torch.nn.Identity()
    with open(path, 'rb') as f:
        back = legacy.load_network_pkl(f)['G_ema']
    z = torch.randn(2, 20)
    w = back.mapping(z, None)
    goldens.update({'tensorflow.z': z, 'tensorflow.w': w[:, 0], 'tensorflow.image': back.synthesis(w, noise_mode='none')})


def stylegan3_repository(checkout, folder, goldens):
    """StyleGAN2 from the repository of StyleGAN3, whose pickles differ a little; and a StyleGAN3, to be refused."""
    sys.path.insert(0, checkout)
    from torch_utils import persistence
    without_source(persistence)
    from training import networks_stylegan2
    G = fill(networks_stylegan2.Generator(z_dim=16, c_dim=0, w_dim=16, img_resolution=16, img_channels=3, mapping_kwargs=dict(num_layers=2),
                                          channel_base=256, channel_max=12, num_fp16_res=0))
    with open(os.path.join(folder, 'nvidia-stylegan3-repo.pkl'), 'wb') as f:
        pickle.dump(dict(G_ema=G, training_set_kwargs=None), f, protocol=2)
    z = torch.randn(2, 16)
    w = G.mapping(z, None)
    goldens.update({'nvidia-stylegan3-repo.z': z, 'nvidia-stylegan3-repo.w': w[:, 0],
                    'nvidia-stylegan3-repo.image': G.synthesis(w, noise_mode='none')})


def rosinality(checkout, folder, goldens):
    """Its channel table, which is written out for full-size pictures, with small numbers in it."""
    def source(*path):
        with open(os.path.join(checkout, *path)) as f:
            return f.read()
    # The CUDA kernels are compiled on import, so only the plain form of the filter is taken.
    native = {'torch': torch, 'F': torch.nn.functional}
    exec('def upfirdn2d_native' + source('op', 'upfirdn2d.py').split('def upfirdn2d_native')[1], native)
    op = types.ModuleType('op')
    op.upfirdn2d = lambda x, kernel, up=1, down=1, pad=(0, 0): native['upfirdn2d_native'](
        x, kernel, up, up, down, down, pad[0], pad[1], pad[0], pad[1])
    op.fused_leaky_relu = lambda x, bias, slope=0.2, scale=2 ** 0.5: torch.nn.functional.leaky_relu(
        x + bias.view(1, -1, *[1] * (x.ndim - 2)), slope) * scale

    class FusedLeakyReLU(torch.nn.Module):
        def __init__(self, channel):
            super().__init__()
            self.bias = torch.nn.Parameter(torch.zeros(channel))

        def forward(self, x):
            return op.fused_leaky_relu(x, self.bias)
    op.FusedLeakyReLU = FusedLeakyReLU
    op.conv2d_gradfix = types.SimpleNamespace(conv2d=torch.nn.functional.conv2d, conv_transpose2d=torch.nn.functional.conv_transpose2d)
    sys.modules['op'] = op
    model = {'__name__': 'model'}
    exec(source('model.py').replace(': 512,', ': 12,').replace(': 256 *', ': 4 *'), model)
    G = fill(model['Generator'](64, 20, 3, channel_multiplier=2))
    average = G.mean_latent(64)
    data = {'g': G.state_dict(), 'g_ema': G.state_dict(), 'g_optim': {'state': {0: {'step': 1, 'exp_avg': torch.zeros(3)}}, 'param_groups': []},
            'args': argparse.Namespace(size=64, latent=20, path='pictures', channel_multiplier=2), 'ada_aug_p': 0.1, 'latent_avg': average[0]}
    torch.save(data, os.path.join(folder, 'rosinality.pt'))
    torch.save({'g_ema': G.state_dict(), 'latent_avg': average[0]}, os.path.join(folder, 'rosinality-legacy.pt'), _use_new_zipfile_serialization=False)
    z = torch.randn(2, 20)
    quiet = [torch.zeros(1, 1, 2 ** ((i + 5) // 2), 2 ** ((i + 5) // 2)) for i in range(G.num_layers)]
    goldens.update({'rosinality.z': z, 'rosinality.w': G.style(z), 'rosinality.image': G([z[:1]], noise=quiet)[0]})


@torch.no_grad()
def main(ada, stylegan3, rosinality_checkout, folder):
    torch.set_num_threads(1)
    goldens = {}
    torch.manual_seed(SEED)
    nvidia_ada(ada, folder, goldens)
    tensorflow(folder, goldens)
    sys.path.remove(ada)
    forget('torch_utils', 'training', 'dnnlib', 'legacy')
    torch.manual_seed(SEED + 1)
    stylegan3_repository(stylegan3, folder, goldens)
    sys.path.remove(stylegan3)
    torch.manual_seed(SEED + 2)
    rosinality(rosinality_checkout, folder, goldens)
    write_safetensors(os.path.join(folder, 'generators.safetensors'), goldens)
    picked(folder)


if __name__ == '__main__':
    main(*sys.argv[1:5])
