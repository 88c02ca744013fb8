import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MemoryBytes } from '../checkpoints/bytes.ts'
import { openCheckpoint } from '../checkpoints/open.ts'
import { zip, type Entry } from '../checkpoints/testing.ts'
import { readZip } from '../checkpoints/zip.ts'
import { writeTinyPack } from '../bridge/testing.ts'
import { exportPack, isPackArchive, unpackPack } from './pack-archive.ts'
import { zipDirectory, zipHeader } from './zip-layout.ts'

let folder: string
const at = (...names: string[]) => join(folder, ...names)
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'archive-'))
  await writeTinyPack(at('tiny'))
  await exportPack(at('tiny'), at('tiny.stylebridge-pack'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The pack's archive with some of its entries changed. */
function changed(change: (entries: Map<string, Entry>) => void): string {
  const entries = new Map<string, Entry>()
  const bytes = readFileSync(at('tiny.stylebridge-pack'))
  for (const [name, entry] of readZip(new MemoryBytes(bytes, 'x'))) entries.set(name, { name, data: entry.open().read(0, entry.size) })
  change(entries)
  writeFileSync(at('changed.stylebridge-pack'), zip([...entries.values()]))
  return at('changed.stylebridge-pack')
}

describe('a pack as one file', () => {
  it('comes back byte for byte, and is the same file when it is packed again', async () => {
    let last = 0
    await unpackPack(at('tiny.stylebridge-pack'), at('back'), { progress: (step, of) => expect((last = step)).toBeLessThanOrEqual(of) })
    expect(last).toBeGreaterThan(0)
    expect(readFileSync(at('back', 'pack.json'))).toEqual(readFileSync(at('tiny', 'pack.json')))
    await exportPack(at('back'), at('again.stylebridge-pack'))
    expect(readFileSync(at('again.stylebridge-pack')).equals(readFileSync(at('tiny.stylebridge-pack')))).toBe(true)
  })

  it('is known for what it is', () => {
    expect(isPackArchive(at('tiny.stylebridge-pack'))).toBe(true)
    expect(isPackArchive(at('tiny', 'pack.json'))).toBe(false)
    expect(isPackArchive(at('nowhere'))).toBe(false)
    expect(() => openCheckpoint(at('tiny.stylebridge-pack'))).toThrow(expect.objectContaining({ what: 'it is a Stylebridge pack' }))
  })

  const flip = (data: Uint8Array) => data.with(data.length - 1, data.at(-1)! ^ 1)
  it.each([
    [
      'whose weights were changed',
      'pack.wrong-hash',
      (e: Map<string, Entry>) =>
        e.set('weights/clip.safetensors', { name: 'weights/clip.safetensors', data: flip(e.get('weights/clip.safetensors')!.data) }),
    ],
    ['without one of its files', 'pack.missing-file', (e: Map<string, Entry>) => e.delete('weights/clip.safetensors')],
    ['without pack.json', 'pack.no-pack', (e: Map<string, Entry>) => e.delete('pack.json')],
    [
      'with a file that leaves its folder',
      'zip.bad-name',
      (e: Map<string, Entry>) => e.set('x', { name: '../x', data: new Uint8Array(1) }),
    ],
    [
      'whose list leaves its folder',
      'pack.path-leaves-folder',
      (e: Map<string, Entry>) =>
        e.set('pack.json', {
          name: 'pack.json',
          data: Buffer.from(Buffer.from(e.get('pack.json')!.data).toString().replace('weights/clip', '../clip')),
        }),
    ],
  ])('%s is refused (%s)', async (_, code, change) => {
    const file = changed((entries) => void change(entries))
    await expect(unpackPack(file, at('never'))).rejects.toMatchObject({ code })
  })

  it('leaves out what its list does not name', async () => {
    const file = changed((entries) => entries.set('more.txt', { name: 'more.txt', data: new Uint8Array(3) }))
    await unpackPack(file, at('plain'))
    expect(() => readFileSync(at('plain', 'more.txt'))).toThrow('ENOENT')
  })

  it('of more than four gigabytes writes its numbers in full', () => {
    const big = { name: 'weights/clip.safetensors', size: 5_000_000_000, crc: 7, at: 0 }
    const next = { name: 'pack.json', size: 4, crc: 0, at: 5_000_000_100 }
    const headers = [zipHeader(big), zipHeader(next)]
    const end = zipDirectory([big, next], next.at + headers[1]!.length + next.size)
    const size = next.at + headers[1]!.length + next.size + end.length
    // Only the end is really there; before it is nothing but zeros.
    const read = (offset: number, length: number) => {
      const from = size - end.length - offset
      const bytes = new Uint8Array(length)
      bytes.set(end.subarray(Math.max(0, -from), length - from), Math.max(0, from))
      return bytes
    }
    const entries = readZip({ where: 'big', size, read })
    expect([...entries.values()].map(({ name, size }) => [name, size])).toEqual([
      ['weights/clip.safetensors', 5_000_000_000],
      ['pack.json', 4],
    ])
  })
})
