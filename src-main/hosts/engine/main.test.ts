import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { defaultComposite, newEditLayer } from '../../contract/document.ts'
import { BlobStore } from '../../studio/blobs.ts'
import { testPicture, writeAlignedPack } from '../../studio/testing.ts'
import { forkEngine } from '../engine-process.ts'
import { Supervisor } from '../supervisor.ts'

const entry = join(import.meta.dirname, 'main.ts')

it('loses nothing but the running job to SIGKILL, and even that is done again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'engine-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeAlignedPack(join(folder, 'models'))
  const env = {
    ...process.env,
    STYLEBRIDGE_RESOURCES: folder,
    STYLEBRIDGE_CACHE: join(folder, 'cache'),
    STYLEBRIDGE_PROVIDER: 'cpu',
    STYLEBRIDGE_THREADS: '1',
  }
  let kill = () => {}
  const supervisor = new Supervisor({
    launch: () => {
      const engine = forkEngine(entry, [], env)
      kill = engine.kill
      return engine
    },
  })
  onTestFinished(() => supervisor.stop())
  const notices: string[] = []
  supervisor.onEvent((name, data) => name === 'notice' && 'text' in data && notices.push(data.text))

  const { sha256 } = await new BlobStore(join(folder, 'cache/blobs')).put(await testPicture('jpeg'))
  const { id, name, crop } = await supervisor.call('photo.open', { source: { blob: sha256, name: 'holiday.jpg' }, pack: 'tiny' })
  const recipe = {
    format: 1 as const,
    pack: { id: 'tiny', hash: 'any' },
    photo: { id, name },
    crop,
    quality: 'instant' as const,
    layers: [newEditLayer('a', 'smiling', { strength: 3 })],
    composite: defaultComposite,
  }
  const render = () => supervisor.call('edit.render', { ...recipe, maxSize: 64, draft: false })
  const before = await render()
  const streamed: number[] = []
  const { variations } = await supervisor.call(
    'edit.variations',
    { recipe, vary: ['a'], count: 3, seed: 1, size: 64 },
    { onProgress: ({ index }) => streamed.push(index) === 1 && kill() },
  )
  expect(variations).toHaveLength(3)
  expect(streamed.slice(0, 2)).toEqual([0, 0])
  expect(notices).toEqual(['The engine stopped and was started again. Your document is unharmed.'])
  expect((await render()).patch).toEqual(before.patch)
  expect(supervisor.status).toMatchObject({ phase: 'ready', device: { provider: 'cpu' } })
})
