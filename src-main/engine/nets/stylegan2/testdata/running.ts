import { Graph, type Value } from '../../../onnx/graph.ts'
import type { TensorData } from '../../../onnx/tensor.ts'
import { createSession } from '../../../runtime/session.ts'

/** Builds a graph with one input, runs it once on one thread of the CPU, and gives its outputs. The batch is left open. */
export async function runOnce(
  input: TensorData,
  build: (g: Graph, x: Value) => Readonly<Record<string, Value>>,
): Promise<Record<string, TensorData>> {
  const g = new Graph('test')
  const outputs = build(g, g.input('x', ['N', ...input.shape.slice(1)]))
  for (const [name, value] of Object.entries(outputs)) g.output(name, value)
  const session = await createSession(g, { provider: 'cpu', label: 'CPU' }, { threads: 1 })
  try {
    return await session.run({ x: input })
  } finally {
    await session.release()
  }
}

/** Largest absolute difference of two tensors of the same shape. */
export function distance(a: TensorData, b: TensorData): number {
  if (a.shape.join() !== b.shape.join()) throw new RangeError(`[${a.shape.join()}] and [${b.shape.join()}] cannot be compared`)
  let most = 0
  for (let i = 0; i < a.data.length; i++) most = Math.max(most, Math.abs(Number(a.data[i]) - Number(b.data[i])))
  return most
}

/** The first sample of a batch. */
export function first(t: TensorData): TensorData {
  return { dtype: t.dtype, shape: [1, ...t.shape.slice(1)], data: (t.data as Float32Array).subarray(0, t.data.length / t.shape[0]!) }
}
