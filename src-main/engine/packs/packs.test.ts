import { mkdir, mkdtemp, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { float32 } from '../onnx/tensor.ts'
import { listPacks } from './list.ts'
import { openPack, verifyPack } from './pack.ts'
import { isSafePath } from './paths.ts'
import { statisticsTensors } from './statistics.ts'
import { tinyDraft } from './testing.ts'
import { writePack, type PackDraft } from './write.ts'

let parent: string
let folder: string
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'packs-'))
  folder = join(parent, 'tiny')
})
afterEach(() => rm(parent, { recursive: true }))

const weights = { 'mapping.fc0.bias': float32([16], new Float32Array(16).fill(2)) }
const write = (changes: Partial<PackDraft> = {}) =>
  writePack(folder, tinyDraft(changes), { 'weights/generator.safetensors': { tensors: weights } })

/** Changes pack.json as a stranger might. */
type LooseManifest = Record<string, unknown> & { files: Record<string, unknown>[] }
async function tamper(change: (manifest: LooseManifest) => void): Promise<void> {
  const file = join(folder, 'pack.json')
  const manifest = JSON.parse(await readFile(file, 'utf8')) as LooseManifest
  change(manifest)
  await writeFile(file, JSON.stringify(manifest))
}

const refusal = (code: string) => expect.objectContaining({ code }) as unknown

describe('a pack', () => {
  it('is opened as it was written, under one hash', async () => {
    const written = await write()
    const pack = await openPack(folder)
    expect(pack.manifest).toEqual(written)
    expect(pack.hash).toMatch(/^[0-9a-f]{64}$/)
    expect((await pack.parameters('generator')).tensor('mapping.fc0.bias')).toEqual(weights['mapping.fc0.bias'])
    await write()
    expect((await openPack(folder)).hash).toBe(pack.hash)
    expect(await readdir(parent)).toEqual(['tiny'])
  })

  it('says that it is not aligned', async () => {
    await write()
    await expect((await openPack(folder)).statistics()).rejects.toThrow(/not aligned/)
  })

  it('has statistics of its own sizes', async () => {
    const s = tinyDraft().styleLayout.reduce((sum, layer) => sum + layer.channels, 0)
    const vector = (n: number) => new Float32Array(n).fill(0.5)
    const statistics = {
      ...{
        fCenterImage: vector(8),
        fCenterText: vector(8),
        wCenter: vector(16),
        sCenter: vector(s),
        wDeviation: vector(16),
        sDeviation: vector(s),
      },
      ...{ fCovariance: vector(64), textFilter: vector(64), fSpreadImage: 1, fSpreadText: 0.5 },
    }
    await writePack(folder, tinyDraft(), { 'statistics.safetensors': { tensors: statisticsTensors(statistics) } })
    expect(await (await openPack(folder)).statistics()).toEqual(statistics)
    await writePack(folder, tinyDraft(), {
      'statistics.safetensors': { tensors: statisticsTensors({ ...statistics, sCenter: vector(s - 1) }) },
    })
    await expect((await openPack(folder)).statistics()).rejects.toThrow(refusal('pack.wrong-statistics'))
  })
})

