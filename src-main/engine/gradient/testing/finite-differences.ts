import type { Shape } from '../../onnx/dims.ts'
import { Graph, type Value } from '../../onnx/graph.ts'
import { type TensorData, float32, sizeOf } from '../../onnx/tensor.ts'
import { cpu } from '../../runtime/devices.ts'
import { Random } from '../../runtime/random.ts'
import { createSession } from '../../runtime/session.ts'
import { pullBack } from '../gradients.ts'

/** 'N' stands for a batch of 2 when the graphs run. */
const N = 2
const STEP = 1e-3

export interface VjpCase {
  /** Shapes of the inputs, all of which are differentiated. */
  readonly inputs: Readonly<Record<string, Shape>>
  readonly build: (g: Graph, v: Record<string, Value>) => Value | readonly Value[]
  /** Inputs are normal; positive ones are uniform in 0.5…1.5. */
  readonly positive?: boolean
}

/**
 * Judges rules: for random r and directions d, Σ r·(y(x + h·d) − y(x − h·d)) / 2h beside Σ d·(rᵀ ∂y/∂x), for each input by itself.
 * Returns [difference quotient, gradient's answer] for each input; sums are taken in double precision.
 */
export async function vjp(name: string, { inputs, build, positive }: VjpCase): Promise<Record<string, [number, number]>> {
  const random = new Random(11)
  const draw = (shape: Shape): TensorData => {
    const sizes = shape.map((d) => (d === 'N' ? N : (d as number)))
    const values = random.normals(sizeOf(sizes))
    return float32(sizes, positive ? values.map(() => 0.5 + random.uniform()) : values)
  }
  const g = new Graph(name)
  const values = Object.fromEntries(Object.entries(inputs).map(([key, shape]) => [key, g.input(key, shape)]))
  const built = build(g, values)
  const ys: readonly Value[] = 'dtype' in built ? [built] : built
  const keys = Object.keys(inputs)
  const xs = keys.map((key) => values[key]!)
  const parts = ys.map((y, i) => pullBack(g, y, g.input(`r${i}`, y.shape), xs))
  keys.forEach((key, k) =>
    g.output(
      `d/${key}`,
      parts.map((p) => p[k]!).reduce((a, b) => g.add(a, b)),
    ),
  )
  ys.forEach((y, i) => g.output(`y${i}`, y))

  const session = await createSession(g, cpu(1))
  const at = Object.fromEntries(keys.map((key) => [key, draw(inputs[key]!)]))
  const yNames = ys.map((_, i) => `y${i}`)
  const rs = Object.fromEntries(ys.map((y, i) => [`r${i}`, signed(random, y.shape)]))
  const weighted = async (point: Record<string, TensorData>) => {
    const out = await session.run({ ...point, ...rs }, yNames)
    return yNames.reduce((sum, y, i) => sum + dot(out[y]!, rs[`r${i}`]!), 0)
  }
  const grads = await session.run({ ...at, ...rs })
  const result: Record<string, [number, number]> = {}
  for (const key of keys) {
    const x = at[key]!
    const d = signed(random, inputs[key]!)
    const moved = (h: number) => ({
      ...at,
      [key]: float32(
        x.shape,
        (x.data as Float32Array).map((v, i) => v + h * (d.data[i] as number)),
      ),
    })
    const quotient = ((await weighted(moved(STEP))) - (await weighted(moved(-STEP)))) / (2 * STEP)
    result[key] = [quotient, dot(d, grads[`d/${key}`]!)]
  }
  await session.release()
  return result
}

const signed = (random: Random, shape: Shape): TensorData => {
  const sizes = shape.map((d) => (typeof d === 'number' ? d : batchOf(d)))
  return float32(sizes, random.normals(sizeOf(sizes)))
}

/** 'N', '2*N', '6*N', … */
const batchOf = (d: string): number => N * (d === 'N' ? 1 : Number(d.replace('*N', '')))

const dot = (a: TensorData, b: TensorData): number => {
  if (a.data.length !== b.data.length) throw new RangeError(`[${a.shape.join()}] beside [${b.shape.join()}]`)
  let sum = 0
  for (let i = 0; i < a.data.length; i++) sum += Number(a.data[i]) * Number(b.data[i])
  return sum
}
