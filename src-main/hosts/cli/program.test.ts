import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSafetensors } from '../../engine/checkpoints/safetensors.ts'
import { readRecipe } from '../../engine/photos/export.ts'
import { makeWorkplace, type Workplace } from './testing.ts'

let workplace: Workplace
beforeAll(async () => {
  workplace = await makeWorkplace()
})
afterAll(() => workplace.remove())
const at = (name: string) => workplace.at(name)
const run = (...args: string[]) => workplace.run(...args)

describe('usage', () => {
  it('tells its version and helps', async () => {
    expect(await run('--version')).toMatchObject({ code: 0, out: '1.2.3\n' })
    const { code, out } = await run('--help')
    for (const command of ['edit', 'variations', 'generate', 'invert', 'packs', 'evaluate', 'bench', 'serve'])
      expect(out).toContain(command)
    expect(code).toBe(0)
  })

  it.each([
    [[], ''],
    [['paint'], 'unknown command'],
    [['edit', 'x.jpg'], '--text'],
    [['edit', 'x.jpg', '--text', 'a', '--strength', '4'], 'from −3 to 3'],
    [['edit', 'x.jpg', '--text', 'a', '--focus', 'sharp'], '"auto" or a number'],
    [['edit', 'x.jpg', '--text', 'a', '--face', 'none'], '"all" or a number'],
    [['edit', 'x.jpg', '--text', 'a', '--crop', '1,2'], 'x,y,size'],
    [['edit', 'x.jpg', '--text', 'a', '--metadata', 'some'], 'all-but-location'],
    [['generate', '--text', 'a', '--seed', '1', '--out', 'x.png'], 'cannot be used with'],
    [['invert', 'x.jpg', '--quality', 'tuned', '--out', 'x'], 'instant, refined'],
    [['serve', '--port', '99999'], '65535'],
  ])('is wrong with %j: exit code 2 and a hint', async (args, hint) => {
    const { code, error } = await run(...args)
    expect(code).toBe(2)
    expect(error).toContain(hint)
  })
})

describe('edit', () => {
  it('writes beside the photo, in its format, and says what it did', async () => {
    const { code, out, error } = await run('edit', at('holiday.jpg'), '--text', 'smiling, with red hair', '--strength', '2', '--focus', '0')
    expect(error).toContain('No face was found in holiday.jpg, so its centred square is edited')
    expect(out).toBe(`${at('holiday-edited.jpg')}: 96 × 64 pixels, "smiling" × 2, "with red hair" × 2.\n`)
    expect(code).toBe(0)
    const recipe = await readRecipe(await readFile(at('holiday-edited.jpg')))
    expect(recipe).toMatchObject({ pack: { id: 'tiny' }, layers: [{ text: 'smiling', strength: 2 }, { text: 'with red hair' }] })
  })

  it('follows --out, --crop, --no-recipe and --json', async () => {
    const out = at('sub/result.png')
    const { code, lines } = await run(
      'edit',
      at('holiday.jpg'),
      '--text',
      'old',
      '--crop',
      '30,30,40,10',
      '--out',
      out,
      '--no-recipe',
      '--json',
    )
    expect(code).toBe(0)
    expect(new Set(lines().map(({ event }) => event))).toEqual(new Set(['progress', 'notice', 'result']))
    expect(lines().at(-1)).toMatchObject({
      event: 'result',
      file: out,
      width: 96,
      height: 64,
      faces: 1,
      layers: [{ text: 'old', strength: 1 }],
    })
    expect((await sharp(out).metadata()).format).toBe('png')
    expect(await readRecipe(await readFile(out))).toBeUndefined()
    expect((await readdir(at('sub'))).filter((name) => name !== 'result.png')).toEqual([])
  })

  it('gives the same file for the same words', async () => {
    const [a, b] = [at('a.png'), at('b.png')]
    for (const out of [a, b]) await run('edit', at('holiday.jpg'), '--text', 'smiling', '--out', out)
    expect(await readFile(a)).toEqual(await readFile(b))
  })

  it.each([
    ['its own photo as the result', ['--out', 'holiday.jpg'], 'it is the photo itself'],
    ['a format that it cannot write', ['--out', 'x.gif'], 'End it with .jpg'],
    ['a pack that is not there', ['--pack', 'cats'], 'Choose one of these: "tiny"'],
  ])('refuses %s', async (_, [option = '', value = ''], words) => {
    const { code, error } = await run('edit', at('holiday.jpg'), '--text', 'a', option, option === '--out' ? at(value) : value)
    expect(code).toBe(1)
    expect(error.trim().split('\n').at(-1)).toContain(words)
  })

  it('puts failures on a line of JSON too', async () => {
    const { code, lines } = await run('edit', at('nothing.jpg'), '--text', 'a', '--json')
    expect(code).toBe(1)
    expect(lines()).toEqual([
      { event: 'error', code: 'photo.missing', where: at('nothing.jpg'), what: 'there is no such file', todo: 'Name a picture file.' },
    ])
  })
})

