import { readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Checkpoint } from './open.ts'
import { doNotUse, refuse } from './refuse.ts'
import type { ForeignTensor } from './tensors.ts'

/** Weights in a Hugging Face folder, the safest first; an index lists the parts of what was split. */
const wholes = ['model.safetensors', 'open_clip_model.safetensors', 'pytorch_model.bin', 'open_clip_pytorch_model.bin']
const indices = ['model.safetensors.index.json', 'pytorch_model.bin.index.json']
const jsonCap = 1 << 26

/** A Hugging Face folder as one checkpoint. Errors: folder.* (no-weights, bad-index, bad-name, tensor-twice, missing-tensor), those of its files. */
export function openFolder(folder: string, openFile: (file: string) => Checkpoint): Checkpoint {
  const where = basename(folder)
  const whole = wholes.find((name) => isFile(join(folder, name)))
  if (whole !== undefined) return { ...openFile(join(folder, whole)), path: folder, where }
  const index = indices.find((name) => isFile(join(folder, name)))
  if (index === undefined)
    throw refuse(
      'folder.no-weights',
      where,
      `there is none of ${wholes.join(', ')} in it`,
      'Choose the folder that holds the weights, or the file itself.',
    )
  return openShards(folder, index, openFile)
}

/** The parts that an index lists, as one. */
export function openShards(folder: string, index: string, openFile: (file: string) => Checkpoint): Checkpoint {
  const where = basename(folder)
  const map = weightMap(readJson(join(folder, index)), index)
  const opened: Checkpoint[] = []
  const close = () => opened.forEach((shard) => shard.close())
  try {
    const tensors = new Map<string, ForeignTensor>()
    const seen = new Set<string>()
    for (const name of [...new Set(map.values())].sort()) {
      const shard = openFile(join(folder, name))
      opened.push(shard)
      for (const [tensor, value] of shard.tensors) {
        if (seen.has(tensor)) throw refuse('folder.tensor-twice', where, `two of its parts hold "${tensor}"`)
        seen.add(tensor)
        if (map.get(tensor) === name) tensors.set(tensor, value)
      }
    }
    const missing = [...map.keys()].find((name) => !tensors.has(name))
    if (missing !== undefined) throw refuse('folder.missing-tensor', where, `its index names "${missing}", which no part holds`)
    const [first] = opened
    if (!first) throw refuse('folder.bad-index', where, `its ${index} lists nothing`)
    const read = (name: string) => {
      const found = tensors.get(name)
      if (!found) throw refuse('checkpoint.no-such-tensor', where, `it has no tensor "${name}"`, 'Check that it is the right file.')
      return found.read()
    }
    const files = opened.flatMap((shard) => shard.files)
    return { path: folder, where, format: first.format, tensors, root: null, metadata: {}, files, read: async (name) => read(name), close }
  } catch (error) {
    close()
    throw error
  }
}

function weightMap(json: unknown, where: string): ReadonlyMap<string, string> {
  const map = typeof json === 'object' && json !== null && 'weight_map' in json ? json.weight_map : undefined
  if (typeof map !== 'object' || map === null) throw refuse('folder.bad-index', where, 'it has no "weight_map"')
  const pairs = Object.entries(map)
  for (const [, file] of pairs)
    if (typeof file !== 'string' || !/^[\w][\w.-]{0,200}$/.test(file))
      throw refuse('folder.bad-name', where, `it names the part ${JSON.stringify(file)}, which is no plain file beside it`, doNotUse)
  return new Map(pairs as [string, string][])
}

/** The JSON in a file. Errors: checkpoint.no-file, checkpoint.too-large, checkpoint.not-json. */
export function readJson(file: string): unknown {
  const where = basename(file)
  const stat = statSync(file, { throwIfNoEntry: false })
  if (!stat?.isFile()) throw refuse('checkpoint.no-file', where, 'there is no such file', 'Check its place and permissions.')
  if (stat.size > jsonCap) throw refuse('checkpoint.too-large', where, `it has ${stat.size} bytes, the limit is ${jsonCap}`)
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw refuse('checkpoint.not-json', where, 'it is not JSON', undefined, cause)
  }
}

/** A file, or a link to one: Hugging Face's cache is made of links. */
const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
