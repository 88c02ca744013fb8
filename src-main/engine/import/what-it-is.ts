import { StudioError } from '../../contract/errors.ts'
import type { Checkpoint } from '../checkpoints/open.ts'

type Named = readonly [pattern: RegExp, what: string, todo: string]

const original = 'Bring the checkpoint that it was exported from: .pkl, .pt or .safetensors.'
const generatorOrClip = 'Choose a StyleGAN2 generator or a CLIP model.'

/** Checkpoints that people try, by a tensor that only they have; the first that fits. */
const known: readonly Named[] = [
  [/^lora_(unet|te)|\.lora[_.](A|B|down|up)\b|\.lora_layer\./, 'it is a Stable Diffusion LoRA', generatorOrClip],
  [/^control_model\.|^controlnet_/, 'it is a ControlNet', generatorOrClip],
  [/^model\.diffusion_model\.|^diffusion_model\./, 'it is a Stable Diffusion checkpoint', generatorOrClip],
  [/^(unet\.)?(down_blocks|up_blocks)\.\d+\.(attentions|resnets)\./, 'it is the U-Net of a diffusion model', generatorOrClip],
  [
    /^(first_stage_model\.)?(encoder|decoder)\.(down|up|down_blocks|up_blocks)\.\d+\.|^first_stage_model\./,
    'it is a VAE of a diffusion model',
    generatorOrClip,
  ],
  [/(^|\.)(double_blocks|joint_blocks|transformer_blocks)\.\d+\./, 'it is a diffusion transformer', generatorOrClip],
  [/(^|\.)synthesis\.input\./, 'it is a StyleGAN3 generator', 'Bring a StyleGAN2 or StyleGAN2-ADA generator of the same domain.'],
  [
    /^(GAN\.)?(G|GE|S|SE|GAN)\.(initial_block|blocks\.\d+\.to_rgb|net\.\d+\.weight)|(^|\.)GE?\.blocks\.\d+\.(conv1|to_style1)\./,
    'it is a generator of lucidrains’ stylegan2-pytorch, which doubles its pictures by interpolation and normalises its latents in another way than StyleGAN2',
    'It cannot be mapped exactly: bring one that NVIDIA’s or rosinality’s code trained.',
  ],
  [
    /^(D\.)?b\d+\.fromrgb\.|^d\.convs\.|^(d\.)?final_conv\.|(^|\.)4x4\/(Dense0|MinibatchStddev)/,
    'it holds only a discriminator',
    'Choose the snapshot that contains "G_ema" or "g_ema"; the authors’ files have both.',
  ],
  [
    /^(text_model|text_encoder\.text_model|transformer\.text_model)\./,
    'it holds only CLIP’s text encoder',
    'Bring the whole CLIP model, with its image encoder.',
  ],
  [
    /^(vision_model|visual)\./,
    'it holds only CLIP’s image encoder, or a variant of CLIP that is not supported',
    'Bring a whole CLIP model by OpenAI, OpenCLIP or Hugging Face.',
  ],
  [
    /^(module\.)?(backbone\.)?(blocks|encoder\.layer)\.\d+\.(attn\.qkv|attention\.attention)\./,
    'it is a Vision Transformer by itself (such as DINO)',
    generatorOrClip,
  ],
  [
    /^(model\.)?layers\.\d+\.self_attn\.|^transformer\.h\.\d+\.|^(bert|roberta|encoder\.layer)\b/,
    'it is a language model',
    generatorOrClip,
  ],
  [/^(module\.)?(layer[1-4]|features)\.\d+\./, 'it is a picture classifier', generatorOrClip],
  [/^(encoder|psp_encoder)\.(input_layer|body)\./, 'it holds only an encoder for inversion', 'Choose the generator that belongs to it.'],
  [/(^|\.)(stylegan_decoder|final_linear)\./, 'it is a net that restores faces', generatorOrClip],
]

/** The error that names a checkpoint in which neither a generator nor a CLIP was found: import.wrong-file. */
export function whatItIs({ tensors, where, format }: Checkpoint): StudioError {
  const names = [...tensors.keys()]
  if (names.length === 0) return new StudioError('import.wrong-file', { where, what: 'it holds no tensors at all', todo: generatorOrClip })
  for (const [pattern, what, todo] of known)
    if (names.some((name) => pattern.test(name))) return new StudioError('import.wrong-file', { where, what, todo })
  if (format === 'onnx')
    return new StudioError('import.wrong-file', {
      where,
      what: 'it is a model that was exported to ONNX, where weights lose their names and are merged',
      todo: original,
    })
  const few = names.slice(0, 3).map((name) => `"${name}"`)
  return new StudioError('import.wrong-file', {
    where,
    what: `its ${names.length} tensors (${few.join(', ')}${names.length > 3 ? ' …' : ''}) are those of neither a StyleGAN2 generator nor a CLIP`,
    todo: generatorOrClip,
  })
}
