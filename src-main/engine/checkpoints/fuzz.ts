import { readFileSync } from 'node:fs'
import { StudioError } from '../../contract/errors.ts'
import { Random } from '../runtime/random.ts'
import { MemoryBytes } from './bytes.ts'
import { legacy, museum } from './museum.ts'
import { parse } from './open.ts'
import { dictionary, floats, int, little, name, raw, tensor, text, torchZip, zip } from './testing.ts'

/** What came of an input: read, or the code it was refused with. Anything else is thrown, with the input's number. */
export interface Outcome {
  readonly code: string
  /** Of the processor, so that a busy machine does not count. */
  readonly ms: number
  readonly bytes: number
  /** The largest amount that one tensor took, in bytes. */
  readonly largest: number
}

const largestSeed = 20_000
/** The first so many seeds are sound files. */
const sound = 13
const whole = { count: 6, shape: [2, 3], strides: [3, 1] }

/** Reads a file's whole content, as an importer would, tensor by tensor. Throws what is no StudioError. */
export function readWhole(bytes: Uint8Array): Outcome {
  const started = process.cpuUsage()
  let largest = 0
  let code = 'read'
  try {
    for (const found of parse(new MemoryBytes(bytes, 'a file')).tensors.values()) largest = Math.max(largest, found.read().data.byteLength)
  } catch (error) {
    if (!(error instanceof StudioError)) throw error
    code = error.code
  }
  return { code, ms: milliseconds(process.cpuUsage(started)), bytes: bytes.length, largest }
}

const milliseconds = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1000

/** Small sound files of every format, and the museum's exhibits. */
export function seeds(): Uint8Array[] {
  const numbers = floats(1, 2, 3, 4, 5, 6)
  const pickles = JSON.parse(readFileSync(new URL('testdata/pickles.json', import.meta.url), 'utf8')) as Record<string, string>
  const module = raw(
    '}(',
    text('type'),
    text('class'),
    text('class_name'),
    text('Generator'),
    text('state'),
    raw('}(', text('_parameters'), '}(', text('w'), 'N', 'uu'),
    'u',
  )
  const persistent = raw('\x80\x02', name('torch_utils.persistence', '_reconstruct_persistent_obj'), module, '\x85R.')
  const inner = legacy(raw('\x80\x02]X', little(1, 4), '0a.'))
  const header = Buffer.from(JSON.stringify({ __metadata__: { a: 'b' }, w: { dtype: 'BF16', shape: [2, 3], data_offsets: [0, 12] } }))
  const message = (field: number, body: Uint8Array) => raw((field << 3) | 2, body.length, body)
  const weights = raw('\x08\x02\x08\x03\x10\x01', message(8, raw('w')), message(9, numbers))
  return [
    ...Object.values(pickles).map((base64) => Uint8Array.from(Buffer.from(base64, 'base64'))),
    persistent,
    inner,
    raw('\x80\x04', name('torch.storage', '_load_from_bytes'), 'B', little(inner.length, 4), inner, '\x85R.'),
    torchZip(dictionary({ w: tensor(whole), t: tensor({ ...whole, shape: [3, 2], strides: [1, 3] }) }), { 0: numbers }),
    zip([
      { name: 'm/data.pkl', data: dictionary({ w: tensor(whole), n: int(3) }), isDeflated: true },
      { name: 'm/data/0', data: numbers, isDeflated: true },
      { name: 'm/constants.pkl', data: raw('\x80\x02).') },
    ]),
    raw(little(header.length, 8), header, new Uint8Array(12)),
    raw('\x08\x07', message(7, message(5, weights))),
    ...museum.map(([, , bytes]) => bytes).filter((bytes) => bytes.length > 0 && bytes.length < largestSeed),
  ]
}

/** One changed input: some bytes set, flipped, taken out, doubled or spliced in from another seed, or an archive's pickle changed and packed again. */
export function mutate(random: Random, all: readonly Uint8Array[]): Uint8Array {
  // Every other time a sound file, of which there are fewer.
  const pick = () => all[random.integer(random.integer(2) === 0 ? Math.min(sound, all.length) : all.length)]!
  let bytes = pick()
  const isPacked = random.integer(4) === 0
  const times = 1 + random.integer(4)
  for (let i = 0; i < times; i++) bytes = changed(random, bytes, pick)
  // The checksum of an archive would hide what the pickle inside does.
  return isPacked && bytes.length < 4096 ? torchZip(bytes, { 0: floats(1, 2, 3, 4, 5, 6) }) : bytes
}

const tellingBytes = [0, 1, 0x7f, 0x80, 0xff, 0x28, 0x2e, 0x52, 0x51, 0x62, 0x63, 0x68, 0x71, 0x74, 0x75, 0x81, 0x85, 0x8e, 0x93, 0x94]

function changed(random: Random, bytes: Uint8Array, other: () => Uint8Array): Uint8Array {
  if (bytes.length < 2) return raw(bytes, random.integer(256))
  const at = random.integer(bytes.length)
  const length = 1 + random.integer(Math.min(32, bytes.length - at))
  switch (random.integer(8)) {
    case 0:
      return bytes.with(at, bytes[at]! ^ (1 << random.integer(8)))
    case 1:
      return bytes.with(at, random.integer(256))
    case 2:
      return bytes.with(at, tellingBytes[random.integer(tellingBytes.length)]!)
    case 3:
      return bytes.slice(0, at + 1)
    case 4:
      return raw(bytes.subarray(0, at), bytes.subarray(at + length))
    case 5: {
      const repeated = Array.from({ length: 1 + random.integer(20) }, () => bytes.subarray(at, at + length))
      return raw(bytes.subarray(0, at), ...repeated, bytes.subarray(at))
    }
    case 6: {
      // A length or place: nothing, a little, or the edges of what fits.
      const value = [0, 1, 0x7f, 0xffff, 0x7fffffff, 0xffffffff, bytes.length, 2 ** 40][random.integer(8)]!
      const size = [1, 2, 4, 8][random.integer(4)]!
      return raw(bytes.subarray(0, at), little(value, size), bytes.subarray(Math.min(bytes.length, at + size)))
    }
    default: {
      const from = other()
      const start = random.integer(from.length)
      return raw(bytes.subarray(0, at), from.subarray(start, start + 1 + random.integer(64)), bytes.subarray(at))
    }
  }
}

/** Runs `count` inputs from a seed; `see` gets each outcome. Throws at the first that is neither read nor refused, and says which it was. */
export function fuzz(seed: number, count: number, see: (outcome: Outcome) => void): void {
  const all = seeds()
  const random = new Random(seed)
  for (let i = 0; i < count; i++) {
    const input = mutate(random, all)
    try {
      see(readWhole(input))
    } catch (cause) {
      throw new Error(`input ${i} of seed ${seed}: ${Buffer.from(input).toString('base64').slice(0, 4000)}`, { cause })
    }
  }
}
