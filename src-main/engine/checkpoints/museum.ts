import { dictionary, floats, int, little, name, raw, tensor, text, torchZip, zip } from './testing.ts'

/** Files that were made to harm or mislead: [what it does, the code it is refused with, its bytes]. Nothing here may ever run. */
export type Exhibit = readonly [title: string, code: string, bytes: Uint8Array<ArrayBuffer>]

/** Where the calling pickles would leave a trace. */
export const trace = 'stylebridge-museum-executed'
const touch = `S'touch ${trace}'\n`
const good = { key: '0', count: 6, shape: [2, 3], strides: [3, 1] }
const withTensor = (o: Partial<typeof good> & { offset?: number; type?: string }, storage = floats(1, 2, 3, 4, 5, 6)) =>
  torchZip(dictionary({ w: tensor({ ...good, ...o }) }), { 0: storage })

const calls: Exhibit[] = [
  ['calls os.system', 'pickle.unknown-global', raw('\x80\x02', name('os', 'system'), '(', touch, 'tR.')],
  ['calls posix.system by an old instruction', 'pickle.unknown-global', raw(`(iposix\nsystem\n${touch}.`)],
  ['calls nt.system through OBJ', 'pickle.unknown-global', raw('\x80\x02(', name('nt', 'system'), touch, 'o.')],
  ['calls builtins.eval', 'pickle.unknown-global', raw('\x80\x02', name('builtins', 'eval'), "(S'1'\ntR.")],
  ['calls __builtin__.exec', 'pickle.unknown-global', raw('\x80\x02', name('__builtin__', 'exec'), "(S'1'\ntR.")],
  ['writes a listed module with a capital letter', 'pickle.unknown-global', raw('\x80\x02', name('Collections', 'OrderedDict'), ')R.')],
  ['writes a listed name with a capital letter', 'pickle.unknown-global', raw('\x80\x02', name('collections', 'ORDEREDDICT'), ')R.')],
  [
    'writes a listed name with a look-alike letter',
    'pickle.unknown-global',
    raw('\x80\x04\x8c\x0bcollections', raw('\x8c\x0c', Buffer.from('ОrderedDict')), '\x93.'),
  ],
  [
    'reaches through a listed name for an attribute',
    'pickle.unknown-global',
    raw('\x80\x04', text('collections'), text('abc.sys.modules'), '\x93.'),
  ],
  ['names a listed function by an alias', 'pickle.unknown-global', raw('\x80\x02', name('torch.serialization', 'load'), "(S'x'\ntR.")],
  ['loads a nested pickle by name', 'pickle.unknown-global', raw('\x80\x02', name('pickle', 'loads'), "(S'x'\ntR.")],
  ['imports by importlib', 'pickle.unknown-global', raw('\x80\x02', name('importlib', 'import_module'), "(S'os'\ntR.")],
  ['gets an attribute', 'pickle.unknown-global', raw('\x80\x02', name('builtins', 'getattr'), '(NNtR.')],
  ['maps a function', 'pickle.unknown-global', raw('\x80\x02', name('builtins', 'map'), '(NNtR.')],
  ['uses a JavaScript name', 'pickle.unknown-global', raw('\x80\x02', name('constructor', 'constructor'), "(S'x'\ntR.")],
  ['uses __proto__ as a name', 'pickle.unknown-global', raw('\x80\x02', name('__proto__', '__proto__'), ')R.')],
  [
    'builds the name from pieces and calls it',
    'pickle.unknown-global',
    raw('\x80\x04', text('os'), text('popen'), '\x93', touch, '\x85R.'),
  ],
  ['calls a type that is only a name', 'pickle.calls', raw('\x80\x02', name('torch', 'FloatStorage'), '(K\x05tR.')],
  ['calls a text', 'pickle.calls', raw('\x80\x02', text('os.system'), '(', touch, 'tR.')],
  ['calls what a call gave', 'pickle.calls', raw('\x80\x02', name('collections', 'OrderedDict'), ')R)R.')],
  ['calls a listed name with something that is no list', 'pickle.calls', raw('\x80\x02', name('collections', 'OrderedDict'), 'NR.')],
  [
    'makes an object with named arguments',
    'pickle.calls',
    raw('\x80\x04', name('argparse', 'Namespace'), ')}', text('a'), text('b'), 's\x92.'),
  ],
  ['names by the extension registry', 'pickle.extension', raw('\x80\x02\x82\x01)R.')],
  ['takes a buffer from outside', 'pickle.persistent', raw('\x80\x05\x97.')],
  ['refers to data outside', 'pickle.persistent', raw('\x80\x02', text('x'), 'Q.')],
  ['sets the state of a list', 'pickle.build', raw('\x80\x02]}b.')],
  ['reconstructs an unlisted class', 'pickle.unknown-global', raw('ccopy_reg\n_reconstructor\n(cos\nsystem\nc__builtin__\nobject\nNtR.')],
  [
    'gives a persistent class no state',
    'pickle.bad-arguments',
    raw('\x80\x02', name('torch_utils.persistence', '_reconstruct_persistent_obj'), '(}tR.'),
  ],
]

