import { float32, sizeOf, type TensorData } from '../../onnx/tensor.ts'

// Weights and pictures that are pure functions of a name and a shape, the same numbers as models/recipe/goldens/seeded.py gives: networks of any size can be
// compared with other people's code without committing their weights.

/** FNV-1a of a text's bytes. */
function hash32(text: string): number {
  let h = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) h = Math.imul(h ^ byte, 0x01000193)
  return h >>> 0
}

/** `count` numbers in [-1, 1): murmur3's finalizer over a counter that starts at the name's hash. */
export function uniform(name: string, count: number): Float64Array {
  const out = new Float64Array(count)
  const start = hash32(name)
  for (let i = 0; i < count; i++) {
    let h = (Math.imul(i, 0x9e3779b1) + start) | 0
    h ^= h >>> 16
    h = Math.imul(h, 0x85ebca6b)
    h ^= h >>> 13
    h = Math.imul(h, 0xc2b2ae35)
    h ^= h >>> 16
    out[i] = (h >>> 0) / 2147483648 - 1
  }
  return out
}

/** Variance 2/fan-in for convolutions, 1/fan-in for matrices, gains near 1, variances in [0.5, 1.5), everything else small. */
export function weight(name: string, shape: readonly number[]): TensorData {
  const count = sizeOf(shape)
  const [base, factor] = scaleOf(name, shape, count)
  return float32(
    shape,
    Float32Array.from(uniform(name, count), (u) => base + factor * u),
  )
}

function scaleOf(name: string, shape: readonly number[], count: number): [base: number, factor: number] {
  if (name.endsWith('running_var')) return [1, 0.5]
  if (shape.length === 1 && name.endsWith('.weight')) return [1, 0.2]
  if (shape.length < 2 || name.includes('embedding')) return [0, 0.2]
  if (name.endsWith('proj')) return [0, Math.sqrt(3 / shape[0]!)]
  return [0, Math.sqrt((shape.length === 4 ? 6 : 3) / (count / shape[0]!))]
}

/** A smooth picture [batch, 3, size, size] in [-1, 1]: six plane waves a channel, at most five periods across. */
export function picture(name: string, batch: number, size: number): TensorData {
  const waves = uniform(name, batch * 3 * 6 * 3)
  const out = new Float32Array(batch * 3 * size * size)
  for (let i = 0; i < out.length; i++) {
    const [plane, x, y] = [Math.floor(i / (size * size)), ((i % size) + 0.5) / size, ((Math.floor(i / size) % size) + 0.5) / size]
    let sum = 0
    for (let k = 0; k < 6; k++) {
      const [fx, fy, phase] = waves.subarray((plane * 6 + k) * 3)
      sum += Math.sin(2 * Math.PI * (5 * fx! * x + 5 * fy! * y + phase!)) / 6
    }
    out[i] = sum
  }
  return float32([batch, 3, size, size], out)
}
