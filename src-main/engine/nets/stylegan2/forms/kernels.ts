import { float32, type TensorData } from '../../../onnx/tensor.ts'

/** The two-dimensional low-pass filter [k,k] of a one-dimensional one, with sum `gain`. */
export function firKernel(fir: readonly number[], gain: number): Float64Array {
  const sum = fir.reduce((a, b) => a + b)
  const scale = gain / (sum * sum)
  return Float64Array.from({ length: fir.length ** 2 }, (_, i) => scale * fir[Math.floor(i / fir.length)]! * fir[i % fir.length]!)
}

/** The same small kernel for each of C channels, as the weight [C,1,k,k] of a depthwise convolution. */
export function depthwise(kernel: Float64Array, channels: number): TensorData {
  const side = Math.sqrt(kernel.length)
  const data = new Float32Array(channels * kernel.length)
  for (let c = 0; c < channels; c++) data.set(kernel, c * kernel.length)
  return float32([channels, 1, side, side], data)
}

/** Full convolution of every 3×3 kernel of [O,I,3,3] with the 4×4 filter: float64 [O,I,6,6], up-sampling and filter in one. */
export function foldFir(weight: TensorData, fir: readonly number[]): Float64Array {
  const [outputs, inputs] = weight.shape as [number, number]
  const filter = firKernel(fir, 4) // 4 pixels for each one: the up-sampling keeps the mean
  const w = weight.data as Float32Array
  const side = 2 + fir.length
  const out = new Float64Array(outputs * inputs * side * side)
  for (let k = 0; k < outputs * inputs; k++)
    for (let y = 0; y < 3; y++)
      for (let x = 0; x < 3; x++) {
        const value = w[k * 9 + y * 3 + x]!
        for (let v = 0; v < fir.length; v++)
          for (let u = 0; u < fir.length; u++) out[k * side * side + (y + v) * side + x + u]! += value * filter[v * fir.length + u]!
      }
  return out
}

/** [O,I,…] → [I,O,…], the order in which ONNX wants a transposed convolution's weight. */
export function swapChannels(data: ArrayLike<number>, outputs: number, inputs: number, kernel: readonly number[]): TensorData {
  const area = kernel.reduce((a, b) => a * b, 1)
  const out = new Float32Array(data.length)
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++) for (let k = 0; k < area; k++) out[(i * outputs + o) * area + k] = data[(o * inputs + i) * area + k]!
  return float32([inputs, outputs, ...kernel], out)
}
