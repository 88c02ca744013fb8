import { part, type Bytes } from '../bytes.ts'
import { field, type Blob, type Plain } from '../pickle/values.ts'
import { unpickle } from '../pickle/machine.ts'
import { refuse } from '../refuse.ts'
import { foreignBytes, type ForeignDType } from '../tensors.ts'
import { Storages, torchGlobals } from './globals.ts'

/** torch.save before 1.6 begins with this number, pickled. */
const magic = 0x1950a86a20f9469cfc6cn
const version = 1001
export const legacyStart = Uint8Array.of(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19)

/**
 * torch's format before zip: pickles of a magic number, a version, the writing machine, the object and the storages' keys, then for each
 * storage its count and its numbers. Errors: torch.*, pickle.*.
 */
export function readLegacy(bytes: Bytes, depth = 0): { root: Plain; end: number } {
  const { where } = bytes
  const globals = torchGlobals((content: Blob, deeper) => readLegacy(part(content.source, content.offset, content.length), deeper).root)
  const places = new Map<string, number>()
  const wanted = new Map<string, { dtype: ForeignDType; count: number }>()
  const storages = new Storages(where)
  let at = 0
  const next = (persistent?: (id: Plain) => Plain): Plain => {
    const { value, end } = unpickle(bytes, at, { globals, depth, ...(persistent ? { persistent } : {}) })
    at = end
    return value
  }

  if (next() !== magic) throw refuse('torch.no-magic', where, 'it does not begin like a file of torch')
  if (next() !== version)
    throw refuse('torch.version', where, 'it is of an unknown version of torch’s old format', 'Save it again with a newer PyTorch.')
  if (field(next(), 'little_endian') === false)
    throw refuse('torch.big-endian', where, 'it was written on a big-endian machine', 'Save it again on an ordinary PC.')
  const root = next((id) =>
    storages.get(id, ({ dtype, key, count }) => {
      wanted.set(key, { dtype, count })
      const open = () => {
        const place = places.get(key)
        if (place === undefined)
          throw refuse('torch.missing-storage', where, `the numbers of its storage ${JSON.stringify(key)} are missing`)
        return part(bytes, place, count * foreignBytes[dtype])
      }
      return { dtype, count, open }
    }),
  )
  const keys = next()
  if (!Array.isArray(keys)) throw refuse('torch.no-storages', where, 'it does not list its storages')
  for (const key of keys as readonly Plain[]) {
    const found = typeof key === 'string' ? wanted.get(key) : undefined
    if (!found || places.has(key as string)) throw refuse('torch.no-storages', where, 'it lists a storage that nothing uses')
    const stored = new DataView(bytes.read(at, 8).buffer).getBigInt64(0, true)
    // An untyped storage counts bytes.
    if (stored !== BigInt(found.count))
      throw refuse('torch.wrong-count', where, `a storage of ${found.count} numbers says that it has ${stored}`)
    places.set(key as string, at + 8)
    at += 8 + found.count * foreignBytes[found.dtype]
    if (at > bytes.size) throw refuse('checkpoint.truncated', where, `it ends ${at - bytes.size} bytes too early`)
  }
  return { root, end: at }
}
