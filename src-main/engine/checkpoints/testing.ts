import { crc32, deflateRawSync } from 'node:zlib'

/** Bytes of a hand-made pickle: texts are Latin-1, numbers single bytes. */
export const raw = (...parts: (string | number | Uint8Array)[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(
    Buffer.concat(parts.map((p) => (typeof p === 'number' ? Buffer.of(p) : typeof p === 'string' ? Buffer.from(p, 'latin1') : p))),
  )

/** A number in little-endian bytes. */
export function little(value: number | bigint, bytes: number): Uint8Array {
  const out = Buffer.alloc(8)
  out.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)))
  return out.subarray(0, bytes)
}

/** A text as BINUNICODE. */
export const text = (value: string): Uint8Array => raw('X', little(Buffer.byteLength(value), 4), Buffer.from(value))
/** An integer as BININT. */
export const int = (value: number): Uint8Array => raw('J', little(value, 4))
/** A listed or unlisted name as GLOBAL. */
export const name = (module: string, member: string): Uint8Array => raw(`c${module}\n${member}\n`)

/** One entry of a hand-made archive; what is given here is written as it is, right or wrong. */
export interface Entry {
  readonly name: string | Uint8Array
  readonly data: Uint8Array
  readonly isDeflated?: boolean
  /** What the directory claims instead of the truth. */
  readonly claim?: { readonly size?: number; readonly packed?: number; readonly at?: number; readonly crc?: number }
  readonly flags?: number
  readonly method?: number
  readonly attributes?: number
  /** Name in the entry's own header, if another. */
  readonly ownName?: string
}

/** A zip archive. `count` is what its end claims. */
export function zip(entries: readonly Entry[], { count = entries.length, comment = '' } = {}): Uint8Array<ArrayBuffer> {
  const bodies: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let at = 0
  for (const { name, data, isDeflated = false, claim = {}, flags = 0, method = isDeflated ? 8 : 0, attributes = 0, ownName } of entries) {
    const packed = isDeflated ? deflateRawSync(data) : data
    const asBytes = (value: string | Uint8Array) => (typeof value === 'string' ? Buffer.from(value) : value)
    const [shown, own] = [asBytes(name), asBytes(ownName ?? name)]
    const sizes = raw(little(claim.crc ?? crc32(data), 4), little(claim.packed ?? packed.length, 4), little(claim.size ?? data.length, 4))
    const head = raw(little(20, 2), little(flags, 2), little(method, 2), little(0, 4), sizes)
    directory.push(
      raw(
        'PK\x01\x02',
        little(20, 2),
        head,
        little(shown.length, 2),
        little(0, 8),
        little(attributes, 4),
        little(claim.at ?? at, 4),
        shown,
      ),
    )
    bodies.push(raw('PK\x03\x04', head, little(own.length, 2), little(0, 2), own, packed))
    at += bodies.at(-1)!.length
  }
  const list = Buffer.concat(directory)
  const end = raw(
    'PK\x05\x06',
    little(0, 4),
    little(count, 2),
    little(count, 2),
    little(list.length, 4),
    little(at, 4),
    little(comment.length, 2),
    comment,
  )
  return raw(...bodies, list, end)
}

/** A torch archive whose data.pkl is this, with these storages. */
export function torchZip(
  pickle: Uint8Array,
  storages: Readonly<Record<string, Uint8Array>> = {},
  extra: readonly Entry[] = [],
): Uint8Array<ArrayBuffer> {
  return zip([
    { name: 'a/data.pkl', data: pickle },
    ...Object.entries(storages).map(([key, data]) => ({ name: `a/data/${key}`, data })),
    { name: 'a/version', data: Buffer.from('3\n') },
    ...extra,
  ])
}

/** A tensor over storage `key` with `count` numbers, as torch writes it. */
export function tensor(o: {
  readonly key?: string
  readonly count: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]
  readonly offset?: number
  readonly type?: string
}): Uint8Array {
  const tuple = (numbers: readonly number[]) => raw('(', ...numbers.map(int), 't')
  const storage = raw('(', text('storage'), name('torch', o.type ?? 'FloatStorage'), text(o.key ?? '0'), text('cpu'), int(o.count), 'tQ')
  const rest = raw(int(o.offset ?? 0), tuple(o.shape), tuple(o.strides), '\x89', name('collections', 'OrderedDict'), ')R')
  return raw(name('torch._utils', '_rebuild_tensor_v2'), '(', storage, rest, 'tR')
}

/** A pickle of a dictionary. */
export const dictionary = (items: Readonly<Record<string, Uint8Array>>): Uint8Array =>
  raw('\x80\x02}(', ...Object.entries(items).map(([key, value]) => raw(text(key), value)), 'u.')

export const floats = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer)
