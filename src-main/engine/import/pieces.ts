import { existsSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { StudioError } from '../../contract/errors.ts'
import { openCheckpoint, type Checkpoint } from '../checkpoints/open.ts'
import type { ClipArchitecture } from '../nets/clip/architecture.ts'
import type { StyleGan2 } from '../nets/stylegan2/architecture.ts'
import { importClip, type ClipOptions } from './clip.ts'
import { folderOf } from './companions.ts'
import { importGenerator, type GeneratorOptions } from './generator.ts'
import { readTokenizer, tokenizerPart, type TokenizerPart } from './tokenizer.ts'
import type { ImportedNet } from './weights.ts'
import { whatItIs } from './what-it-is.ts'

export type PieceKind = 'generator' | 'clip' | 'tokenizer'
export type PieceOptions = GeneratorOptions & ClipOptions

/** A network that was found, with the file that it is read from until `Pieces.close`. */
export interface FoundNet<A> {
  readonly checkpoint: Checkpoint
  readonly net: ImportedNet<A>
}

/** What the files of an import hold, and what is still missing. */
export interface Pieces {
  readonly generator?: FoundNet<StyleGan2>
  readonly clip?: FoundNet<ClipArchitecture>
  readonly tokenizer?: { readonly json: object; readonly files: readonly string[] }
  /** What was dropped, in words, by file: "ffhq.pkl: NVIDIA’s StyleGAN2 (PyTorch), 1024 × 1024 pixels". */
  readonly found: readonly string[]
  readonly missing: readonly PieceKind[]
  close(): void
}

/** What to ask for next. */
export const wanted: Readonly<Record<PieceKind, string>> = {
  generator: 'Now drop a generator: a StyleGAN2 checkpoint such as NVIDIA’s ffhq.pkl.',
  clip: 'Now drop a CLIP model, such as OpenAI’s ViT-B-32.pt.',
  tokenizer: 'Now drop the CLIP’s tokenizer: tokenizer.json, vocab.json with merges.txt, or OpenAI’s bpe_simple_vocab_16e6.txt.gz.',
}

/**
 * Opens files and folders in any order and says what each is. Nothing is written. Tokenizers are also taken from where a CLIP lies.
 * Errors: import.wrong-file (says what it is), import.piece-twice, those of the readers and importers.
 */
export function openPieces(paths: readonly string[], options: PieceOptions = {}): Pieces {
  let generator: FoundNet<StyleGan2> | undefined
  let clip: FoundNet<ClipArchitecture> | undefined
  const opened: Checkpoint[] = []
  const parts = new Map<TokenizerPart, string>()
  const found: string[] = []
  const close = () => opened.forEach((checkpoint) => checkpoint.close())
  try {
    for (const path of paths) {
      const part = isFile(path) ? tokenizerPart(path) : undefined
      if (part) {
        parts.set(part, path)
        found.push(`${basename(path)}: tokenizer (${part})`)
        continue
      }
      const checkpoint = openCheckpoint(path)
      opened.push(checkpoint)
      const { g, c } = identify(checkpoint, options)
      if (!g && !c) throw whatItIs(checkpoint)
      if ((g && generator) ?? (c && clip)) throw twice(path, g ? 'generator' : 'CLIP')
      if (g) generator = { checkpoint, net: g }
      if (c) clip = { checkpoint, net: c }
      found.push(
        `${basename(path)}: ${g ? `${g.family}, ${g.architecture.imageSize} × ${g.architecture.imageSize} pixels` : clipWords(c!)}`,
      )
    }
    if (clip && parts.size === 0) lookBeside(clip.checkpoint.path, parts)
    const json = readTokenizer(parts)
    const missing: PieceKind[] = []
    if (!generator) missing.push('generator')
    if (!clip) missing.push('clip')
    if (!json) missing.push('tokenizer')
    return {
      ...(generator ? { generator } : {}),
      ...(clip ? { clip } : {}),
      ...(json ? { tokenizer: { json, files: [...parts.values()] } } : {}),
      found,
      missing,
      close,
    }
  } catch (error) {
    close()
    throw error
  }
}

/** The network in a checkpoint. An ONNX export keeps some names of its original and lacks others, which is said as what it is. */
function identify(
  checkpoint: Checkpoint,
  options: PieceOptions,
): Partial<Record<'g', ImportedNet<StyleGan2>> & Record<'c', ImportedNet<ClipArchitecture>>> {
  try {
    const g = importGenerator(checkpoint, options)
    if (g) return { g }
    const c = importClip(checkpoint, options)
    return c ? { c } : {}
  } catch (error) {
    if (checkpoint.format !== 'onnx' || !(error instanceof StudioError) || !/^import\.(missing|unknown)-tensor$/.test(error.code))
      throw error
    throw whatItIs(checkpoint)
  }
}

/** What is asked for next, as the error that a person reads; undefined when everything is there. */
export function missingPiece({ missing, found }: Pieces): StudioError | undefined {
  const [next] = missing
  if (next === undefined) return undefined
  const what = found.length === 0 ? 'nothing was chosen yet' : `a ${next === 'clip' ? 'CLIP' : next} is missing`
  return new StudioError('import.missing-piece', { where: found.join('; ') || 'Import', what, todo: wanted[next] })
}

function clipWords({ family, architecture: { image, embed } }: ImportedNet<ClipArchitecture>): string {
  const shape = image.kind === 'vit' ? `a Vision Transformer with patches of ${image.patch}` : 'a ResNet'
  return `${family}, ${shape}, ${image.size} × ${image.size} pixels, ${embed} numbers`
}

function twice(path: string, what: string): StudioError {
  return new StudioError('import.piece-twice', {
    where: basename(path),
    what: `it is a second ${what}`,
    todo: `Choose one ${what} for a pack.`,
  })
}

const conventional: readonly [TokenizerPart, string][] = [
  ['tokenizer.json', 'tokenizer.json'],
  ['vocab.json', 'vocab.json'],
  ['merges.txt', 'merges.txt'],
  ['bpe.txt.gz', 'bpe_simple_vocab_16e6.txt.gz'],
]

/** The tokenizer of a Hugging Face folder, or OpenAI's beside its file. */
function lookBeside(path: string, parts: Map<TokenizerPart, string>): void {
  for (const [part, name] of conventional) {
    const file = join(folderOf(path), name)
    if (existsSync(file) && tokenizerPart(file) === part) parts.set(part, file)
  }
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
