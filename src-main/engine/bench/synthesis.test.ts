import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { channelsFrom, type StyleGan2 } from '../nets/stylegan2/index.ts'
import { startNvidia } from './nvidia.ts'
import { synthesisOperations } from './operations.ts'
import { benchSynthesis } from './synthesis.ts'

const sized = (imageSize: number, base: number): StyleGan2 => ({
  zDim: 512,
  wDim: 512,
  imageSize,
  channels: channelsFrom(imageSize, base),
  mappingLayers: 8,
  mappingRate: 0.01,
  imageChannels: 3,
  fir: [1, 3, 3, 1],
  classes: 0,
})

it('compares the chosen forms with the plain graph where NVIDIA’s code is not at hand', async () => {
  const seen: number[] = []
  const [row] = await benchSynthesis({
    nets: [{ imageSize: 32, channelBase: 4096, channelMax: 128 }],
    rounds: 2,
    threads: 1,
    onRound: (_, round) => seen.push(round),
  })
  expect(row).toMatchObject({
    name: 'synthesis 32², channel base 4096',
    reference: 'our plain graph',
    rounds: 2,
    threads: 1,
    clock: 'wall',
  })
  expect(row!.difference).toBeLessThan(1e-4)
  expect(row!.largest).toBeGreaterThan(0.1)
  expect(row!.ratio).toBeCloseTo(row!.referenceMs / row!.oursMs)
  expect(row!.limitMs).toBeCloseTo((1000 * row!.operations) / row!.rate)
  expect(seen).toEqual([1, 2])
})

it('counts operations by hand', () => {
  // 8², one channel: b4 has conv1 and ToRGB at 16 pixels; b8 has conv0 counted at 16, conv1 and ToRGB at 64.
  expect(synthesisOperations(sized(8, 8))).toBe(2 * (16 * (9 * 4 + 3 * 2) + 16 * 9 * 2 + 64 * (9 + 3)))
  expect(synthesisOperations(sized(256, 16384)) / 1e9).toBeCloseTo(29.79, 2)
})

it('says what to name when NVIDIA’s code does not start', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stylebridge-test-'))
  try {
    await expect(startNvidia({ folder, python: join(folder, 'no-python') }, 'none.safetensors', 1)).rejects.toMatchObject({
      code: 'bench.nvidia',
      where: folder,
    })
  } finally {
    await rm(folder, { recursive: true })
  }
})