describe('a damaged or hostile pack is refused', () => {
  const generator = () => join(folder, 'weights', 'generator.safetensors')

  it('with one flipped byte', async () => {
    await write()
    const bytes = await readFile(generator())
    bytes[bytes.length - 1]! ^= 1
    await writeFile(generator(), bytes)
    await expect(openPack(folder)).rejects.toThrow(refusal('pack.wrong-hash'))
    const { sound, files } = await verifyPack(folder)
    expect(sound).toBe(false)
    expect(files[0]?.error?.code).toBe('pack.wrong-hash')
  })

  it('with a file cut short, before anything is hashed', async () => {
    await write()
    await writeFile(generator(), (await readFile(generator())).subarray(0, 40))
    await expect(openPack(folder)).rejects.toThrow(refusal('pack.wrong-size'))
  })

  it('with a file missing', async () => {
    await write()
    await rm(generator())
    await expect(openPack(folder)).rejects.toThrow(refusal('pack.missing-file'))
  })

  it('with a folder in place of a file', async () => {
    await write()
    await rm(generator())
    await mkdir(generator())
    await expect(openPack(folder)).rejects.toThrow(refusal('pack.not-a-file'))
  })

  it.each([
    '../secret.safetensors',
    '/etc/passwd',
    'weights/../../x',
    'C:\\x',
    'weights\\x',
    'a\u0000b',
    'weights/./x',
    'weights//x',
    '.hidden',
    'aux.txt',
    'pack.json',
  ])('with the path %j', async (path) => {
    await write()
    await tamper((manifest) => (manifest.files[0]!['path'] = path))
    await expect(openPack(folder)).rejects.toThrow(refusal('pack.path-leaves-folder'))
  })

  it('with a link that leaves the folder', async () => {
    await write()
    const outside = join(parent, 'outside.safetensors')
    await rename(generator(), outside)
    await symlink(outside, generator())
    await expect(openPack(folder)).rejects.toThrow(refusal('pack.path-leaves-folder'))
  })

  it('with a header that claims terabytes', async () => {
    await write()
    const bytes = await readFile(generator())
    bytes.writeBigUInt64LE(1n << 43n)
    await writeFile(generator(), bytes)
    await expect(openPack(folder, { verify: 'sizes' })).rejects.toThrow(refusal('safetensors.header-too-large'))
  })

  it('of a newer format', async () => {
    await write()
    await tamper((manifest) => (manifest['format'] = 2))
    await expect(openPack(folder)).rejects.toThrow(refusal('pack.newer-format'))
  })

  it('with a field that is wrong, naming it', async () => {
    await write()
    await tamper((manifest) => (manifest['noun'] = 7))
    await expect(openPack(folder)).rejects.toThrow(/"noun" in pack.json/)
  })

  it('with a file twice, one written differently', async () => {
    await write()
    await tamper((manifest) => manifest.files.push({ ...manifest.files[0], path: 'Weights/Generator.safetensors' }))
    await expect(openPack(folder)).rejects.toThrow(refusal('pack.file-twice'))
  })

  it('with another size than its generator', async () => {
    await write()
    await tamper((manifest) => (manifest['imageSize'] = 32))
    await expect(openPack(folder)).rejects.toThrow(refusal('pack.size-mismatch'))
  })

  it('with a style layout that is not its generator’s', async () => {
    await write()
    await tamper((manifest) => (manifest['styleLayout'] = []))
    await expect(openPack(folder)).rejects.toThrow(refusal('pack.layout-mismatch'))
  })

  it('without pack.json, and with one that is no JSON', async () => {
    await expect(openPack(folder)).rejects.toThrow(refusal('pack.no-pack'))
    await write()
    await writeFile(join(folder, 'pack.json'), '{')
    await expect(openPack(folder)).rejects.toThrow(refusal('pack.not-json'))
  })

  it('with a pack.json of absurd size', async () => {
    await write()
    await writeFile(join(folder, 'pack.json'), Buffer.alloc(5_000_000, ' '))
    await expect(openPack(folder)).rejects.toThrow(refusal('pack.manifest-too-large'))
  })
})

describe('listing packs', () => {
  it('passes over half-written ones and names damaged ones', async () => {
    await write()
    await mkdir(join(parent, '.other.part'))
    await mkdir(join(parent, 'empty'))
    await mkdir(join(parent, 'bad'))
    await writeFile(join(parent, 'bad', 'pack.json'), '{')
    const listings = await listPacks([parent, join(parent, 'nowhere')])
    expect(listings.map((l) => ('pack' in l ? l.pack.manifest.id : l.error.code))).toEqual(['pack.not-json', 'tiny'])
  })

  it('puts back a pack whose replacement was killed half-way', async () => {
    await write()
    await rename(folder, join(parent, '.tiny.old'))
    const listings = await listPacks([parent])
    expect(listings.map((l) => 'pack' in l && l.pack.manifest.id)).toEqual(['tiny'])
  })

  it('a write that fails leaves the old pack as it was', async () => {
    const written = await write()
    await expect(writePack(folder, tinyDraft(), { 'weights/clip.safetensors': { copyOf: join(parent, 'nowhere') } })).rejects.toThrow()
    expect((await openPack(folder)).manifest).toEqual(written)
    expect(await readdir(parent)).toEqual(['tiny'])
  })
})

it('a safe path is relative, plain and not hidden', () => {
  expect(['weights/clip.safetensors', 'tokenizer.json', 'a_b-c.2/x'].every(isSafePath)).toBe(true)
  expect(['', '/', '..', 'a/', 'a/..', 'CON', 'x.', 'ä'].some(isSafePath)).toBe(false)
})
