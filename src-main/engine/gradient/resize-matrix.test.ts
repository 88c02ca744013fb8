import { expect, test } from 'vitest'
import { Graph } from '../onnx/graph.ts'
import type { ResizeOptions } from '../onnx/layout.ts'
import { float32 } from '../onnx/tensor.ts'
import { cpu } from '../runtime/devices.ts'
import { createSession } from '../runtime/session.ts'
import { resizeMatrix } from './resize-matrix.ts'

type Case = readonly [string, from: number, to: number, options: ResizeOptions]

const CASES: readonly Case[] = [
  ['linear', 5, 9, {}],
  ['linear, corners', 5, 9, { coordinates: 'align_corners' }],
  ['linear, asymmetric', 5, 10, { coordinates: 'asymmetric' }],
  ['linear, one element', 5, 1, { coordinates: 'pytorch_half_pixel' }],
  ['linear down without antialias', 9, 4, {}],
  ['linear down by 2, antialias', 8, 4, { antialias: true }],
  ['linear down, antialias', 5, 2, { antialias: true }],
  ['linear down, antialias, larger', 64, 27, { antialias: true }],
  ['nearest', 5, 10, { mode: 'nearest', coordinates: 'asymmetric' }],
  ['nearest, rounded', 5, 8, { mode: 'nearest', nearest: 'round_prefer_ceil' }],
  ['nearest, ceil', 5, 8, { mode: 'nearest', nearest: 'ceil' }],
  ['cubic', 7, 16, { mode: 'cubic' }],
  ['cubic down by 2, antialias', 8, 4, { mode: 'cubic', antialias: true, cubicCoeffA: -0.5 }],
  ['cubic down, antialias', 13, 5, { mode: 'cubic', antialias: true }],
  ['cubic down, antialias, as Pillow', 13, 5, { mode: 'cubic', antialias: true, cubicCoeffA: -0.5, excludeOutside: true }],
]

test.each(CASES)('%s', async (name, from, to, options) => {
  const g = new Graph(name)
  g.output('m', g.resize(g.input('x', [from, 1, from, 1]), { ...options, sizes: [to, 1] }))
  const session = await createSession(g, cpu(1))
  const identity = float32([from, 1, from, 1])
  for (let i = 0; i < from; i++) identity.data[i * from + i] = 1
  const columns = (await session.run({ x: identity })).m!.data as Float32Array // row i: what element i adds to each result
  await session.release()
  const m = resizeMatrix({
    from,
    to,
    scale: to / from,
    mode: options.mode ?? 'linear',
    coordinates: options.coordinates ?? 'half_pixel',
    nearest: options.nearest ?? 'floor',
    antialias: options.antialias ?? false,
    cubicCoeffA: options.cubicCoeffA ?? -0.75,
    excludeOutside: options.excludeOutside ?? false,
  })
  const difference = Math.max(...m.map((v, k) => Math.abs(v - columns[(k % from) * to + Math.floor(k / from)]!)))
  expect(difference).toBeLessThan(1e-5)
})
