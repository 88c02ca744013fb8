import { z } from 'zod'
import { StudioError } from '../../contract/errors.ts'
import type { Checkpoint } from '../checkpoints/open.ts'
import { floatsOf, type ForeignTensor } from '../checkpoints/tensors.ts'
import { floatToHalf } from '../onnx/tensor.ts'
import type { FoundClip } from './clip.ts'
import { unsupported } from './clip-unsupported.ts'
import { companion } from './companions.ts'
import { Ledger } from './ledger.ts'
import { turned, weightOf, type Weight, type Weights } from './weights.ts'

const tower = z.looseObject({
  num_attention_heads: z.int().positive(),
  hidden_act: z.string().default('quick_gelu'),
  layer_norm_eps: z.number().default(1e-5),
})
const configSchema = z.looseObject({ text_config: tower, vision_config: tower })
const three = z.tuple([z.number(), z.number(), z.number()])

/** Hugging Face's CLIPModel. Its config.json must lie in the folder or beside the file: heads and activation are in no tensor. */
export function readHuggingFace(checkpoint: Checkpoint): FoundClip | undefined {
  const { tensors, where } = checkpoint
  if (
    !tensors.has('text_projection.weight') ||
    !tensors.has('visual_projection.weight') ||
    !tensors.has('vision_model.embeddings.class_embedding')
  )
    return undefined
  const ledger = new Ledger(checkpoint, '')
  const weights: Weights = new Map()
  const move = (ours: string, theirs: string) => weights.set(ours, weightOf(ledger.take(theirs)))

  move('visual.class_embedding', 'vision_model.embeddings.class_embedding')
  move('visual.conv1.weight', 'vision_model.embeddings.patch_embedding.weight')
  move('visual.positional_embedding', 'vision_model.embeddings.position_embedding.weight')
  norm(move, 'visual.ln_pre', 'vision_model.pre_layrnorm')
  norm(move, 'visual.ln_post', 'vision_model.post_layernorm')
  transformer(weights, ledger, 'visual.transformer', 'vision_model')
  weights.set('visual.proj', weightOf(turned(ledger.take('visual_projection.weight'), 1, 0)))
  move('token_embedding.weight', 'text_model.embeddings.token_embedding.weight')
  move('positional_embedding', 'text_model.embeddings.position_embedding.weight')
  norm(move, 'ln_final', 'text_model.final_layer_norm')
  transformer(weights, ledger, 'transformer', 'text_model')
  weights.set('text_projection', weightOf(turned(ledger.take('text_projection.weight'), 1, 0)))
  ledger.ignore(/^logit_scale$/, 'the temperature of training')
  ledger.ignore(/^(text|vision)_model\.embeddings\.position_ids$/, 'the numbers of the positions')
  return { weights, family: 'Hugging Face’s CLIPModel', ignored: ledger.close(), notes: [], untold: settings(checkpoint, where) }
}

type Move = (ours: string, theirs: string) => void

function norm(move: Move, ours: string, theirs: string): void {
  for (const part of ['weight', 'bias']) move(`${ours}.${part}`, `${theirs}.${part}`)
}

function transformer(weights: Weights, ledger: Ledger, ours: string, theirs: string): void {
  const move = (to: string, from: string) => weights.set(to, weightOf(ledger.take(from)))
  for (let i = 0; ledger.has(`${theirs}.encoder.layers.${i}.self_attn.q_proj.weight`); i++) {
    const [to, from] = [`${ours}.resblocks.${i}`, `${theirs}.encoder.layers.${i}`]
    for (const part of ['weight', 'bias'])
      weights.set(`${to}.attn.in_proj_${part}`, stacked(['q', 'k', 'v'].map((x) => ledger.take(`${from}.self_attn.${x}_proj.${part}`))))
    norm(move, `${to}.attn.out_proj`, `${from}.self_attn.out_proj`)
    norm(move, `${to}.ln_1`, `${from}.layer_norm1`)
    norm(move, `${to}.ln_2`, `${from}.layer_norm2`)
    norm(move, `${to}.mlp.c_fc`, `${from}.mlp.fc1`)
    norm(move, `${to}.mlp.c_proj`, `${from}.mlp.fc2`)
  }
}

/** OpenAI keeps query, key and value in one matrix. */
function stacked(parts: readonly ForeignTensor[]): Weight {
  const dtype = parts.every((t) => t.dtype === 'float16') ? 'float16' : 'float32'
  const [rows, ...rest] = parts[0]?.shape ?? []
  const shape = [(rows ?? 0) * parts.length, ...rest]
  return {
    dtype,
    shape,
    read() {
      const values = new Float32Array(parts.reduce((n, t) => n + t.count, 0))
      let at = 0
      for (const t of parts) {
        values.set(floatsOf(t.read()), at)
        at += t.count
      }
      return { dtype, shape, data: dtype === 'float16' ? floatToHalf(values) : values }
    },
  }
}

function settings(checkpoint: Checkpoint, where: string): FoundClip['untold'] {
  const config = companion(checkpoint, 'config.json')
  if (!config)
    throw new StudioError('import.needs-config', {
      where,
      what: 'it does not say how many attention heads it has and which activation',
      todo: 'Put its config.json beside it, or choose its whole folder.',
    })
  const parsed = configSchema.safeParse(config)
  if (!parsed.success) throw unsupported(where, 'its config.json does not describe a CLIPModel')
  const { text_config: text, vision_config: vision } = parsed.data
  if (text.hidden_act !== vision.hidden_act || !['quick_gelu', 'gelu'].includes(text.hidden_act))
    throw unsupported(where, `its activations are "${vision.hidden_act}" and "${text.hidden_act}"`)
  if (text.layer_norm_eps !== 1e-5 || vision.layer_norm_eps !== 1e-5)
    throw unsupported(where, 'its norms use another small number than CLIP’s 1e-5')
  const pictures = companion(checkpoint, 'preprocessor_config.json') ?? {}
  const [mean, std] = [three.safeParse(pictures['image_mean']), three.safeParse(pictures['image_std'])]
  return {
    activation: text.hidden_act === 'gelu' ? 'gelu' : 'quickGelu',
    imageHeads: vision.num_attention_heads,
    textHeads: text.num_attention_heads,
    ...(mean.success ? { mean: mean.data } : {}),
    ...(std.success ? { std: std.data } : {}),
  }
}
