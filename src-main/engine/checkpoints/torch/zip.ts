import { part, type Bytes } from '../bytes.ts'
import { unpickle } from '../pickle/machine.ts'
import { badArguments } from '../pickle/globals.ts'
import { Global, Instance, tuple, type Blob, type Plain, type Rule } from '../pickle/values.ts'
import { refuse } from '../refuse.ts'
import { foreignBytes } from '../tensors.ts'
import { readZip, type ZipEntry } from '../zip.ts'
import { Storages, torchGlobals } from './globals.ts'
import { readLegacy } from './legacy.ts'

/** The pickle of names and shapes; Stable Diffusion's has half a megabyte. */
const pickleCap = 1 << 28

/** What a zip archive of torch holds. A TorchScript archive also holds code, which is not read. */
export interface TorchArchive {
  readonly format: 'torch' | 'torchscript'
  readonly root: Plain
}

/** True if these entries are a torch archive: <name>/data.pkl beside <name>/version or numbers. */
export const isTorchArchive = (entries: ReadonlyMap<string, ZipEntry>): boolean => prefixOf(entries) !== undefined

function prefixOf(entries: ReadonlyMap<string, ZipEntry>): string | undefined {
  for (const name of entries.keys()) {
    const [, prefix] = /^((?:[^/]+\/)?)data\.pkl$/.exec(name) ?? []
    if (prefix !== undefined) return prefix
  }
  return undefined
}

/**
 * torch.save's zip format (.pt, .pth, .ckpt, .bin) and TorchScript archives: data.pkl over storages that are entries of their own, read when they
 * are needed. Errors: torch.*, zip.*, pickle.*.
 */
export function readTorchZip(bytes: Bytes, entries: ReadonlyMap<string, ZipEntry> = readZip(bytes)): TorchArchive {
  const { where } = bytes
  const prefix = prefixOf(entries)
  if (prefix === undefined) throw refuse('torch.no-pickle', where, 'the archive holds no data.pkl', 'This is no file of torch.')
  const order = entries.get(`${prefix}byteorder`)
  if (order && order.size < 16 && Buffer.from(order.open().read(0, order.size)).toString() === 'big')
    throw refuse('torch.big-endian', where, 'it was written on a big-endian machine', 'Save it again on an ordinary PC.')
  const format = entries.has(`${prefix}constants.pkl`) ? 'torchscript' : 'torch'
  const data = entries.get(`${prefix}data.pkl`)!
  if (data.size > pickleCap) throw refuse('torch.huge-pickle', where, `its data.pkl claims ${data.size} bytes`)

  const storages = new Storages(where)
  const plain = torchGlobals((content: Blob, depth) => readLegacy(part(content.source, content.offset, content.length), depth).root)
  const { value: root } = unpickle(data.open(), 0, {
    globals: format === 'torchscript' ? (name) => script(name) ?? plain(name) : plain,
    persistent: (id) =>
      storages.get(id, ({ dtype, key, count }) => {
        const entry = entries.get(`${prefix}data/${key}`)
        if (!entry) throw refuse('torch.missing-storage', where, `the numbers of its storage ${JSON.stringify(key)} are missing`)
        if (count * foreignBytes[dtype] > entry.size)
          throw refuse(
            'torch.wrong-count',
            where,
            `storage ${JSON.stringify(key)} claims ${count} numbers of ${dtype}, but has ${entry.size} bytes`,
          )
        return { dtype, count, open: () => entry.open() }
      }),
  })
  return { format, root }
}

/** TorchScript's objects are of classes that the archive defines itself; only their attributes are kept. */
function script(name: string): Rule | undefined {
  if (/^__torch__\.[\w.]+$/.test(name)) return { call: (args) => new Instance(name, args) }
  if (/^torch\.jit\._pickle\.(build_(int|double|bool|tensor)list|restore_type_tag)$/.test(name)) return listRule
  return undefined
}

const listRule: Rule = {
  call([items], { where, spend }) {
    if (items instanceof Map) return items
    if (!Array.isArray(items) || items instanceof Global) throw badArguments(where, 'a list')
    spend(items.length)
    return tuple([...items])
  },
}
