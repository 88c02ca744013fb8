"""Small CLIP models as their authors' own code writes them, and what that code makes of a picture and some tokens.

    python3 make_clips.py OPENAI OPENCLIP TRANSFORMERS FOLDER

OPENAI and OPENCLIP are checkouts, TRANSFORMERS the installed package's folder (ORIGIN.md has the versions); nothing of them is copied: TorchScript
archives are written again without their code. Needs numpy and torch; runs on the CPU, seeded.
"""
import importlib.util
import io
import json
import os
import shutil
import sys
import types
import unittest.mock
import zipfile

import torch

from fixture_files import picked, write_safetensors

SEED = 77
MEAN, STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)


def module(name, path, package=None):
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=package)
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made
    spec.loader.exec_module(made)
    return made


def shake(model):
    """What starts at zero or one would hide mistakes."""
    for name, tensor in list(model.named_parameters()) + list(model.named_buffers()):
        if not tensor.dtype.is_floating_point or name.endswith('attn_mask'):
            continue
        if name.endswith('running_var'):
            tensor.data.uniform_(0.5, 1.5)
        elif tensor.ndim <= 1:
            tensor.data += 0.1 * torch.randn(tensor.shape)
        else:
            tensor.data += 0.02 * torch.randn(tensor.shape)
    return model.eval()


def pictures(size):
    """In [-1, 1], as generators make them, and normalised."""
    x = torch.tanh(torch.nn.functional.interpolate(torch.randn(2, 3, 6, 6), size=(size, size), mode='bicubic'))
    return x, ((x + 1) / 2 - torch.tensor(MEAN)[:, None, None]) / torch.tensor(STD)[:, None, None]


def tokens(context, vocabulary):
    rows = torch.zeros(2, context, dtype=torch.int64)
    for n, words in enumerate((context - 2, 3)):
        rows[n, 0], rows[n, 1:words + 1], rows[n, words + 1] = vocabulary - 2, torch.randint(0, vocabulary - 2, (words,)), vocabulary - 1
    return rows


def unit(x):
    return x / x.norm(dim=-1, keepdim=True)


def attention(q, k, v, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None):
    """PyTorch 2's function by its definition, for older ones."""
    scores = q @ k.transpose(-2, -1) * (scale or q.shape[-1] ** -0.5)
    if is_causal:
        attn_mask = torch.full(scores.shape[-2:], -torch.inf).triu(1)
    return torch.softmax(scores if attn_mask is None else scores + attn_mask, -1) @ v


def without_code(archive, path):
    """The same archive without TorchScript's code and debug files."""
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(path, 'w', zipfile.ZIP_STORED) as new:
        for info in old.infolist():
            if '/code/' not in info.filename and not info.filename.endswith('debug_pkl'):
                new.writestr(zipfile.ZipInfo(info.filename), old.read(info))


def openai(checkout, folder, goldens):
    clip = module('clip_model', os.path.join(checkout, 'clip', 'model.py'))
    # embed, image size, layers, width, patch, context, vocabulary, text width, heads, layers
    for name, shape in {'openai-vit': (32, 32, 1, 64, 16, 12, 120, 32, 1, 2), 'openai-resnet': (24, 64, (1, 2, 1, 1), 2, None, 10, 100, 32, 1, 1)}.items():
        model = shake(clip.CLIP(*shape).float())
        half = {k: v.half() if v.dtype.is_floating_point else v for k, v in model.state_dict().items()}
        model.load_state_dict({k: v.float() if v.dtype.is_floating_point else v for k, v in half.items()})
        x, normalised = pictures(shape[1])
        ids = tokens(shape[5], shape[6])
        goldens.update({f'{name}.picture': x, f'{name}.tokens': ids, f'{name}.fImage': unit(model.encode_image(normalised)),
                        f'{name}.fText': unit(model.encode_text(ids))})
        if name == 'openai-resnet':
            torch.save(half, os.path.join(folder, f'{name}.pt'))
            continue
        # OpenAI's archives are scripted modules with these three numbers as buffers.
        for key, value in {'input_resolution': shape[1], 'context_length': shape[5], 'vocab_size': shape[6]}.items():
            model.__dict__.pop(key, None)
            model.register_buffer(key, torch.tensor(value))
        traced = torch.jit.trace(model, (normalised, ids), check_trace=False).half()
        buffer = io.BytesIO()
        torch.jit.save(traced, buffer)
        without_code(buffer.getvalue(), os.path.join(folder, f'{name}.pt'))


