import type { ForeignDType, Storage } from '../tensors.ts'
import { ForeignTensor } from '../tensors.ts'
import { badArguments, plainGlobals } from '../pickle/globals.ts'
import { Blob, Global, Instance, StorageValue, tuple, type Context, type Plain, type Rule } from '../pickle/values.ts'

/** torch's storage classes, as persistent ids name them. */
const storageTypes: Record<string, ForeignDType> = {
  DoubleStorage: 'float64',
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
  UntypedStorage: 'uint8',
}

const dtypes: Record<string, ForeignDType> = {
  float64: 'float64',
  double: 'float64',
  float32: 'float32',
  float: 'float32',
  float16: 'float16',
  half: 'float16',
  bfloat16: 'bfloat16',
  int64: 'int64',
  long: 'int64',
  int32: 'int32',
  int: 'int32',
  int16: 'int16',
  int8: 'int8',
  uint8: 'uint8',
  bool: 'bool',
}

/** The number type that a torch storage class or dtype stands for. */
export function dtypeOf(value: Plain | undefined): ForeignDType | undefined {
  if (!(value instanceof Global)) return undefined
  const [, kind, name] = /^torch\.(storage\.|cuda\.)?_?(\w+)$/.exec(value.name) ?? []
  if (name === undefined) return undefined
  return storageTypes[name] ?? (kind === undefined ? dtypes[name] : undefined)
}

/** What `torch.storage._load_from_bytes` finds in an inner file of torch's legacy format. */
export type InnerFile = (content: Blob, depth: number) => Plain

/** Tensors nest one file in another once; more is a trick. */
const depthCap = 3

/** The closed list with torch's tensors. */
export function torchGlobals(inner: InnerFile): (name: string) => Rule | undefined {
  const found = new Map<Blob, Plain>()
  const loadFromBytes: Rule = {
    call([content], { where, depth }) {
      if (!(content instanceof Blob) || depth >= depthCap) throw badArguments(where, 'a storage inside the file')
      // A file may name the same bytes any number of times; they are read once.
      const known = found.get(content) ?? inner(content, depth + 1)
      found.set(content, known)
      return known
    },
  }
  return (name) => (name === 'torch.storage._load_from_bytes' ? loadFromBytes : (torch.get(name) ?? plainGlobals.get(name)))
}

const torch = new Map<string, Rule>()
for (const name of Object.keys(storageTypes))
  for (const module of ['torch', 'torch.cuda', 'torch.storage']) torch.set(`${module}.${name}`, {})
torch.set('torch.storage._UntypedStorage', {})
for (const name of Object.keys(dtypes)) torch.set(`torch.${name}`, {})
for (const name of ['torch.Tensor', 'torch.nn.parameter.Parameter', 'torch._C._nn.Parameter']) torch.set(name, {})
torch.set('torch.Size', {
  call([sizes], { where, spend }) {
    if (!Array.isArray(sizes)) throw badArguments(where, 'a shape')
    spend(sizes.length)
    return tuple([...sizes])
  },
})
torch.set('torch.device', { call: (args) => new Instance('torch.device', args) })
torch.set('torch._utils._rebuild_tensor', { call: rebuild })
torch.set('torch._utils._rebuild_tensor_v2', { call: rebuild })
torch.set('torch._utils._rebuild_tensor_v3', { call: rebuild })
torch.set('torch._utils._rebuild_parameter', { call: firstTensor })
torch.set('torch._utils._rebuild_parameter_with_state', { call: firstTensor })
torch.set('torch._tensor._rebuild_from_type_v2', {
  call([rule, , args], context) {
    if (!(rule instanceof Global) || !rule.name.startsWith('torch._utils._rebuild_') || !rule.rule.call || !Array.isArray(args))
      throw badArguments(context.where, 'a tensor')
    return rule.rule.call(args, context)
  },
})

/** (storage, offset, shape, strides, …; the seventh after them is a dtype in version 3) */
function rebuild([value, offset, shape, strides, ...rest]: readonly Plain[], { where }: Context): Plain {
  const isList = (x: Plain | undefined): x is readonly number[] =>
    Array.isArray(x) && x.length <= 16 && x.every((n: unknown) => typeof n === 'number')
  if (!(value instanceof StorageValue) || typeof offset !== 'number' || !isList(shape) || !isList(strides))
    throw badArguments(where, 'a tensor')
  const dtype = dtypeOf(rest[2])
  return new ForeignTensor({ storage: value.storage, shape, strides, offset, where, ...(dtype ? { dtype } : {}) })
}

function firstTensor([data]: readonly Plain[], { where }: Context): Plain {
  if (!(data instanceof ForeignTensor)) throw badArguments(where, 'a parameter')
  return data
}

/** The parts of ('storage', class, key, device, count[, view]) that a persistent id is. Error: pickle.bad-arguments. */
export function storageId(id: Plain, where: string): { dtype: ForeignDType; key: string; count: number; view: Plain } {
  const [tag, type, key, , count, view = null] = (Array.isArray(id) ? id : []) as readonly Plain[]
  const dtype = dtypeOf(type)
  const isCount = typeof count === 'number' && Number.isSafeInteger(count) && count >= 0
  if (tag !== 'storage' || !dtype || typeof key !== 'string' || !/^[\w.-]{1,200}$/.test(key) || !isCount)
    throw badArguments(where, 'a storage')
  return { dtype, key, count, view }
}

/** Keeps storages by their key, so that tensors that share one share it here too. */
export class Storages {
  readonly #known = new Map<string, StorageValue>()
  readonly #where: string

  constructor(where: string) {
    this.#where = where
  }

  get(id: Plain, make: (parts: { dtype: ForeignDType; key: string; count: number }) => Storage): StorageValue {
    const parts = storageId(id, this.#where)
    if (Array.isArray(parts.view)) throw badArguments(this.#where, 'a view of a storage')
    const known = this.#known.get(parts.key)
    if (known) {
      if (known.storage.dtype !== parts.dtype || known.storage.count !== parts.count)
        throw badArguments(this.#where, `storage ${JSON.stringify(parts.key)}, which was of another size before,`)
      return known
    }
    const made = new StorageValue(make(parts))
    this.#known.set(parts.key, made)
    return made
  }
}