it('makes variations that differ', async () => {
  const { code, lines } = await run(
    'variations',
    at('holiday.jpg'),
    '--text',
    'smiling',
    '--strength',
    '3',
    '--count',
    '3',
    '--out',
    at('many'),
    '--json',
  )
  expect(code).toBe(0)
  const files = lines().flatMap(({ event, file }) => (event === 'result' ? [String(file)] : []))
  expect(files).toEqual([1, 2, 3].map((n) => join(at('many'), `holiday-${n}.jpg`)))
  expect(new Set(await Promise.all(files.map(async (file) => (await readFile(file)).toString('base64')))).size).toBe(3)
})

it('inverts to latents from which the same picture is generated', async () => {
  const { code, out } = await run('invert', at('holiday.jpg'), '--out', at('latents.safetensors'))
  expect([code, out]).toEqual([0, expect.stringMatching(/inverted by the bridge, \d+ % close/)])
  const latents = await readSafetensors(at('latents.safetensors'))
  expect(latents.metadata).toMatchObject({ pack: 'tiny', method: 'bridge' })
  await latents.close()
  await run('invert', at('holiday.jpg'), '--out', at('inverted.png'))
  expect((await run('generate', '--latents', at('latents.safetensors'), '--out', at('generated.png'))).code).toBe(0)
  expect(await sharp(at('generated.png')).raw().toBuffer()).toEqual(await sharp(at('inverted.png')).raw().toBuffer())
})

it('generates by seed and by text', async () => {
  await run('generate', '--seed', '1', '--out', at('one.png'))
  await run('generate', '--seed', '2', '--out', at('two.png'))
  const { code } = await run('generate', '--text', 'smiling', '--out', at('text.safetensors'))
  expect(code).toBe(0)
  expect(await readFile(at('one.png'))).not.toEqual(await readFile(at('two.png')))
  const { error } = await run('generate', '--latents', at('packs/tiny/weights/clip.safetensors'), '--out', at('x.png'))
  expect(error).toContain('it holds none of "s", "wPlus", "w" and "z"')
})

describe('packs', () => {
  it('lists, shows and verifies', async () => {
    expect((await run('packs', 'list')).out).toMatch(/^tiny +Tiny faces, 16 × 16, ready\n$/)
    expect((await run('packs', 'show', 'tiny')).out).toMatch(
      /Tiny faces \(tiny\)[\s\S]*64 samples, \d+ steps[\s\S]*limits +It is only for tests\./,
    )
    const { code, lines } = await run('packs', 'verify', 'tiny', '--json')
    expect(code).toBe(0)
    expect(lines().map(({ path }) => path)).toContain('weights/bridge.safetensors')
    expect(await run('packs', 'show', 'cats')).toMatchObject({ code: 1, error: expect.stringContaining('there is no such pack here') })
  })
})
