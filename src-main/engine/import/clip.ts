import type { Checkpoint } from '../checkpoints/open.ts'
import { clipSchema, type ClipActivation, type ClipArchitecture } from '../nets/clip/architecture.ts'
import { inferClip } from '../nets/clip/infer.ts'
import { checkClip } from '../nets/clip/inventory.ts'
import { unsupported } from './clip-unsupported.ts'
import { named } from './generator.ts'
import { readHuggingFace } from './huggingface.ts'
import { readOpenAi } from './openai.ts'
import { parametersOf, type ImportedNet, type Weights } from './weights.ts'

export interface ClipOptions {
  /** Where a file does not say which activation it was trained with. */
  readonly activation?: ClipActivation
}

/** CLIP's weights under OpenAI's names, and what no tensor tells. */
export interface FoundClip {
  readonly weights: Weights
  readonly family: string
  readonly ignored: readonly string[]
  readonly notes: readonly string[]
  readonly untold: {
    readonly activation?: ClipActivation
    readonly imageHeads?: number
    readonly textHeads?: number
    readonly mean?: readonly number[]
    readonly std?: readonly number[]
  }
}

/**
 * The CLIP in a checkpoint: OpenAI's archives and state dicts (ViT and ResNet), OpenCLIP's, Hugging Face's CLIPModel. Undefined if there is none.
 * Errors: clip.unsupported (SigLIP, other widths), import.needs-config, import.missing-tensor, import.unknown-tensor, parameters.*.
 */
export function importClip(checkpoint: Checkpoint, options: ClipOptions = {}): ImportedNet<ClipArchitecture> | undefined {
  refuseSigLip(checkpoint)
  const found = readHuggingFace(checkpoint) ?? readOpenAi(checkpoint, options)
  if (!found) return undefined
  const { weights, untold, family, ignored, notes } = found
  const architecture = named(checkpoint.where, () => {
    const p = parametersOf(weights)
    const told = tell(inferClip(p), untold, checkpoint.where)
    checkClip(told, p)
    return told
  })
  return { architecture, weights, family, ignored, notes }
}

function tell(a: ClipArchitecture, untold: FoundClip['untold'], where: string): ClipArchitecture {
  const parsed = clipSchema.safeParse({
    ...a,
    image: { ...a.image, ...(untold.imageHeads === undefined ? {} : { heads: untold.imageHeads }) },
    text: { ...a.text, ...(untold.textHeads === undefined ? {} : { heads: untold.textHeads }) },
    mean: untold.mean ?? a.mean,
    std: untold.std ?? a.std,
    ...(untold.activation === undefined || untold.activation === 'quickGelu' ? {} : { activation: untold.activation }),
  })
  if (parsed.success) return parsed.data
  throw unsupported(where, parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; '))
}

/** SigLIP has CLIP's two encoders but pools by attention, reads its texts without an end and has another tokenizer. */
function refuseSigLip({ tensors, where }: Checkpoint): void {
  for (const name of tensors.keys())
    if (/(^|\.)logit_bias$|vision_model\.head\.probe$|visual\.trunk\.attn_pool\./.test(name))
      throw unsupported(where, 'it is a SigLIP model, whose encoders pool and whose tokenizer splits in another way than CLIP’s')
}