const machine: Exhibit[] = [
  ['ends in the middle', 'pickle.truncated', raw('\x80\x02]')],
  ['takes from an empty stack', 'pickle.stack', raw('\x80\x020.')],
  ['takes what lies under a mark', 'pickle.stack', raw('\x80\x02K\x01(a.')],
  ['closes a group that was not opened', 'pickle.stack', raw('\x80\x02t.')],
  ['appends to a tuple', 'pickle.stack', raw('\x80\x02)K\x01a.')],
  ['fills a dictionary with half a pair', 'pickle.stack', raw('\x80\x02}(K\x01u.')],
  ['recalls what it never remembered', 'pickle.memo', raw('\x80\x02h\x07.')],
  ['remembers under a name that is no number', 'pickle.memo', raw(']p__proto__\n.')],
  ['has an instruction that does not exist', 'pickle.unknown-opcode', raw('\x80\x02\xff.')],
  ['is of a protocol to come', 'pickle.protocol', raw('\x80\x05\x80\x09N.')],
  ['announces a text of 2 GB', 'pickle.huge-text', raw('\x80\x02X', little(0x7fffffff, 4), 'a.')],
  ['announces bytes of 2^60', 'pickle.truncated', raw('\x80\x04\x8e', little(1n << 60n, 8), 'a.')],
  ['announces a negative length', 'pickle.truncated', raw('\x80\x02T', little(-5, 4), 'a.')],
  ['announces an integer of a gigabyte', 'pickle.huge-number', raw('\x80\x02\x8b', little(0x40000000, 4), '\x01.')],
  ['writes an integer of ten thousand digits', 'pickle.number', raw('(L', '9'.repeat(10_000), 'L\nt.')],
  ['announces a frame beyond its end', 'pickle.truncated', raw('\x80\x04\x95', little(1n << 40n, 8), 'N.')],
  ['has a text that is not UTF-8', 'pickle.not-text', raw('\x80\x02X', little(2, 4), '\xc3\x28.')],
  ['has a line without end', 'pickle.huge-text', raw('(I', '1'.repeat(100_000), '\nt.')],
  ['copies a list over and over', 'pickle.bomb', bomb()],
  ['takes millions of steps', 'pickle.too-long', raw('\x80\x02', 'N0'.repeat(1_000_001), 'N.')],
  ['contains itself without end', 'checkpoint.too-tangled', laughs()],
]

/** A list of ten thousand, made into a new list fifty thousand times. */
function bomb(): Uint8Array<ArrayBuffer> {
  const list = raw('(', 'N'.repeat(10_000), 'lq\x00')
  const copy = raw(name('builtins', 'list'), 'q\x010')
  return raw('\x80\x02', list, '0', copy, 'h\x01h\x00\x85R'.repeat(5_000), '.')
}

/** Lists of ten times the list before: 10^20 leaves in three hundred bytes. */
function laughs(): Uint8Array<ArrayBuffer> {
  const levels = Array.from({ length: 20 }, (_, i) => raw('(', ...Array<Uint8Array>(10).fill(raw('h', i)), 'lq', i + 1, '0'))
  return raw('\x80\x02]q\x000', ...levels, 'h\x14.')
}

