import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { StudioError } from '../../contract/errors.ts'
import { readJson } from '../checkpoints/folder.ts'
import { loadTokenizer } from '../nets/clip/tokenizer.ts'
import type { ClipArchitecture } from '../nets/clip/architecture.ts'
import { clipTokenizer } from './clip-tokenizer.ts'

/** Files that together make a tokenizer; told apart by content. */
export type TokenizerPart = 'tokenizer.json' | 'vocab.json' | 'merges.txt' | 'bpe.txt.gz'

const textCap = 1 << 26

/** Which part of a tokenizer a file is; undefined if it is none. It is looked at only as far as that needs. */
export function tokenizerPart(file: string): TokenizerPart | undefined {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size === 0 || size > textCap) return undefined
  const start = firstBytes(file, Math.min(size, 4096))
  const text = start.toString('utf8')
  if (start[0] === 0x1f && start[1] === 0x8b)
    return /bpe_simple_vocab/.test(text.slice(0, 64)) || startsLikeMerges(file) ? 'bpe.txt.gz' : undefined
  if (/^\s*\{/.test(text)) return jsonPart(file)
  return /^(#version:|"?bpe_simple_vocab)/.test(text) || /^(\S{1,100} \S{1,100}\r?\n){20}/.test(text) ? 'merges.txt' : undefined
}

/**
 * tokenizer.json (Hugging Face's format) from the files that were found: one by itself, vocab.json with merges.txt, or OpenAI's bpe_simple_vocab_16e6.txt.gz.
 * Undefined where there is nothing. Errors: import.half-tokenizer, tokenizer.unsupported, tokenizer.damaged.
 */
export function readTokenizer(files: ReadonlyMap<TokenizerPart, string>): object | undefined {
  const [whole, vocab, merges, packed] = (['tokenizer.json', 'vocab.json', 'merges.txt', 'bpe.txt.gz'] as const).map((part) =>
    files.get(part),
  )
  if (whole !== undefined) return checked(readJson(whole) as object, whole)
  if (packed !== undefined) return checked(fromOpenAi(packed), packed)
  if (vocab === undefined && merges === undefined) return undefined
  if (vocab === undefined || merges === undefined)
    throw new StudioError('import.half-tokenizer', {
      where: basename((vocab ?? merges)!),
      what: `it is one half of a tokenizer, ${vocab === undefined ? 'vocab.json' : 'merges.txt'} is missing`,
      todo: `Now drop ${vocab === undefined ? 'vocab.json' : 'merges.txt'} too, from the same folder.`,
    })
  return checked(clipTokenizer(vocabulary(vocab), pairs(readFileSync(merges, 'utf8'), merges)), merges)
}

/** Throws import.tokenizer-mismatch unless the tokenizer's ids are those that the CLIP's text encoder knows. */
export function checkTokenizer(json: object, clip: ClipArchitecture, where: string): void {
  const { vocab } = (json as { model: { vocab: Record<string, number> } }).model
  const end = vocab['<|endoftext|>'] ?? -1
  const largest = Math.max(...Object.values(vocab))
  if (largest < clip.text.vocabulary && end === largest) return
  throw new StudioError('import.tokenizer-mismatch', {
    where,
    what: `the tokenizer has ids up to ${largest} and ends texts with ${end}, the CLIP knows ${clip.text.vocabulary}`,
    todo: 'Bring the tokenizer that belongs to this CLIP model.',
  })
}

function checked(json: object, file: string): object {
  try {
    loadTokenizer(json)
    return json
  } catch (error) {
    if (!(error instanceof StudioError)) throw error
    throw new StudioError(error.code, { where: basename(file), what: error.what, todo: error.todo }, { cause: error })
  }
}

/** OpenAI's list: a line of its name, then all merges of its training, the first 48,894 of which are used. */
function fromOpenAi(file: string): object {
  const used = 49152 - 256 - 2
  const merges = pairs(unpacked(file), file).slice(0, used)
  // The vocabulary in OpenAI's order: bytes, bytes at the end of a word, merges, the two marks.
  const tokens = [
    ...byteLetters(),
    ...byteLetters().map((letter) => `${letter}</w>`),
    ...merges.map((pair) => pair.join('')),
    '<|startoftext|>',
    '<|endoftext|>',
  ]
  return clipTokenizer(Object.fromEntries(tokens.map((token, id) => [token, id])), merges)
}

/** A letter for each byte, printable ones first (GPT-2's table). */
function byteLetters(): string[] {
  const ranges: [number, number][] = [
    [33, 126],
    [161, 172],
    [174, 255],
  ]
  const printable = ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i))
  const others = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !printable.includes(byte))
  return [...printable, ...others.map((_, i) => 256 + i)].map((code) => String.fromCharCode(code))
}

function pairs(text: string, file: string): [string, string][] {
  const lines = text.split(/\r?\n/)
  if (/^(#version|"?bpe_simple_vocab)/.test(lines[0] ?? '')) lines.shift()
  const merges = lines.filter((line) => line.trim() !== '').map((line) => line.split(' '))
  const wrong = merges.find((pair) => pair.length !== 2)
  if (wrong || merges.length === 0) throw damaged(file, wrong ? `"${wrong.join(' ').slice(0, 40)}" is no pair` : 'it holds no merges')
  return merges as [string, string][]
}

function vocabulary(file: string): Record<string, number> {
  const json = readJson(file)
  const isVocabulary =
    typeof json === 'object' && json !== null && Object.values(json).every((id) => Number.isInteger(id) && (id as number) >= 0)
  if (!isVocabulary) throw damaged(file, 'it is no list of tokens with their numbers')
  return json as Record<string, number>
}

function unpacked(file: string): string {
  try {
    return gunzipSync(readFileSync(file), { maxOutputLength: textCap }).toString('utf8')
  } catch (cause) {
    throw damaged(file, 'it cannot be unpacked', cause)
  }
}

const damaged = (file: string, what: string, cause?: unknown) =>
  new StudioError('tokenizer.damaged', { where: basename(file), what, todo: 'Get the file again from where it came from.' }, { cause })

function startsLikeMerges(file: string): boolean {
  try {
    return /^"?bpe_simple_vocab/.test(unpacked(file).slice(0, 64))
  } catch {
    return false
  }
}

function jsonPart(file: string): TokenizerPart | undefined {
  const json = readJson(file) as Record<string, unknown>
  if (typeof json['model'] === 'object' && json['model'] !== null && 'vocab' in json['model']) return 'tokenizer.json'
  return typeof json['<|endoftext|>'] === 'number' ? 'vocab.json' : undefined
}

function firstBytes(file: string, count: number): Buffer {
  const descriptor = openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(count)
    return bytes.subarray(0, readSync(descriptor, bytes, 0, count, 0))
  } finally {
    closeSync(descriptor)
  }
}
