import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StudioError } from '../../contract/errors.ts'
import { float32, floatToHalf, int64, type TensorData } from '../onnx/tensor.ts'
import { encodeSafetensors, parseSafetensors, readSafetensors, writeSafetensors } from './safetensors.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safetensors-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A file with this header text and so many zero bytes of data. */
function file(header: string | object, dataBytes: number, claimedLength?: bigint): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(claimedLength ?? BigInt(text.length))
  return Buffer.concat([length, text, Buffer.alloc(dataBytes)])
}

const entry = (from: number, to: number, shape = [(to - from) / 4], dtype = 'F32') => ({ dtype, shape, data_offsets: [from, to] })

const tensors: Record<string, TensorData> = {
  'b.weight': float32([2, 3], [1, -2, 3.5, 0, 1e-8, 6]),
  'a.half': { dtype: 'float16', shape: [3], data: floatToHalf(new Float32Array([1, -0.5, 65504])) },
  ids: int64([2], [1, -7]),
  flags: { dtype: 'bool', shape: [3], data: new Uint8Array([1, 0, 1]) },
  empty: float32([0, 4], []),
}

describe('a safetensors file', () => {
  it('returns what was written, sorted by name', async () => {
    const path = join(folder, 'round.safetensors')
    await writeSafetensors(path, tensors, { origin: 'a test' })
    const opened = await readSafetensors(path)
    expect(opened.names).toEqual(['a.half', 'b.weight', 'empty', 'flags', 'ids'])
    expect(opened.metadata).toEqual({ origin: 'a test' })
    for (const name of opened.names) expect(await opened.read(name)).toEqual(tensors[name])
    expect(Array.from((await opened.readFloat32('a.half')).data as Float32Array)).toEqual([1, -0.5, 65504])
    await opened.close()
  })

  it('has the same bytes for the same tensors, in whatever order they are given', () => {
    expect(encodeSafetensors(new Map(Object.entries(tensors).reverse()))).toEqual(encodeSafetensors(tensors))
  })

  it('leaves no temporary file behind', async () => {
    await writeSafetensors(join(folder, 'whole.safetensors'), tensors)
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('says where a tensor lies, so that a graph can point into it', async () => {
    const path = join(folder, 'place.safetensors')
    await writeSafetensors(path, tensors)
    const opened = await readSafetensors(path)
    const { offset, length } = opened.info('b.weight')
    const bytes = await readFile(path)
    expect(new Float32Array(new Uint8Array(bytes.subarray(offset, offset + length)).buffer)).toEqual(tensors['b.weight']?.data)
    await opened.close()
  })
})

describe('a damaged or hostile file is refused', () => {
  const cases: [string, string, Uint8Array][] = [
    ['has fewer than eight bytes', 'too-short', new Uint8Array(7)],
    ['claims a header of terabytes', 'header-too-large', file('{}', 0, 7_000_000_000_000n)],
    ['claims a header of 2^63 bytes', 'header-too-large', file('{}', 0, 1n << 63n)],
    ['ends within its header', 'header-past-end', file('{}', 0, 1000n)],
    ['has a header that is no JSON', 'header-not-json', file('{"a":', 0)],
    ['has a header that is no UTF-8', 'header-not-json', Buffer.concat([file('', 0, 2n), Buffer.from([0xff, 0xfe])])],
    ['has a header that is a list', 'header-not-json', file('[]', 0)],
    ['names a tensor twice', 'duplicate-name', file(`{"a":${JSON.stringify(entry(0, 4))},"\\u0061":${JSON.stringify(entry(0, 4))}}`, 4)],
    ['gives a shape twice', 'duplicate-name', file('{"a":{"dtype":"F32","shape":[1],"shape":[2],"data_offsets":[0,4]}}', 4)],
    ['has an entry without a dtype', 'bad-entry', file({ a: { shape: [1], data_offsets: [0, 4] } }, 4)],
    ['has an entry with a field nobody knows', 'bad-entry', file({ a: { ...entry(0, 4), code: 'import os' } }, 4)],
    ['has metadata that is not text', 'bad-entry', file({ __metadata__: { a: 1 } }, 0)],
    ['has negative offsets', 'bad-entry', file({ a: { dtype: 'F32', shape: [1], data_offsets: [-4, 0] } }, 4)],
    ['uses an unknown number type', 'unknown-dtype', file({ a: entry(0, 8, [1], 'F64') }, 8)],
    ['uses an inherited name as number type', 'unknown-dtype', file({ a: entry(0, 8, [1], 'constructor') }, 8)],
    ['has a negative size', 'bad-shape', file({ a: entry(0, 4, [-1, -1]) }, 4)],
    ['has a fractional size', 'bad-shape', file({ a: entry(0, 4, [0.5, 2]) }, 4)],
    ['claims a tensor of terabytes whose size overflows', 'bad-shape', file({ a: entry(0, 4, [2 ** 31, 2 ** 31, 2 ** 31]) }, 4)],
    ['claims a tensor of terabytes', 'truncated', file({ a: entry(0, 2 ** 42) }, 4)],
    ['has a length that is not its shape', 'length-mismatch', file({ a: entry(0, 8, [1]) }, 8)],
    ['has two tensors in one place', 'overlap', file({ a: entry(0, 8), b: entry(4, 12) }, 12)],
    ['has bytes between tensors', 'hole', file({ a: entry(0, 4), b: entry(8, 12) }, 12)],
    ['ends early', 'truncated', file({ a: entry(0, 8) }, 4)],
    ['goes on after its tensors', 'trailing-bytes', file({ a: entry(0, 4) }, 5)],
  ]
  it.each(cases)('%s → safetensors.%s', async (_, reason, bytes) => {
    expect(() => parseSafetensors(bytes)).toThrow(expect.objectContaining({ code: `safetensors.${reason}` }))
    const path = join(folder, 'bad.safetensors')
    await writeFile(path, bytes)
    await expect(readSafetensors(path)).rejects.toThrow(
      expect.objectContaining({ code: `safetensors.${reason}`, where: 'bad.safetensors' }),
    )
  })

  it('a missing file and a missing tensor are named', async () => {
    await expect(readSafetensors(join(folder, 'nowhere.safetensors'))).rejects.toThrow(
      expect.objectContaining({ code: 'safetensors.no-file' }),
    )
    const path = join(folder, 'some.safetensors')
    await writeSafetensors(path, tensors)
    const opened = await readSafetensors(path)
    await expect(opened.read('c')).rejects.toThrow(expect.objectContaining({ code: 'safetensors.no-such-tensor' }))
    await expect(opened.readFloat32('ids')).rejects.toThrow(expect.objectContaining({ code: 'safetensors.not-float' }))
    await opened.close()
  })

  it('any one changed or missing byte of the header gives a refusal or tensors, never another failure', () => {
    const whole = encodeSafetensors({ a: float32([2], [1, 2]), b: float32([1], [3]) })
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), (place, value, cut) => {
        const bytes = cut ? whole.slice(0, place) : whole.with(place, value)
        try {
          parseSafetensors(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(StudioError)
        }
      }),
      { seed: 3, numRuns: 2000 },
    )
  })
})
