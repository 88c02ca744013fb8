import { Graph } from '../onnx/graph.ts'
import { type TensorData, float32 } from '../onnx/tensor.ts'
import { type Device, type ProviderId, cpu, provider } from './devices.ts'
import { Random } from './random.ts'
import { createSession } from './session.ts'

/** How far a device may differ from the processor, relative to the largest value: room for tensor cores that round products to 10 bits. */
const TOLERANCE = 5e-3

export interface ProbeResult {
  readonly works: boolean
  readonly maxDifference: number
  /** Milliseconds of the second run; the first one compiles shaders. */
  readonly ms: number
  readonly reason: string
}

/** A little of everything that a generator needs: convolutions, up-sampling, products, pointwise arithmetic. [1,32,32,32] → [1,3,64,64] */
export function probeGraph(): Graph {
  const g = new Graph('probe')
  const random = new Random(1)
  const weight = (name: string, shape: number[], scale: number) =>
    g.initializer(
      name,
      float32(
        shape,
        random.normals(shape.reduce((a, b) => a * b)).map((x) => x * scale),
      ),
    )
  let x = g.input('x', [1, 32, 32, 32])
  const style = g.gemm(g.input('w', [1, 64]), weight('affine', [64, 32], 0.125))
  x = g.mul(x, g.reshape(style, [1, 32, 1, 1]))
  x = g.leakyRelu(g.conv(x, weight('conv', [32, 32, 3, 3], 0.06), undefined, { pads: 1 }), 0.2)
  x = g.leakyRelu(g.depthToSpace(g.conv(x, weight('up', [128, 32, 3, 3], 0.06), undefined, { pads: 1 }), 2, 'CRD'), 0.2)
  const image = g.conv(x, weight('toRgb', [3, 32, 1, 1], 0.18))
  g.output('image', g.tanh(g.convTranspose(image, weight('blur', [3, 1, 3, 3], 0.3), undefined, { pads: 1, group: 3 })))
  return g
}

/** Runs the probe graph on a provider, without leave to fall back, and compares with the processor. Meant for a process of its own. */
export async function runProbe(id: ProviderId): Promise<ProbeResult> {
  const random = new Random(2)
  const feeds = { x: float32([1, 32, 32, 32], random.normals(32768)), w: float32([1, 64], random.normals(64)) }
  const reference = await run(cpu(1), feeds)
  const own = id === 'cpu' ? reference : await run({ provider: id, label: provider(id).label }, feeds)
  const largest = reference.values.reduce((m, v) => Math.max(m, Math.abs(v)), 0)
  const maxDifference = own.values.reduce((m, v, i) => Math.max(m, Math.abs(v - reference.values[i]!)), 0) / largest
  const works = maxDifference <= TOLERANCE
  const reason = works
    ? 'It computes what the processor computes.'
    : `Its results differ from the processor’s by ${(100 * maxDifference).toFixed(1)} %.`
  return { works, maxDifference, ms: own.ms, reason }
}

async function run(device: Device, feeds: Record<string, TensorData>): Promise<{ values: Float32Array; ms: number }> {
  const session = await createSession(probeGraph(), device, { noFallback: device.provider !== 'cpu' })
  await session.run(feeds)
  const { image } = await session.run(feeds)
  await session.release()
  return { values: image!.data as Float32Array, ms: session.lastMs }
}