def open_clip(checkout, folder, goldens):
    """The ordinary activation (GELU), saved as training saves it: names under "module.", an optimizer beside them; and its folder form."""
    for name in ('torchvision', 'torchvision.ops', 'torchvision.ops.misc'):
        sys.modules[name] = unittest.mock.MagicMock()
    sys.modules['torchvision.ops.misc'].FrozenBatchNorm2d = type('FrozenBatchNorm2d', (torch.nn.Module,), {})
    source = os.path.join(checkout, 'src', 'open_clip')
    package = types.ModuleType('open_clip')
    package.__path__ = [source]
    sys.modules['open_clip'] = package
    from open_clip.model import CLIP, CLIPTextCfg, CLIPVisionCfg
    vision = dict(image_size=32, layers=1, width=64, patch_size=8)
    text = dict(context_length=14, vocab_size=90, width=32, heads=1, layers=1)
    model = shake(CLIP(40, CLIPVisionCfg(**vision), CLIPTextCfg(**text)))
    x, normalised = pictures(32)
    ids = tokens(14, 90)
    goldens.update({'openclip.picture': x, 'openclip.tokens': ids, 'openclip.fImage': unit(model.encode_image(normalised)),
                    'openclip.fText': unit(model.encode_text(ids))})
    state = {f'module.{k}': v for k, v in model.state_dict().items()}
    torch.save({'epoch': 3, 'name': 'a run', 'state_dict': state, 'optimizer': {'state': {}, 'param_groups': []}}, os.path.join(folder, 'openclip.pt'))
    place = os.path.join(folder, 'openclip-folder')
    os.makedirs(place, exist_ok=True)
    shutil.copy(os.path.join(folder, 'openclip.pt'), os.path.join(place, 'open_clip_pytorch_model.bin'))
    os.remove(os.path.join(folder, 'openclip.pt'))
    with open(os.path.join(place, 'open_clip_config.json'), 'w') as f:
        json.dump({'model_cfg': {'embed_dim': 40, 'vision_cfg': vision, 'text_cfg': text}, 'preprocess_cfg': {'mean': MEAN, 'std': STD}}, f)


