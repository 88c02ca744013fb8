import { Graph } from '../onnx/graph.ts'
import { float32 } from '../onnx/tensor.ts'
import { Random } from '../runtime/random.ts'
import { createSession } from '../runtime/session.ts'
import { timed, type Duration } from './clock.ts'

/** A graph of plain convolutions that tells how many operations a second this machine does at best. */
export interface Probe {
  /** Operations of one run. */
  readonly operations: number
  run(): Promise<Duration>
  close(): Promise<void>
}

/** Eight 3×3 convolutions of 128 channels at 64², the shape that ONNX Runtime's CPU provider runs best. */
export async function convolutionProbe(threads: number): Promise<Probe> {
  const [layers, channels, size] = [8, 128, 64]
  const g = new Graph('rate')
  const shape = [channels, channels, 3, 3]
  const n = channels * channels * 9
  let x = g.input('x', [1, channels, size, size])
  for (let i = 0; i < layers; i++) {
    const w = new Random(i).normals(n).map((v) => v / Math.sqrt(channels * 9))
    x = g.conv(x, g.initializer(`w${i}`, float32(shape, w)), undefined, { pads: 1 })
  }
  g.output('y', x)
  const session = await createSession(g, { provider: 'cpu', label: 'CPU' }, { threads })
  const feeds = { x: float32([1, channels, size, size], new Random(99).normals(channels * size * size)) }
  return {
    operations: layers * 2 * n * size * size,
    run: () => timed(() => session.run(feeds)),
    close: () => session.release(),
  }
}
