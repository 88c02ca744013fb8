import { MemoryBytes } from '../bytes.ts'
import { refuse } from '../refuse.ts'
import { numpyGlobals } from './numpy.ts'
import { Blob, field, Global, Instance, tuple, type Context, type Plain, type Rule } from './values.ts'

/** A name that stands only for itself. */
const named: Rule = {}
/** An object of which only arguments and state are kept. */
const instance = (className: string): Rule => ({ call: (args) => new Instance(className, args) })

export const badArguments = (where: string, what: string) =>
  refuse('pickle.bad-arguments', where, `${what} has arguments that do not fit`, 'It is damaged; get it again.')

/** Python's own names that only build data. Names are compared exactly: "Builtins.eval" or "posix.system" are on no list. */
const python: Record<string, Rule> = {
  'collections.OrderedDict': { call: dictionary },
  'collections.defaultdict': { call: () => new Map() },
  'collections.Counter': { call: dictionary },
  'argparse.Namespace': instance('argparse.Namespace'),
  'types.SimpleNamespace': instance('types.SimpleNamespace'),
  'pathlib.PosixPath': instance('pathlib.PosixPath'),
  'pathlib.WindowsPath': instance('pathlib.WindowsPath'),
  '_codecs.encode': { call: encode },
  'copyreg._reconstructor': { call: reconstructor },
  'copy_reg._reconstructor': { call: reconstructor },
}
for (const module of ['builtins', '__builtin__']) {
  for (const name of ['object', 'int', 'long', 'float', 'str', 'unicode', 'bool', 'tuple']) python[`${module}.${name}`] = named
  python[`${module}.dict`] = { call: dictionary }
  python[`${module}.list`] = { call: ([items], context) => [...listed(items, context)] }
  python[`${module}.set`] = { call: ([items], context) => new Set(listed(items, context)) }
  python[`${module}.frozenset`] = python[`${module}.set`]!
  python[`${module}.bytearray`] = { call: bytearray }
  python[`${module}.bytes`] = { call: bytearray }
  python[`${module}.complex`] = { call: ([real, imaginary]) => tuple([real ?? 0, imaginary ?? 0]) }
}

/** NVIDIA's: classes that carry their source, of which only the state is kept, and dictionaries with attributes. */
const nvidia: Record<string, Rule> = {
  'torch_utils.persistence._reconstruct_persistent_obj': {
    call([meta], { where }) {
      const name = field(meta, 'class_name')
      if (field(meta, 'type') !== 'class' || typeof name !== 'string') throw badArguments(where, 'a persistent object')
      const made = new Instance(`persistent.${name}`)
      made.state = field(meta, 'state') ?? null
      return made
    },
  },
  'dnnlib.util.EasyDict': { call: dictionary },
  'dnnlib.EasyDict': { call: dictionary },
  'dnnlib.tflib.network.Network': instance('dnnlib.tflib.network.Network'),
}

const modules: Record<string, readonly string[]> = {
  activation: ['ReLU', 'LeakyReLU', 'SiLU', 'GELU', 'Tanh', 'Sigmoid', 'MultiheadAttention'],
  batchnorm: ['BatchNorm1d', 'BatchNorm2d'],
  container: ['Sequential', 'ModuleList', 'ModuleDict', 'ParameterList'],
  conv: ['Conv1d', 'Conv2d', 'ConvTranspose2d'],
  dropout: ['Dropout', 'Dropout2d'],
  flatten: ['Flatten'],
  linear: ['Linear', 'Identity', 'NonDynamicallyQuantizableLinear'],
  module: ['Module'],
  normalization: ['LayerNorm', 'GroupNorm'],
  pooling: ['AvgPool2d', 'MaxPool2d', 'AdaptiveAvgPool2d'],
  sparse: ['Embedding'],
  upsampling: ['Upsample'],
}

const all = new Map<string, Rule>(Object.entries({ ...python, ...numpyGlobals, ...nvidia }))
for (const [file, names] of Object.entries(modules))
  for (const name of names) all.set(`torch.nn.modules.${file}.${name}`, instance(`torch.nn.modules.${file}.${name}`))
// Checkpoints of the training loop that Stable Diffusion came with use it as a key.
all.set('pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint', named)

/** The closed list, without torch's tensors (see torch/globals.ts). */
export const plainGlobals: ReadonlyMap<string, Rule> = all

function listed(items: Plain | undefined, { spend }: Context): readonly Plain[] {
  if (!Array.isArray(items)) return []
  spend(items.length)
  return items
}

function dictionary([pairs]: readonly Plain[], { where, spend }: Context): Plain {
  if (pairs === undefined || pairs === null) return new Map()
  spend(pairs instanceof Map ? pairs.size : Array.isArray(pairs) ? pairs.length : 0)
  if (pairs instanceof Map) return new Map(pairs)
  const isPairs = Array.isArray(pairs) && pairs.every((pair) => Array.isArray(pair) && pair.length === 2)
  if (!isPairs) throw badArguments(where, 'a dictionary')
  return new Map(pairs as [Plain, Plain][])
}

/** Python 3 writes bytes as a Latin-1 text for protocols that know no bytes. */
function encode([text, encoding]: readonly Plain[], { where, spend }: Context): Plain {
  if (text instanceof Blob) return text
  if (typeof text !== 'string' || (encoding !== 'latin1' && encoding !== 'latin-1')) throw badArguments(where, 'a byte string')
  spend(text.length)
  const bytes = Buffer.from(text, 'latin1')
  return new Blob(new MemoryBytes(bytes, where), 0, bytes.length)
}

function bytearray(args: readonly Plain[], context: Context): Plain {
  const [content] = args
  if (content === undefined) return new Blob(new MemoryBytes(new Uint8Array(0), context.where), 0, 0)
  if (content instanceof Blob) return content
  return encode(args, context)
}

/** Objects of protocols 0 and 1: (class, base class, state of the base). */
function reconstructor([made, base, state]: readonly Plain[], context: Context): Plain {
  const isKnown = made instanceof Global && made.rule.call && base instanceof Global && /\.(object|dict)$/.test(base.name)
  if (!isKnown) throw badArguments(context.where, 'an object')
  return made.rule.call(state instanceof Map ? [state] : [], context)
}
