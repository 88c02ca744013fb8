import { checkShape, type Parameters } from '../parameters.ts'
import type { ClipArchitecture, ImageResnet, ImageVit } from './architecture.ts'

/** A parameter under OpenAI's name. */
export interface ClipParameter {
  readonly name: string
  readonly shape: readonly number[]
}

type Need = (name: string, ...shape: number[]) => void

/** Every parameter that the two encoders use. Not among them: `logit_scale`, the temperature of training. */
export function clipParameters(a: ClipArchitecture): ClipParameter[] {
  const all: ClipParameter[] = []
  const need: Need = (name, ...shape) => all.push({ name, shape })
  if (a.image.kind === 'vit') vit(need, a.image, a.embed)
  else resnet(need, a.image, a.embed)
  need('token_embedding.weight', a.text.vocabulary, a.text.width)
  need('positional_embedding', a.text.context, a.text.width)
  transformer(need, 'transformer', a.text.width, a.text.layers)
  norm(need, 'ln_final', a.text.width)
  need('text_projection', a.text.width, a.embed)
  return all
}

/** @throws StudioError `parameters.missing`, `parameters.wrong-shape` for the first parameter that does not fit the architecture */
export function checkClip(a: ClipArchitecture, p: Parameters): void {
  for (const { name, shape } of clipParameters(a)) checkShape(p, name, shape)
}

function vit(need: Need, a: ImageVit, embed: number): void {
  need('visual.conv1.weight', a.width, 3, a.patch, a.patch)
  need('visual.class_embedding', a.width)
  need('visual.positional_embedding', (a.size / a.patch) ** 2 + 1, a.width)
  norm(need, 'visual.ln_pre', a.width)
  transformer(need, 'visual.transformer', a.width, a.layers)
  norm(need, 'visual.ln_post', a.width)
  need('visual.proj', a.width, embed)
}

function resnet(need: Need, a: ImageResnet, embed: number): void {
  const conv = (name: string, bn: string, outputs: number, inputs: number, side: number) => {
    need(`${name}.weight`, outputs, inputs, side, side)
    for (const part of ['weight', 'bias', 'running_mean', 'running_var']) need(`${bn}.${part}`, outputs)
  }
  conv('visual.conv1', 'visual.bn1', a.width / 2, 3, 3)
  conv('visual.conv2', 'visual.bn2', a.width / 2, a.width / 2, 3)
  conv('visual.conv3', 'visual.bn3', a.width, a.width / 2, 3)
  let inputs = a.width
  a.layers.forEach((blocks, layer) => {
    const planes = a.width * 2 ** layer
    for (let b = 0; b < blocks; b++) {
      const block = `visual.layer${layer + 1}.${b}`
      conv(`${block}.conv1`, `${block}.bn1`, planes, inputs, 1)
      conv(`${block}.conv2`, `${block}.bn2`, planes, planes, 3)
      conv(`${block}.conv3`, `${block}.bn3`, planes * 4, planes, 1)
      if (b === 0) conv(`${block}.downsample.0`, `${block}.downsample.1`, planes * 4, inputs, 1)
      inputs = planes * 4
    }
  })
  need('visual.attnpool.positional_embedding', (a.size / 32) ** 2 + 1, inputs)
  for (const [part, outputs] of [
    ['q', inputs],
    ['k', inputs],
    ['v', inputs],
    ['c', embed],
  ] as const) {
    need(`visual.attnpool.${part}_proj.weight`, outputs, inputs)
    need(`visual.attnpool.${part}_proj.bias`, outputs)
  }
}

function transformer(need: Need, name: string, width: number, layers: number): void {
  for (let i = 0; i < layers; i++) {
    const block = `${name}.resblocks.${i}`
    need(`${block}.attn.in_proj_weight`, 3 * width, width)
    need(`${block}.attn.in_proj_bias`, 3 * width)
    need(`${block}.attn.out_proj.weight`, width, width)
    need(`${block}.attn.out_proj.bias`, width)
    norm(need, `${block}.ln_1`, width)
    need(`${block}.mlp.c_fc.weight`, 4 * width, width)
    need(`${block}.mlp.c_fc.bias`, 4 * width)
    need(`${block}.mlp.c_proj.weight`, width, 4 * width)
    need(`${block}.mlp.c_proj.bias`, width)
    norm(need, `${block}.ln_2`, width)
  }
}

function norm(need: Need, name: string, width: number): void {
  need(`${name}.weight`, width)
  need(`${name}.bias`, width)
}
