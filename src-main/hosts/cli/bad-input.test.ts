import { cp, open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testPicture } from '../../studio/testing.ts'
import { makeWorkplace, type Workplace } from './testing.ts'

let workplace: Workplace
beforeAll(async () => {
  workplace = await makeWorkplace()
})
afterAll(() => workplace.remove())
const at = (name: string) => workplace.at(name)
const run = (...args: string[]) => workplace.run(...args)

describe('bad packs get one clear sentence', () => {
  const broken = async (name: string, change: (pack: string) => Promise<void>) => {
    await cp(at('packs/tiny'), at(name), { recursive: true })
    await change(at(name))
    return run('packs', 'verify', at(name))
  }

  it('finds one flipped byte', async () => {
    const { code, out, error } = await broken('flipped', async (pack) => {
      const file = await open(join(pack, 'weights/generator.safetensors'), 'r+')
      const { size } = await file.stat()
      const byte = Buffer.alloc(1)
      await file.read(byte, 0, 1, size - 5)
      await file.write(Buffer.from([byte[0]! ^ 1]), 0, 1, size - 5)
      await file.close()
    })
    expect(code).toBe(1)
    expect(out).toMatch(/WRONG {2}weights\/generator\.safetensors/)
    expect(error.trim()).toMatch(/1 of \d+ files are not what they should be\. .+\.$/)
  })

  it('refuses a path that leaves the folder', async () => {
    const { code, error } = await broken('leaving', async (pack) => {
      const manifest = JSON.parse(await readFile(join(pack, 'pack.json'), 'utf8')) as { files: { path: string }[] }
      manifest.files[0]!.path = '../../secret.safetensors'
      await writeFile(join(pack, 'pack.json'), JSON.stringify(manifest))
    })
    expect([code, error]).toEqual([1, expect.stringContaining('not a plain path inside the pack')])
  })

  it('refuses a header that claims terabytes', async () => {
    const { code, out } = await broken('claiming', async (pack) => {
      const file = await open(join(pack, 'weights/clip.safetensors'), 'r+')
      const length = Buffer.alloc(8)
      length.writeBigUInt64LE(5_000_000_000_000n)
      await file.write(length, 0, 8, 0)
      await file.close()
    })
    expect([code, out]).toEqual([1, expect.stringMatching(/WRONG {2}weights\/clip\.safetensors/)])
  })
})

describe('bad pictures get one clear sentence or work', () => {
  const edit = async (name: string, bytes: Uint8Array) => {
    await writeFile(at(name), bytes)
    return run('edit', at(name), '--text', 'smiling', '--out', at(`edited-${name}`))
  }
  const lastSentence = (error: string) => error.trim().split('\n').at(-1)

  it('a text file named .jpg', async () => {
    const { code, error } = await edit('letter.jpg', Buffer.from('Dear diary, today I learned about file names.'))
    expect(code).toBe(1)
    expect(lastSentence(error)).toMatch(/^letter\.jpg: .*text.*\. Choose a JPEG/)
  })

  it('an empty file', async () => {
    const { code, error } = await edit('empty.jpg', new Uint8Array(0))
    expect([code, lastSentence(error)]).toEqual([1, expect.stringMatching(/^empty\.jpg: /)])
  })

  it('a truncated PNG opens with a warning', async () => {
    const whole = await testPicture('png')
    const { code, error } = await edit('cut.png', whole.subarray(0, whole.length * 0.7))
    expect(code).toBe(0)
    expect(error).toContain('damaged or cut off')
  })

  it('a picture of 1 × 1', async () => {
    const { code, error } = await edit('dot.png', await testPicture('png', { width: 1, height: 1 }))
    expect([code, lastSentence(error)]).toEqual([1, expect.stringMatching(/too few to edit\. Choose a picture/)])
  })

  it('a picture of 40,000 × 40,000, by its header alone', async () => {
    const { code, error } = await edit('huge.png', hugePng(40_000))
    expect([code, lastSentence(error)]).toEqual([1, expect.stringMatching(/^huge\.png: it has 40000 × 40000 pixels; the limit is/)])
  })

  it('a CMYK JPEG is converted, and that is said', async () => {
    const cmyk = await sharp(await testPicture('jpeg'))
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer()
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk')
    const { code, error } = await edit('print.jpg', cmyk)
    expect([code, error]).toEqual([0, expect.stringContaining('CMYK')])
  })

  it('a 16-bit PNG stays one', async () => {
    const deep = await sharp(await testPicture('png'))
      .toColourspace('rgb16')
      .png()
      .toBuffer()
    const { code } = await edit('deep.png', deep)
    expect(code).toBe(0)
    expect((await sharp(at('edited-deep.png')).metadata()).depth).toBe('ushort')
  })
})

/** A PNG whose header says side × side and which holds next to nothing. */
function hugePng(side: number): Uint8Array {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    check.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, check])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const idat = Buffer.from('789c030000000001', 'hex')
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header), chunk('IDAT', idat), chunk('IEND', Buffer.alloc(0))])
}
