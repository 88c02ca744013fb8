import { float32, sizeOf, type TensorData } from '../../onnx/tensor.ts'
import { Random } from '../../runtime/random.ts'
import type { StyleGan2 } from './architecture.ts'
import { styleGan2Parameters } from './inventory.ts'

/**
 * An untrained generator as NVIDIA's code starts one: weights N(0, 1) (÷ rate in the mapping), biases 0, affine biases 1, no noise. Each
 * tensor depends on the seed and its own name alone. For tests, benchmarks and training from nothing.
 */
export function randomStyleGan2(a: StyleGan2, seed: number): Record<string, TensorData> {
  const random = new Random(seed)
  const needed = styleGan2Parameters(a).filter((spec) => !spec.optional)
  return Object.fromEntries(
    needed.map(({ name, shape }) => {
      const n = sizeOf(shape)
      if (name.endsWith('affine.bias')) return [name, float32(shape, new Float32Array(n).fill(1))]
      if (name.endsWith('.bias')) return [name, float32(shape)]
      const values = random.fork(name).normals(n)
      const scale = name.startsWith('mapping.') ? 1 / a.mappingRate : 1
      return [name, float32(shape, scale === 1 ? values : values.map((x) => x * scale))]
    }),
  )
}
