"""Stage `export`: the trained nets as float16 safetensors under their field's own parameter names."""
import os
import shutil
from . import clip, convnet, encoder, files, judge, mapping, tokens
from .clip_text import token_path
from .describer import W, Painter
from .generator import CHANNELS, LAYERS, nvidia_names

RATE = .01  # NVIDIA's learning-rate multiplier of the mapping network: stored weights and biases are the effective ones divided by it


def architectures(vocabulary):
    return dict(
        generator=dict(imageSize=max(CHANNELS), zDim=512, wDim=W, mappingLayers=8, mappingRate=RATE, layers=LAYERS, channels={str(r): c for r, c in CHANNELS.items()}, architecture='skip', filter=[1, 3, 3, 1], noise=False),
        clip=dict(embedDim=clip.D, imageSize=clip.SIZE, vision=dict(kind='resnet', width=clip.WIDTH, layers=list(clip.LAYERS), heads=clip.WIDTH * 32 // 64), mean=list(clip.MEAN), std=list(clip.STD),
                  text=dict(width=clip.TEXT_WIDTH, layers=clip.TEXT_LAYERS, heads=clip.TEXT_WIDTH // clip.HEAD, context=tokens.CONTEXT, vocabulary=vocabulary), activation='quickGelu'),
        encoder=dict(kind='convnet', imageSize=128, channels=list(convnet.CHANNELS), hidden=encoder.HIDDEN, groups=convnet.GROUPS, slope=convnet.SLOPE, outputs=LAYERS * W, layers=LAYERS, wDim=W, offsetFrom='mapping.w_avg'),
        judge=dict(kind='convnet', imageSize=128, channels=list(convnet.CHANNELS), hidden=convnet.HIDDEN, groups=convnet.GROUPS, slope=convnet.SLOPE, outputs=len(judge.COLUMNS)))


def run(work):
    from .clip_joint import load as load_clip
    folder = os.path.join(work, 'export')
    mapper, painter = mapping.load(work), Painter(work)
    center = mapping.average_w(mapper)
    generator = nvidia_names(mapper, painter.synthesis)
    for name in generator:
        if name.startswith('mapping.'):
            generator[name] = generator[name] / RATE
    generator['mapping.w_avg'] = center
    files.write_safetensors(os.path.join(folder, 'generator.safetensors'), generator, 'StyleGAN2 256 x 256, skip architecture, NVIDIA names, rendered portraits')
    net = load_clip(work)
    files.write_safetensors(os.path.join(folder, 'clip.safetensors'), {k: v for k, v in net.state_dict().items() if 'num_batches' not in k}, 'CLIP, OpenAI names, rendered portraits')
    shutil.copyfile(token_path(work), os.path.join(folder, 'tokenizer.json.new'))
    os.replace(os.path.join(folder, 'tokenizer.json.new'), os.path.join(folder, 'tokenizer.json'))
    inverter = encoder.load(work).state_dict()
    inverter['output.bias'] = inverter['output.bias'] + (encoder.middle(painter)[0] - center).repeat(LAYERS)  # the engine adds mapping.w_avg
    files.write_safetensors(os.path.join(folder, 'encoder.safetensors'), inverter, 'inversion encoder: picture -> w+ as offset from w_avg')
    judge.export(work, folder)
    files.write_json(os.path.join(folder, 'architectures.json'), architectures(net.token_embedding.weight.shape[0]))
    for name in sorted(os.listdir(folder)):
        print(f'{os.path.getsize(os.path.join(folder, name)) / 1e6:8.2f} MB  {name}')
