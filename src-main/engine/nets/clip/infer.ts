import { StudioError } from '../../../contract/errors.ts'
import type { Parameters } from '../parameters.ts'
import { clipSchema, OPENAI_MEAN, OPENAI_STD, type ClipArchitecture } from './architecture.ts'
import { checkClip } from './inventory.ts'

/**
 * Reads the architecture off the shapes of OpenAI's tensors (`visual.conv1.weight`, `token_embedding.weight`, …) and checks them all.
 * What no tensor shows follows OpenAI's rules: attention heads are 64 wide, pictures are normalised with OpenAI's mean and deviation.
 * @throws StudioError `clip.unsupported`, `parameters.missing`, `parameters.wrong-shape`
 */
export function inferClip(p: Parameters): ClipArchitecture {
  if (!p.has('token_embedding.weight') || !p.has('visual.conv1.weight'))
    throw unsupported('it has no image or no text encoder under OpenAI’s names')
  const textWidth = side(p, 'ln_final.weight', 0)
  const found = clipSchema.safeParse({
    embed: side(p, 'text_projection', 1),
    image: p.has('visual.proj') ? inferVit(p) : inferResnet(p),
    text: {
      width: textWidth,
      layers: count((i) => p.has(`transformer.resblocks.${i}.ln_1.weight`)),
      heads: heads(textWidth),
      context: side(p, 'positional_embedding', 0),
      vocabulary: side(p, 'token_embedding.weight', 0),
    },
    mean: OPENAI_MEAN,
    std: OPENAI_STD,
  })
  if (!found.success) throw unsupported(found.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; '))
  checkClip(found.data, p)
  return found.data
}

function inferVit(p: Parameters) {
  const patch = side(p, 'visual.conv1.weight', 3)
  const width = side(p, 'visual.conv1.weight', 0)
  return {
    kind: 'vit',
    size: patch * grid(p, 'visual.positional_embedding'),
    patch,
    width,
    layers: count((i) => p.has(`visual.transformer.resblocks.${i}.ln_1.weight`)),
    heads: heads(width),
  }
}

function inferResnet(p: Parameters) {
  const width = side(p, 'visual.layer1.0.conv1.weight', 0)
  return {
    kind: 'resnet',
    size: 32 * grid(p, 'visual.attnpool.positional_embedding'),
    width,
    layers: [1, 2, 3, 4].map((layer) => count((i) => p.has(`visual.layer${layer}.${i}.conv1.weight`))),
    heads: heads(width * 32),
  }
}

const heads = (width: number) => Math.max(1, Math.floor(width / 64))

/** Positions are one class token and a square of patches. */
const grid = (p: Parameters, name: string) => Math.round(Math.sqrt(side(p, name, 0) - 1))

const side = (p: Parameters, name: string, axis: number) => p.tensor(name).shape[axis] ?? 0

function count(has: (i: number) => boolean): number {
  let i = 0
  while (has(i)) i++
  return i
}

function unsupported(what: string): StudioError {
  return new StudioError('clip.unsupported', {
    where: 'CLIP',
    what,
    todo: 'Bring one of OpenAI’s CLIP models (ViT-B/32 … ViT-L/14, RN50 …) or one of the same shape.',
  })
}
