import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { chooseDevice } from './choose-device.ts'
import { PROVIDERS } from './devices.ts'
import { type ProviderVerdict, probeProviders } from './probe.ts'
import { runProbe } from './probe-graph.ts'

const folder = () => mkdtemp(join(tmpdir(), 'probe-'))

test('each provider of the platform is tried in a process of its own; verdicts are kept', async () => {
  const cacheFile = join(await folder(), 'verdicts.json')
  const verdicts = await probeProviders({ cacheFile })
  expect(verdicts.map((v) => v.provider)).toEqual(PROVIDERS.filter((p) => p.platforms.includes(process.platform)).map((p) => p.id))
  expect(verdicts.at(-1)).toMatchObject({ provider: 'cpu', isPresent: true, works: true, maxDifference: 0 })
  for (const v of verdicts) if (v.works) expect(v.maxDifference).toBeLessThan(5e-3)

  const kept = JSON.parse(await readFile(cacheFile, 'utf8')) as { verdicts: ProviderVerdict[] }
  kept.verdicts[0]!.reason = 'from the cache'
  await writeFile(cacheFile, JSON.stringify(kept))
  expect((await probeProviders({ cacheFile }))[0]!.reason).toBe('from the cache')
})

test('a process that dies, or says nothing in time, costs one verdict', async () => {
  const entry = join(await folder(), 'child.mjs')
  await writeFile(entry, 'if (process.argv[2] === "cpu") setInterval(() => {}, 1000); else process.abort()')
  const verdicts = await probeProviders({ entry, timeoutMs: 1500, platform: 'darwin' })
  expect(verdicts.map((v) => [v.provider, v.works, v.reason])).toEqual([
    ['webgpu', false, 'Its trial ended without a result (SIGABRT).'],
    ['coreml', false, 'Its trial ended without a result (SIGABRT).'],
    ['cpu', false, 'Its trial ended without a result (SIGKILL).'],
  ])
})

test('missing libraries are said to be missing', async () => {
  const entry = join(await folder(), 'child.mjs')
  await writeFile(entry, 'process.send({ isPresent: true, works: false, reason: "Failed to load shared library" }, () => process.exit(0))')
  const [cuda] = await probeProviders({ entry, platform: 'linux' })
  expect(cuda).toMatchObject({ provider: 'cuda', works: false })
  expect(cuda!.reason).toMatch(/^Its libraries are missing\. .*setup:cuda/)
})

test('the probe graph runs on the processor', async () => {
  expect(await runProbe('cpu')).toMatchObject({ works: true, maxDifference: 0 })
})

const verdict = (provider: ProviderVerdict['provider'], works: boolean, ms: number): ProviderVerdict => ({
  provider,
  label: provider,
  isPresent: true,
  works,
  ms,
  reason: 'It says why.',
})

test('a wish that works is granted, another falls back and says so', () => {
  const verdicts = [verdict('cuda', false, 0), verdict('webgpu', true, 3), verdict('cpu', true, 2)]
  expect(chooseDevice('webgpu', verdicts)).not.toHaveProperty('fellBackFrom')
  expect(chooseDevice('webgpu', verdicts).device.provider).toBe('webgpu')
  expect(chooseDevice('cuda', verdicts)).toEqual({
    device: { provider: 'cpu', label: 'Processor', threads: undefined },
    fellBackFrom: 'cuda',
    reason: 'NVIDIA GPU (CUDA) does not work here: It says why.',
  })
  expect(chooseDevice('dml', verdicts).reason).toBe('GPU (DirectML) does not work here: it does not exist on this system.')
  expect(chooseDevice('best', verdicts).device.provider).toBe('webgpu')
  expect(chooseDevice('cpu', verdicts, 2).device).toMatchObject({ provider: 'cpu', threads: 2 })
})

test('a software renderer is no best device', () => {
  expect(chooseDevice('best', [verdict('webgpu', true, 900), verdict('cpu', true, 2)])).toMatchObject({ device: { provider: 'cpu' } })
})
