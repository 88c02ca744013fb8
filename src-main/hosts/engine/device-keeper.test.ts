import { expect, it } from 'vitest'
import type { EngineStatus } from '../../contract/calls.ts'
import type { ProviderVerdict } from '../../engine/runtime/probe.ts'
import { DeviceKeeper } from './device-keeper.ts'

const verdicts: ProviderVerdict[] = [
  { provider: 'cuda', label: 'NVIDIA GPU (CUDA)', isPresent: true, works: false, reason: 'Its libraries are missing.' },
  { provider: 'webgpu', label: 'GPU (WebGPU)', isPresent: true, works: true, ms: 3, reason: 'It works.' },
  { provider: 'cpu', label: 'Processor', isPresent: true, works: true, ms: 5, reason: 'It works.' },
]

function keep(env: NodeJS.ProcessEnv) {
  const statuses: EngineStatus[] = []
  const notices: string[] = []
  const probed: string[] = []
  const probe = async () => (probed.push('probed'), verdicts)
  const listener = { status: (status: EngineStatus) => statuses.push(status), notice: ({ text }: { text: string }) => notices.push(text) }
  return { keeper: new DeviceKeeper({ cache: '/nowhere', env, probe }, listener), statuses, notices, probed }
}

it('welcomes calls at once and takes the best device that works', async () => {
  const { keeper, statuses, notices } = keep({})
  keeper.start()
  expect(statuses).toEqual([{ phase: 'ready', devices: [] }])
  expect(await keeper.device()).toMatchObject({ provider: 'webgpu' })
  expect(statuses[1]).toMatchObject({
    phase: 'ready',
    device: { provider: 'webgpu', works: true },
    devices: [{ works: false }, { works: true }, {}],
  })
  expect(notices).toEqual([])
})

it('announces once that a wanted device does not work', async () => {
  const { keeper, statuses, notices } = keep({ STYLEBRIDGE_PROVIDER: 'cuda', STYLEBRIDGE_THREADS: '2' })
  expect(await keeper.device()).toMatchObject({ provider: 'cpu', threads: 2 })
  await keeper.device()
  expect(notices).toEqual(['NVIDIA GPU (CUDA) does not work here: Its libraries are missing. The processor is used instead.'])
  expect(statuses.at(-1)?.fallback).toContain('does not work here')
})

it('probes nothing when the processor is wanted', async () => {
  const { keeper, probed } = keep({ STYLEBRIDGE_PROVIDER: 'cpu' })
  expect(await keeper.device()).toMatchObject({ provider: 'cpu' })
  expect(probed).toEqual([])
})

it('says which devices there are to a wish that is none', async () => {
  const { keeper, notices } = keep({ STYLEBRIDGE_PROVIDER: 'quantum' })
  expect(await keeper.device()).toMatchObject({ provider: 'cpu' })
  expect(notices[0]).toMatch(/"quantum", which is none of auto, cuda, .*cpu\. The processor is used instead\.$/)
})
