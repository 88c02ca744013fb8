import type { Bytes } from './bytes.ts'
import { refuse } from './refuse.ts'
import { legacyStart } from './torch/legacy.ts'

export type FileFormat = 'zip' | 'torch-legacy' | 'pickle' | 'safetensors' | 'onnx'

/** Files that people take for checkpoints, by their first bytes, and what to do with them. */
const others: readonly (readonly [string | RegExp, what: string, todo: string])[] = [
  ['version https://git-lfs', 'it is a pointer of Git LFS, not the file itself', 'Fetch the file itself, for example with "git lfs pull".'],
  [
    /^\s*<(!doctype|html|head|\?xml)/i,
    'it is a web page: the download did not give the file',
    'Download it again; large files often ask for a confirmation first.',
  ],
  ['\x89HDF', 'it is a Keras or HDF5 file', 'Convert the weights to .safetensors first.'],
  ['GGUF', 'it is a language model (GGUF)', 'Choose a StyleGAN2 generator or a CLIP model.'],
  ['\x93NUMPY', 'it is a single numpy array', 'Choose the whole checkpoint.'],
  ['\x1f\x8b', 'it is packed with gzip', 'Unpack it first.'],
  ['7z\xbc\xaf', 'it is a 7-Zip archive', 'Unpack it first.'],
  ['Rar!', 'it is a RAR archive', 'Unpack it first.'],
  ['\x89PNG', 'it is a picture', 'Open pictures in the studio; here choose a checkpoint.'],
  ['\xff\xd8\xff', 'it is a picture', 'Open pictures in the studio; here choose a checkpoint.'],
  ['%PDF', 'it is a PDF document', 'Choose a checkpoint.'],
]

/**
 * What a file is, by its first bytes alone; its name says nothing.
 * Errors: checkpoint.empty, checkpoint.no-checkpoint (says what it is, where that can be told).
 */
export function sniff(bytes: Bytes): FileFormat {
  const { where, size } = bytes
  if (size === 0) throw refuse('checkpoint.empty', where, 'it is empty')
  const first = bytes.read(0, Math.min(512, size))
  const text = Buffer.from(first).toString('latin1')
  if (text.startsWith('PK\x03\x04')) return 'zip'
  if (legacyStart.every((byte, i) => first[i] === byte)) return 'torch-legacy'
  if (first[0] === 0x80 && first[1]! <= 5) return 'pickle'
  for (const [start, what, todo] of others)
    if (typeof start === 'string' ? text.startsWith(start) : start.test(text)) throw refuse('checkpoint.no-checkpoint', where, what, todo)
  if (text.slice(257, 262) === 'ustar') throw refuse('checkpoint.no-checkpoint', where, 'it is a tar archive', 'Unpack it first.')
  if (looksLikeSafetensors(first, size)) return 'safetensors'
  // ONNX: field 1 (the format's version) as a small number, then a field that a model has.
  if (first[0] === 0x08 && first[1]! > 0 && first[1]! < 32 && [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42].includes(first[2]!)) return 'onnx'
  // Protocol 0 has no mark of its own: an opening, and a full stop at the end.
  if (/^[(cN}\]][\x20-\x7e\r\n\s]/.test(text) && bytes.read(size - 1, 1)[0] === 0x2e) return 'pickle'
  if (size < 8 || /^[\t\n\r\x20-\x7e]+$/.test(text))
    throw refuse('checkpoint.no-checkpoint', where, 'it is a text file', 'Choose a checkpoint: .pkl, .pt, .safetensors or .onnx.')
  throw refuse(
    'checkpoint.no-checkpoint',
    where,
    'it is of a kind that is not known here',
    'Choose a checkpoint: .pkl, .pt, .safetensors or .onnx.',
  )
}

/** A length that leads to a JSON object. A length beyond the file is told apart by the reader, which explains it. */
function looksLikeSafetensors(first: Uint8Array, size: number): boolean {
  if (first.length < 10) return false
  const claimed = new DataView(first.buffer, first.byteOffset).getBigUint64(0, true)
  return first[8] === 0x7b && (claimed < BigInt(size) || claimed < 1n << 48n)
}
