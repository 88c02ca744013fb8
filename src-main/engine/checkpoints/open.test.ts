import { copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { legacy } from './museum.ts'
import { openCheckpoint } from './open.ts'
import { dictionary, floats, little, raw, tensor, torchZip, zip } from './testing.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'open-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const put = (name: string, bytes: Uint8Array) => {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}
const whole = { count: 6, shape: [2, 3], strides: [3, 1] }
const numbers = floats(1, 2, 3, 4, 5, 6)

describe('tensors of torch', () => {
  it('come out in C order whatever their strides are, from one shared storage', async () => {
    const opened = openCheckpoint(
      put(
        'views.pt',
        torchZip(
          dictionary({
            whole: tensor(whole),
            turned: tensor({ ...whole, shape: [3, 2], strides: [1, 3] }),
            column: tensor({ ...whole, shape: [2], strides: [3], offset: 1 }),
            single: tensor({ ...whole, shape: [], strides: [], offset: 5 }),
            repeated: tensor({ ...whole, shape: [2, 2], strides: [0, 1] }),
            none: tensor({ ...whole, shape: [0, 3], strides: [3, 1] }),
          }),
          { 0: numbers },
        ),
      ),
    )
    const values = async (name: string) => Array.from((await opened.read(name)).data as Float32Array)
    expect(opened.format).toBe('torch')
    expect(await values('whole')).toEqual([1, 2, 3, 4, 5, 6])
    expect(await values('turned')).toEqual([1, 4, 2, 5, 3, 6])
    expect(await values('column')).toEqual([2, 5])
    expect(await values('single')).toEqual([6])
    expect(await values('repeated')).toEqual([1, 2, 1, 2])
    expect(await values('none')).toEqual([])
    expect(opened.tensors.get('whole')!.storage).toBe(opened.tensors.get('turned')!.storage)
    opened.close()
  })

  it.each([
    ['BFloat16Storage', Uint8Array.from([0x80, 0x3f, 0x00, 0xc0]), 'float32', [1, -2]],
    ['HalfStorage', Uint8Array.from([0x00, 0x3c, 0x00, 0xc0]), 'float16', [0x3c00, 0xc000]],
    ['DoubleStorage', new Uint8Array(Float64Array.of(1.5, -2).buffer), 'float32', [1.5, -2]],
    ['LongStorage', new Uint8Array(BigInt64Array.of(5n, -6n).buffer), 'int64', [5n, -6n]],
    ['CharStorage', Uint8Array.of(5, 250), 'int32', [5, -6]],
    ['BoolStorage', Uint8Array.of(1, 0), 'bool', [1, 0]],
  ] as const)('of %s', async (type, bytes, dtype, expected) => {
    const opened = openCheckpoint(
      put('types.pt', torchZip(dictionary({ w: tensor({ count: 2, shape: [2], strides: [1], type }) }), { 0: bytes })),
    )
    const read = await opened.read('w')
    expect(read.dtype).toBe(dtype)
    expect([...read.data]).toEqual(expected)
    opened.close()
  })

  it('from the format before zip, and from an archive that was packed again', async () => {
    const old = openCheckpoint(put('old.pth', legacy(raw('\x80\x02]X', little(1, 4), '0a.'))))
    expect(old.format).toBe('torch-legacy')
    expect(Array.from((await old.read('w')).data as Float32Array)).toEqual([1, 2, 3, 4, 5, 6])
    old.close()
    const entries = { 'm/data.pkl': dictionary({ w: tensor(whole) }), 'm/data/0': numbers }
    const packed = openCheckpoint(put('packed.pt', zip(Object.entries(entries).map(([name, data]) => ({ name, data, isDeflated: true })))))
    expect(Array.from((await packed.read('w')).data as Float32Array)).toEqual([1, 2, 3, 4, 5, 6])
    packed.close()
  })

  it('a view that claims gigabytes by repeating one number is refused when it is read', async () => {
    const opened = openCheckpoint(
      put('wide.pt', torchZip(dictionary({ w: tensor({ ...whole, shape: [2 ** 30], strides: [0] }) }), { 0: numbers })),
    )
    await expect(opened.read('w')).rejects.toMatchObject({ code: 'tensor.expanded' })
    await expect(opened.read('v')).rejects.toMatchObject({ code: 'checkpoint.no-such-tensor' })
    opened.close()
  })
})

describe('a folder', () => {
  const part = (name: string, value: number) => {
    const header = Buffer.from(JSON.stringify({ [name]: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }))
    return raw(little(header.length, 8), header, floats(value))
  }
  const index = (map: object) => Buffer.from(JSON.stringify({ weight_map: map }))

  it('with an index is read part by part, links included', async () => {
    put('one.safetensors', part('a', 1))
    put('two-there.safetensors', part('b', 2))
    symlinkSync('two-there.safetensors', join(folder, 'two.safetensors'))
    put('model.safetensors.index.json', index({ a: 'one.safetensors', b: 'two.safetensors' }))
    const opened = openCheckpoint(folder)
    expect([...opened.tensors.keys()]).toEqual(['a', 'b'])
    expect((await opened.read('b')).data).toEqual(Float32Array.of(2))
    expect(opened.files).toHaveLength(2)
    opened.close()
  })

  it.each([
    ['names a part outside', { a: '../one.safetensors' }, 'folder.bad-name'],
    ['names what no part holds', { a: 'one.safetensors', c: 'one.safetensors' }, 'folder.missing-tensor'],
    ['is empty', {}, 'folder.bad-index'],
  ])('whose index %s is refused', (_, map, code) => {
    put('model.safetensors.index.json', index(map))
    expect(() => openCheckpoint(folder)).toThrow(expect.objectContaining({ code }))
  })

  it('whose parts hold a tensor twice, or that has no weights, is refused', () => {
    copyFileSync(join(folder, 'one.safetensors'), join(folder, 'again.safetensors'))
    put('model.safetensors.index.json', index({ a: 'one.safetensors', b: 'again.safetensors' }))
    expect(() => openCheckpoint(folder)).toThrow(expect.objectContaining({ code: 'folder.tensor-twice' }))
    rmSync(join(folder, 'model.safetensors.index.json'))
    expect(() => openCheckpoint(folder)).toThrow(expect.objectContaining({ code: 'folder.no-weights' }))
  })
})

it('a file that is not there, and a name that no file has', () => {
  expect(() => openCheckpoint(join(folder, 'nowhere.pt'))).toThrow(
    expect.objectContaining({ code: 'checkpoint.no-file', where: 'nowhere.pt' }),
  )
})
