import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { clipTokenizer } from '../../engine/import/clip-tokenizer.ts'
import { makeWorkplace, type Workplace } from './testing.ts'

let workplace: Workplace
beforeAll(async () => {
  workplace = await makeWorkplace()
  const tokens = [...'abcdefghijklmnopqrstuvwxyz'].flatMap((x) => [x, `${x}</w>`])
  while (tokens.length < 118) tokens.push(`filler${tokens.length}`)
  const vocabulary = [...tokens, '<|startoftext|>', '<|endoftext|>']
  const json = clipTokenizer(Object.fromEntries(vocabulary.map((token, i) => [token, i])), [['a', 'b</w>']])
  writeFileSync(workplace.at('tokenizer.json'), JSON.stringify(json))
})
afterAll(() => workplace.remove())

const published = (name: string) => join(import.meta.dirname, '../../engine/import/testdata', name)
const files = () => [published('nvidia-stylegan3-repo.pkl'), published('openai-vit.pt'), workplace.at('tokenizer.json')]

it('published files become a pack that can be aligned, used, packed and unpacked', async () => {
  const cats = workplace.at('packs/cats')
  const imported = await workplace.run('packs', 'import', ...files(), '--out', cats, '--noun', 'cat', '--title', 'My cats')
  expect(imported.code).toBe(0)
  expect(imported.out).toMatch(/My cats, 16 × 16, \d+ MB\. Not aligned yet/)
  expect((await workplace.run('packs', 'list')).out).toMatch(/cats +My cats, 16 × 16, not aligned/)

  const aligned = await workplace.run('packs', 'align', 'cats', '--samples', '64', '--steps', '2', '--json')
  expect(aligned.code).toBe(0)
  const stages = new Set(aligned.lines().map(({ event, stage }) => (event === 'progress' ? String(stage).split(' ')[0] : event)))
  expect([...stages]).toEqual(expect.arrayContaining(['samples', 'training', 'result']))
  expect((await workplace.run('packs', 'list')).out).toMatch(/cats +My cats, 16 × 16, ready/)
  expect((await workplace.run('generate', '--pack', 'cats', '--seed', '1', '--out', workplace.at('cat.png'))).code).toBe(0)

  const file = workplace.at('cats.stylebridge-pack')
  const exported = await workplace.run('packs', 'export', 'cats', '--out', file)
  expect(exported.error).toMatch('non-commercial')
  expect((await workplace.run('packs', 'import', file, '--out', workplace.at('packs/copy'))).code).toBe(0)
  expect((await workplace.run('packs', 'verify', workplace.at('packs/copy'))).out).not.toMatch('WRONG')
})

it('what cannot be imported is said in one sentence, and leaves nothing', async () => {
  const pack = workplace.at('packs/none')
  const half = await workplace.run('packs', 'import', files()[0]!, '--out', pack)
  expect([half.code, half.error]).toEqual([
    1,
    expect.stringMatching(/a CLIP is missing\. Now drop a CLIP model, such as OpenAI’s ViT-B-32\.pt\.\n$/),
  ])
  const classes = await workplace.run('packs', 'import', published('nvidia-ada.pkl'), ...files().slice(1), '--out', pack)
  expect(classes.error).toMatch(/it makes pictures of 3 classes\. Choose one of them, from 0 to 2/)
  const taken = await workplace.run('packs', 'import', ...files(), '--out', workplace.at('packs/tiny'))
  expect(taken.error).toMatch(/--replace/)
  const picture = await workplace.run('packs', 'import', workplace.at('holiday.jpg'), '--out', pack)
  expect(picture.error).toMatch('it is a picture')
  expect(existsSync(pack)).toBe(false)
})
