import { statSync } from 'node:fs'
import { basename } from 'node:path'
import type { TensorData } from '../onnx/tensor.ts'
import { FileBytes, part, type Bytes } from './bytes.ts'
import { openFolder } from './folder.ts'
import { namedTensors } from './names.ts'
import { readInitializers } from './onnx-initializers.ts'
import { unpickle } from './pickle/machine.ts'
import type { Blob, Plain } from './pickle/values.ts'
import { refuse } from './refuse.ts'
import { readForeignSafetensors } from './safetensors-foreign.ts'
import { sniff } from './sniff.ts'
import type { ForeignTensor } from './tensors.ts'
import { torchGlobals } from './torch/globals.ts'
import { readLegacy } from './torch/legacy.ts'
import { isTorchArchive, readTorchZip } from './torch/zip.ts'
import { readZip } from './zip.ts'

export type CheckpointFormat = 'pickle' | 'torch' | 'torchscript' | 'torch-legacy' | 'safetensors' | 'onnx'

/** A foreign file, opened: its tensors by name, read when they are asked for, and whatever else it says as plain data. */
export interface Checkpoint {
  /** The file's or folder's path as it was given. */
  readonly path: string
  /** Its name, for errors. */
  readonly where: string
  readonly format: CheckpointFormat
  readonly tensors: ReadonlyMap<string, ForeignTensor>
  /** The whole structure of a pickle; null for the other formats. */
  readonly root: Plain
  /** safetensors' metadata, ONNX' producer. */
  readonly metadata: Readonly<Record<string, string>>
  /** The files that were read, for their checksums. */
  readonly files: readonly string[]
  /** A tensor's values in C order. Errors: checkpoint.no-such-tensor, those of `ForeignTensor.read`. */
  read(name: string): Promise<TensorData>
  close(): void
}

/**
 * Opens a published checkpoint: a pickle, a file of torch (zip, legacy, TorchScript), safetensors, ONNX, or a Hugging Face folder with one of them,
 * told apart by content. Nothing in it is executed, and nothing is allocated that it merely claims.
 * Errors: checkpoint.*, pickle.*, torch.*, zip.*, tensor.*, safetensors.*, onnx.*; each names the file, what is wrong and what to do.
 */
export function openCheckpoint(path: string): Checkpoint {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? openFolder(path, openFile) : openFile(path)
}

function openFile(path: string): Checkpoint {
  const bytes = new FileBytes(path)
  try {
    return checkpoint(path, { ...parse(bytes), files: [path], close: () => bytes.close() })
  } catch (error) {
    bytes.close()
    throw error
  }
}

type Content = Pick<Checkpoint, 'format' | 'tensors' | 'root' | 'metadata'>

/** A checkpoint from its parts. */
export function checkpoint(path: string, parts: Content & Pick<Checkpoint, 'files' | 'close'>): Checkpoint {
  const where = basename(path)
  return {
    path,
    where,
    ...parts,
    async read(name) {
      const tensor = parts.tensors.get(name)
      if (!tensor) throw refuse('checkpoint.no-such-tensor', where, `it has no tensor "${name}"`, 'Check that it is the right file.')
      return tensor.read()
    },
  }
}

/** The same for bytes, wherever they are. Errors as `openCheckpoint`. */
export function parse(bytes: Bytes): Content {
  const { where } = bytes
  const format = sniff(bytes)
  switch (format) {
    case 'safetensors':
      return { format, root: null, ...readForeignSafetensors(bytes) }
    case 'onnx':
      return { format, root: null, ...readInitializers(bytes) }
    case 'torch-legacy':
      return structured(format, readLegacy(bytes).root, where)
    case 'pickle': {
      const globals = torchGlobals((content: Blob, depth) => readLegacy(part(content.source, content.offset, content.length), depth).root)
      return structured(format, unpickle(bytes, 0, { globals }).value, where)
    }
    case 'zip': {
      const entries = readZip(bytes)
      if (!isTorchArchive(entries)) throw notTorch([...entries.keys()], where)
      const archive = readTorchZip(bytes, entries)
      return structured(archive.format, archive.root, where)
    }
  }
}

function structured(format: CheckpointFormat, root: Plain, where: string): Content {
  return { format, root, tensors: namedTensors(root, where), metadata: {} }
}

function notTorch(names: readonly string[], where: string) {
  const has = (pattern: RegExp) => names.some((name) => pattern.test(name))
  const [what, todo] = has(/(^|\/)pack\.json$/)
    ? ['it is a Stylebridge pack', 'Import it as a pack; no checkpoint is needed.']
    : has(/\.npy$/)
      ? ['it is an archive of numpy arrays (.npz)', 'Choose the checkpoint itself.']
      : has(/\.(pkl|pt|pth|ckpt|safetensors|onnx|bin)$/i)
        ? ['it is an archive with checkpoints in it', 'Unpack it first, then choose the checkpoint.']
        : ['it is an archive without a checkpoint', 'Choose a checkpoint: .pkl, .pt, .safetensors or .onnx.']
  return refuse('checkpoint.no-checkpoint', where, what, todo)
}
