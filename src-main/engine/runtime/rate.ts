import { Graph, type Value } from '../onnx/graph.ts'
import { float32 } from '../onnx/tensor.ts'
import type { Device } from './devices.ts'
import { Random } from './random.ts'
import { createSession } from './session.ts'

export interface RateOptions {
  /** Channels in and out of each layer. */
  readonly channels?: number
  /** Height and width of the picture. */
  readonly size?: number
  readonly layers?: number
  /** Timed runs, after one that is not. */
  readonly runs?: number
}

export interface Rate {
  /** 10⁹ floating-point operations a second in the fastest run; a multiplication and an addition are two. */
  readonly gflops: number
  readonly ms: number
  readonly operations: number
}

/** The device's rate for 3×3 convolutions (each with LeakyReLU): what every other figure is compared with. Takes about runs × 40 GFLOP. */
export async function measureRate(device: Device, { channels = 64, size = 128, layers = 32, runs = 5 }: RateOptions = {}): Promise<Rate> {
  const g = new Graph('rate')
  const random = new Random(1)
  const shape = [channels, channels, 3, 3]
  const scale = Math.sqrt(2 / (channels * 9))
  let x: Value = g.input('x', [1, channels, size, size])
  for (let i = 0; i < layers; i++) {
    const w = float32(
      shape,
      random.normals(channels * channels * 9).map((v) => v * scale),
    )
    x = g.leakyRelu(g.conv(x, g.initializer(`w${i}`, w), undefined, { pads: 1 }), 0.2)
  }
  // One number leaves, so that copying pictures is not measured.
  g.output('mean', g.reduceMean(x))
  const session = await createSession(g, device)
  const feeds = { x: float32([1, channels, size, size], random.normals(channels * size * size)) }
  await session.run(feeds)
  let ms = Infinity
  for (let i = 0; i < runs; i++) {
    await session.run(feeds)
    ms = Math.min(ms, session.lastMs)
  }
  await session.release()
  const operations = 2 * layers * channels * channels * 9 * size * size
  return { gflops: operations / ms / 1e6, ms, operations }
}