const tensors: Exhibit[] = [
  ['claims a tensor of terabytes', 'tensor.bad-shape', withTensor({ shape: [0x7fffffff, 0x7fffffff, 0x7fffffff], strides: [0, 0, 0] })],
  ['claims a tensor larger than its storage', 'tensor.outside-storage', withTensor({ shape: [3, 3] })],
  ['steps out of its storage', 'tensor.outside-storage', withTensor({ strides: [3, 2] })],
  ['begins behind its storage', 'tensor.outside-storage', withTensor({ offset: 1 })],
  ['steps backwards', 'tensor.bad-shape', withTensor({ strides: [-3, 1] })],
  ['has a negative size', 'tensor.bad-shape', withTensor({ shape: [-2, 3] })],
  ['has a size of half a number', 'tensor.bad-shape', torchZip(halfShape(), { 0: floats(1, 2) })],
  ['has a storage that claims more than it has', 'torch.wrong-count', withTensor({ count: 1_000_000 })],
  ['has a storage that is missing', 'torch.missing-storage', withTensor({ key: '7' })],
  ['names a storage by a path', 'pickle.bad-arguments', withTensor({ key: '../../etc/passwd' })],
  [
    'gives one storage two sizes',
    'pickle.bad-arguments',
    torchZip(dictionary({ a: tensor(good), b: tensor({ ...good, count: 4, shape: [4], strides: [1] }) }), { 0: floats(1, 2, 3, 4, 5, 6) }),
  ],
  ['has numbers of an unknown type', 'pickle.unknown-global', withTensor({ type: 'QUInt8Storage' })],
  ['was written big-endian', 'torch.big-endian', torchZip(dictionary({}), {}, [{ name: 'a/byteorder', data: Buffer.from('big') }])],
  ['lists its storages in a legacy file twice', 'torch.no-storages', legacy(raw('\x80\x02](X', little(1, 4), '0X', little(1, 4), '0e.'))],
  ['counts a legacy storage wrongly', 'torch.wrong-count', legacy(raw('\x80\x02](X', little(1, 4), '0e.'), 99)],
  ['ends before its last legacy storage', 'checkpoint.truncated', legacy(raw('\x80\x02](X', little(1, 4), '0e.')).slice(0, -4)],
]

/** A shape of [0.5]. */
function halfShape(): Uint8Array {
  const half = raw('G', Buffer.from([0x3f, 0xe0, 0, 0, 0, 0, 0, 0]))
  const storage = raw('(', text('storage'), name('torch', 'FloatStorage'), text('0'), text('cpu'), int(2), 'tQ')
  return raw('\x80\x02', name('torch._utils', '_rebuild_tensor_v2'), '(', storage, int(0), half, '\x85', int(1), '\x85', '\x89NtR.')
}

/** torch's legacy format with one storage of six numbers, and these keys. */
export function legacy(keys: Uint8Array, stored = 6): Uint8Array<ArrayBuffer> {
  const magic = raw('\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.')
  const head = raw(magic, '\x80\x02M\xe9\x03.', dictionary({ little_endian: raw('\x88') }))
  return raw(head, dictionary({ w: tensor(good) }), keys, little(stored, 8), floats(1, 2, 3, 4, 5, 6))
}