def hugging_face(package, folder, goldens):
    """transformers' CLIPModel, bfloat16 but for its norms, in two parts with an index."""
    stub = unittest.mock.MagicMock
    for name in ('transformers', 'transformers.models', 'transformers.models.clip', 'transformers.utils'):
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__path__ = [os.path.join(package, *name.split('.')[1:])]
    plain = lambda *args, **kwargs: args[0] if args and callable(args[0]) else (lambda f: f)
    logger = types.SimpleNamespace(get_logger=lambda name: stub())
    sys.modules['transformers.utils'].__dict__.update(
        ModelOutput=dict, auto_docstring=plain, can_return_tuple=plain, filter_out_non_signature_kwargs=plain, logging=logger, torch_int=int)

    class PreTrainedModel(torch.nn.Module):
        def __init__(self, config, *_, **__):
            super().__init__()
            self.config = config

        def post_init(self):
            pass
    causal = lambda shape, *_, **__: torch.full((shape[1], shape[1]), -1e9).triu(1)[None, None]
    for name, parts in {'modeling_attn_mask_utils': dict(_create_4d_causal_attention_mask=causal, _prepare_4d_attention_mask=None),
                        'modeling_layers': dict(GradientCheckpointingLayer=torch.nn.Module),
                        'modeling_utils': dict(ALL_ATTENTION_FUNCTIONS={}, PreTrainedModel=PreTrainedModel),
                        'modeling_outputs': {k: types.SimpleNamespace for k in ('BaseModelOutput', 'BaseModelOutputWithPooling', 'ImageClassifierOutput')},
                        'models.clip.configuration_clip': {k: object for k in ('CLIPConfig', 'CLIPTextConfig', 'CLIPVisionConfig')}}.items():
        made = types.ModuleType(f'transformers.{name}')
        made.__dict__.update(parts)
        sys.modules[f'transformers.{name}'] = made
    quick = lambda x: x * torch.sigmoid(1.702 * x)
    sys.modules['transformers.activations'] = types.SimpleNamespace(ACT2FN={'quick_gelu': quick, 'gelu': torch.nn.functional.gelu})
    clip = module('transformers.models.clip.modeling_clip', os.path.join(package, 'models', 'clip', 'modeling_clip.py'))

    common = dict(hidden_act='quick_gelu', layer_norm_eps=1e-5, attention_dropout=0.0, projection_dim=36, _attn_implementation='eager',
                  output_attentions=False, output_hidden_states=False, use_return_dict=True)
    text = dict(hidden_size=32, intermediate_size=128, num_hidden_layers=2, num_attention_heads=2, vocab_size=80, max_position_embeddings=11, eos_token_id=79)
    vision = dict(hidden_size=48, intermediate_size=192, num_hidden_layers=1, num_attention_heads=3, image_size=32, patch_size=16, num_channels=3)
    text_config, vision_config = types.SimpleNamespace(**common, **text), types.SimpleNamespace(**common, **vision)
    model = torch.nn.Module()
    model.text_model = clip.CLIPTextTransformer(text_config)
    model.vision_model = clip.CLIPVisionTransformer(vision_config)
    model.visual_projection = torch.nn.Linear(48, 36, bias=False)
    model.text_projection = torch.nn.Linear(32, 36, bias=False)
    model.logit_scale = torch.nn.Parameter(torch.tensor(2.6))
    shake(model)
    state = {k: v if 'norm' in k else v.bfloat16() for k, v in model.state_dict().items()}
    model.load_state_dict({k: v.float() for k, v in state.items()})
    x, normalised = pictures(32)
    ids = tokens(11, 80)
    goldens.update({'huggingface.picture': x, 'huggingface.tokens': ids,
                    'huggingface.fImage': unit(model.visual_projection(model.vision_model(pixel_values=normalised).pooler_output)),
                    'huggingface.fText': unit(model.text_projection(model.text_model(input_ids=ids).pooler_output))})
    place = os.path.join(folder, 'huggingface')
    os.makedirs(place, exist_ok=True)
    names = sorted(state)
    parts = {'model-00001-of-00002.safetensors': names[::2], 'model-00002-of-00002.safetensors': names[1::2]}
    for file, chosen in parts.items():
        write_safetensors(os.path.join(place, file), {k: state[k] for k in chosen}, {'format': 'pt'})
    with open(os.path.join(place, 'model.safetensors.index.json'), 'w') as f:
        json.dump({'metadata': {}, 'weight_map': {k: file for file, chosen in parts.items() for k in chosen}}, f)
    with open(os.path.join(place, 'config.json'), 'w') as f:
        shown = ('hidden_act', 'layer_norm_eps')
        json.dump({'architectures': ['CLIPModel'], 'model_type': 'clip', 'projection_dim': 36,
                   'text_config': {**{k: common[k] for k in shown}, **text}, 'vision_config': {**{k: common[k] for k in shown}, **vision}}, f)
    with open(os.path.join(place, 'preprocessor_config.json'), 'w') as f:
        json.dump({'image_mean': MEAN, 'image_std': STD}, f)


@torch.no_grad()
def main(openai_checkout, openclip_checkout, transformers, folder):
    torch.set_num_threads(1)
    if not hasattr(torch.nn.functional, 'scaled_dot_product_attention'):
        torch.nn.functional.scaled_dot_product_attention = attention
    goldens = {}
    for number, (make, source) in enumerate(((openai, openai_checkout), (open_clip, openclip_checkout), (hugging_face, transformers))):
        torch.manual_seed(SEED + number)
        make(source, folder, goldens)
    write_safetensors(os.path.join(folder, 'clips.safetensors'), {k: v.float() if v.dtype.is_floating_point else v for k, v in goldens.items()})
    picked(folder)


if __name__ == '__main__':
    main(*sys.argv[1:5])
