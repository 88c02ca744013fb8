import type { TensorData } from '../onnx/tensor.ts'

export const mean = (x: readonly number[]): number => x.reduce((sum, value) => sum + value, 0) / x.length

/** Row i of a tensor [N,…], a copy. */
export function rowOf({ shape, data }: TensorData, i: number): Float32Array {
  const width = data.length / shape[0]!
  return (data as Float32Array).slice(i * width, (i + 1) * width)
}