const pickle = dictionary({})
const entry = { name: 'a/data.pkl', data: pickle }
const archives: Exhibit[] = [
  ['leaves its folder', 'zip.bad-name', zip([entry, { name: '../../outside', data: pickle }])],
  ['has an absolute path', 'zip.bad-name', zip([entry, { name: '/etc/passwd', data: pickle }])],
  ['has a path of Windows', 'zip.bad-name', zip([entry, { name: 'C:\\windows\\x', data: pickle }])],
  ['has a name that is not UTF-8', 'zip.bad-name', zip([entry, { name: Uint8Array.of(0x61, 0xff, 0xfe), data: pickle }])],
  ['has a name with a NUL', 'zip.bad-name', zip([entry, { name: 'a/data\0.pkl', data: pickle }])],
  ['holds a name twice', 'zip.name-twice', zip([entry, entry])],
  ['holds a link', 'zip.link', zip([entry, { name: 'a/data/0', data: Buffer.from('/etc/passwd'), attributes: 0xa1ff0000 }])],
  ['is encrypted', 'zip.encrypted', zip([{ ...entry, flags: 1 }])],
  ['is packed by a method that nobody knows', 'zip.method', zip([{ ...entry, method: 99 }])],
  ['would grow without end', 'zip.bomb', zip([{ name: 'a/data.pkl', data: Buffer.alloc(8 << 20), isDeflated: true }])],
  [
    'hides how much it grows',
    'zip.bad-deflate',
    zip([{ name: 'a/data.pkl', data: Buffer.alloc(8 << 20), isDeflated: true, claim: { size: 100 } }]),
  ],
  ['grows less than it says', 'zip.bad-size', zip([{ name: 'a/data.pkl', data: pickle, isDeflated: true, claim: { size: 1000 } }])],
  ['claims two sizes for one entry', 'zip.bad-size', zip([{ ...entry, claim: { size: 1 << 20 } }])],
  ['claims gigabytes that are not there', 'zip.overlap', zip([{ ...entry, claim: { size: 2 ** 31, packed: 2 ** 31 } }])],
  [
    'lays one entry over another',
    'zip.overlap',
    zip([
      { name: 'a/data/0', data: Buffer.alloc(64) },
      { ...entry, claim: { at: 8 } },
    ]),
  ],
  ['points into the middle of nowhere', 'zip.bad-entry', zip([{ ...entry, claim: { at: 3 } }])],
  ['has another name inside than outside', 'zip.bad-entry', zip([{ ...entry, ownName: 'a/data.txt' }])],
  ['has a wrong checksum', 'zip.damaged', zip([{ ...entry, claim: { crc: 1 } }])],
  ['claims more entries than it has', 'zip.no-directory', zip([entry], { count: 60_000 })],
  ['was cut short', 'zip.no-directory', zip([entry]).slice(0, -30)],
  ['hides its directory behind a comment', 'zip.no-directory', raw(zip([entry], { comment: 'x'.repeat(50) }).slice(0, -1))],
]

const others: Exhibit[] = [
  ['is empty', 'checkpoint.empty', new Uint8Array(0)],
  ['is a web page', 'checkpoint.no-checkpoint', raw('<!DOCTYPE html><html><body>Sign in</body></html>')],
  ['is a pointer of Git LFS', 'checkpoint.no-checkpoint', raw('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n')],
  ['is a text', 'checkpoint.no-checkpoint', raw('hello there, this is a text')],
  ['is a safetensors file with a header of terabytes', 'safetensors.header-too-large', raw(little(7_000_000_000_000n, 8), '{}')],
  ['is a safetensors file with overlapping tensors', 'safetensors.overlap', overlapping()],
  ['is an ONNX file that announces more than it has', 'onnx.truncated', raw('\x08\x07\x3a\xff\xff\xff\xff\x07')],
  ['is an ONNX file whose weights lie elsewhere', 'onnx.external-data', external()],
]

function overlapping(): Uint8Array<ArrayBuffer> {
  const one = { dtype: 'F32', shape: [2], data_offsets: [0, 8] }
  const header = Buffer.from(JSON.stringify({ a: one, b: { ...one, data_offsets: [4, 12] } }))
  return raw(little(header.length, 8), header, Buffer.alloc(12))
}

function external(): Uint8Array<ArrayBuffer> {
  const message = (field: number, body: Uint8Array) => raw((field << 3) | 2, body.length, body)
  const place = message(13, raw(message(1, raw('location')), message(2, raw('/etc/passwd'))))
  const weights = raw('\x08\x01\x10\x01', message(8, raw('w')), place, '\x70\x01')
  return raw('\x08\x07', message(7, message(5, weights)))
}

export const museum: readonly Exhibit[] = [...calls, ...machine, ...tensors, ...archives, ...others]
