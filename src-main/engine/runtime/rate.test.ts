import { expect, test } from 'vitest'
import { cpu } from './devices.ts'
import { measureRate } from './rate.ts'

test('counts the operations of its convolutions', async () => {
  const rate = await measureRate(cpu(1), { channels: 8, size: 16, layers: 2, runs: 1 })
  expect(rate.operations).toBe(2 * 2 * 8 * 8 * 9 * 16 * 16)
  expect(rate.gflops).toBeCloseTo(rate.operations / rate.ms / 1e6, 6)
})
