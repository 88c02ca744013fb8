import type { Checkpoint } from '../checkpoints/open.ts'
import type { ClipOptions, FoundClip } from './clip.ts'
import { unsupported } from './clip-unsupported.ts'
import { companion } from './companions.ts'
import { Ledger } from './ledger.ts'
import { weightOf, type Weights } from './weights.ts'

/** OpenCLIP's widths whose heads are not 64 wide: ViT-H/14, g/14 and bigG/14. */
const headWidths: Readonly<Record<number, number>> = { 1280: 80, 1408: 88, 1664: 104 }

/** OpenAI's names: its TorchScript archives and state dicts, and OpenCLIP's checkpoints with or without "state_dict" and "module." before them. */
export function readOpenAi(checkpoint: Checkpoint, { activation }: ClipOptions): FoundClip | undefined {
  const { tensors } = checkpoint
  const first = [...tensors.keys()].find((name) => /(^|\.)visual\.conv1\.weight$/.test(name))
  if (first === undefined) return undefined
  const prefix = first.slice(0, -'visual.conv1.weight'.length)
  const text = tensors.has(`${prefix}text.token_embedding.weight`) ? 'text.' : ''
  if (!tensors.has(`${prefix}${text}token_embedding.weight`)) return undefined

  const ledger = new Ledger(checkpoint, prefix)
  const weights: Weights = new Map()
  ledger.ignore(/(^|\.)logit_scale$/, 'the temperature of training')
  ledger.ignore(/(^|\.)(input_resolution|context_length|vocab_size)$/, 'sizes that the other tensors show')
  ledger.ignore(/(^|\.)attn_mask$/, 'the mask of the text encoder, which follows from its length')
  ledger.ignore(/(^|\.)num_batches_tracked$/, 'counters of training')
  ledger.ignore(/^(optimizer|scaler)\./, 'the state of training')
  for (const name of ledger.names()) {
    const ours = text !== '' && name.startsWith(text) ? name.slice(text.length) : name
    if (
      /^(visual\.|transformer\.resblocks\.|token_embedding\.|ln_final\.|positional_embedding$|text_projection$)/.test(ours) &&
      !/num_batches_tracked$/.test(name)
    )
      weights.set(ours, weightOf(ledger.take(name)))
  }
  const ignored = ledger.close()

  const isHalf = weights.get('text_projection')?.dtype === 'float16'
  // OpenAI published archives; its code keeps halves, and so do the state dicts that people save from it.
  const isArchive = checkpoint.format === 'torchscript'
  // Whatever else lies in a folder of downloads, an archive is OpenAI's.
  const config = isArchive ? undefined : openClipConfig(checkpoint)
  const isOpenAi = isArchive || (isHalf && config === undefined && checkpoint.format !== 'safetensors')
  const width = weights.get('visual.conv1.weight')?.shape[0] ?? 0
  const headWidth = headWidths[width]
  const told = config?.activation ?? (isOpenAi ? ('quickGelu' as const) : undefined)
  const notes = activation !== undefined || config || isArchive ? [] : [isOpenAi ? halves : guess]
  return {
    weights,
    family: isOpenAi ? 'OpenAI’s CLIP' : 'OpenCLIP',
    ignored,
    notes,
    untold: {
      activation: activation ?? told ?? 'gelu',
      ...(headWidth !== undefined && weights.has('visual.proj') ? { imageHeads: width / headWidth } : {}),
      ...(config?.mean ? { mean: config.mean } : {}),
      ...(config?.std ? { std: config.std } : {}),
    },
  }
}

const halves =
  'Its numbers are halves, so it is taken for a model of OpenAI, with its activation (QuickGELU). If it is none, choose the other one (--activation gelu).'
const guess =
  'The file does not say which activation it was trained with: GELU is taken, as OpenCLIP’s models have it. For a "-quickgelu" model put its open_clip_config.json beside it, or choose the other one (--activation quickGelu).'

/** open_clip_config.json in the folder or beside the file. */
function openClipConfig(
  checkpoint: Checkpoint,
): { activation: 'quickGelu' | 'gelu'; mean?: readonly number[]; std?: readonly number[] } | undefined {
  const config = companion(checkpoint, 'open_clip_config.json')
  const model = config?.['model_cfg'] as Record<string, unknown> | undefined
  if (!config || typeof model !== 'object') return undefined
  const vision = model['vision_cfg'] as Record<string, unknown> | undefined
  if (vision?.['timm_model_name'] !== undefined || vision?.['attentional_pool'] === true || model['text_cfg'] === undefined)
    throw unsupported(checkpoint.where, 'its image encoder is none of CLIP’s own')
  const preprocess = (config['preprocess_cfg'] ?? {}) as Record<string, unknown>
  const three = (value: unknown) =>
    Array.isArray(value) && value.length === 3 && value.every((x) => typeof x === 'number') ? value : undefined
  const [mean, std] = [three(preprocess['mean']), three(preprocess['std'])]
  return { activation: model['quick_gelu'] === true ? 'quickGelu' : 'gelu', ...(mean ? { mean } : {}), ...(std ? { std } : {}) }
}
